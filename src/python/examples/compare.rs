//! Answers, for each recorded program (a line of JSON on the input), what differs here: a text, or null. The hunt for differences
//! (`tests/reference/python_hunt.py`) asks it.

#[path = "../../../tests/common/programs.rs"]
mod compared;

use std::io::{BufRead, Write};

use compared::difference;
use serde_json::Value;

fn main() -> std::io::Result<()> {
    let mut output = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let program: Value = serde_json::from_str(&line?)?;
        writeln!(output, "{}", Value::from(difference(&program)))?;
        output.flush()?;
    }
    Ok(())
}
