//! `kindling run NOTEBOOK`: the page's kernel, natively and headless.

use std::path::PathBuf;
use std::process::ExitCode;

use kindling::runner::{RunOptions, run};

const USAGE: &str = "\
Usage: kindling run NOTEBOOK [--output OUT.ipynb] [--threads N] [--files DIR] [--datasets DIR]

Runs a notebook's cells in order and stops at the first that fails.

  NOTEBOOK        an .ipynb, or a .py: plain, in percent format (# %%), or a Databricks source file
  --output FILE   writes the executed notebook (nbformat 4.5)
  --threads N     partitions worked on at once; as many as there are processors unless given
  --files DIR     the folder that cells see as /files; the current one unless given
  --datasets DIR  the folder that cells see as /datasets; the bundled data sets unless given

Exits with 1 when a cell fails, its traceback on stderr, and with 2 when the command can't be carried out.";

fn main() -> ExitCode {
    let options = match parse(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("kindling: {message}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("kindling: {error}");
            ExitCode::from(2)
        }
    }
}

/// The command, or `None` when help was asked for.
fn parse(arguments: impl Iterator<Item = String>) -> Result<Option<RunOptions>, String> {
    let mut arguments = arguments.peekable();
    match arguments.next().as_deref() {
        Some("run") => {}
        Some("--help" | "-h" | "help") => return Ok(None),
        Some(other) => return Err(format!("there is no command '{other}'; did you mean 'run'?")),
        None => return Err("say what to do".to_owned()),
    }
    let (mut notebook, mut output, mut threads, mut files, mut datasets) = (None, None, None, None, None);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--output" => output = Some(PathBuf::from(value()?)),
            "--files" => files = Some(PathBuf::from(value()?)),
            "--datasets" => datasets = Some(PathBuf::from(value()?)),
            "--threads" => {
                let text = value()?;
                threads =
                    Some(text.parse().ok().filter(|n| (1..=1024).contains(n)).ok_or(format!("--threads takes 1 to 1024, not '{text}'"))?);
            }
            "--help" | "-h" => return Ok(None),
            option if option.starts_with("--") => return Err(format!("there is no option '{option}'")),
            _ if notebook.is_none() => notebook = Some(PathBuf::from(&argument)),
            _ => return Err(format!("one notebook at a time: '{argument}' is one too many")),
        }
    }
    Ok(Some(RunOptions {
        notebook: notebook.ok_or("which notebook?")?,
        output,
        threads: threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
        files: files.unwrap_or_else(|| PathBuf::from(".")),
        datasets: datasets.unwrap_or_else(bundled_datasets),
    }))
}

/// The data sets of the checkout that this program was built from.
fn bundled_datasets() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www/public/datasets")
}
