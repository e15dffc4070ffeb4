//! Runs the examples that `examples.py` collected, and counts for each module how many statements run and how many print what real Spark
//! prints. Usage: `conformance EXAMPLES.json [--failures WORD]`; see `scripts/conformance.mjs`.

mod compare;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use kindling::frame::{FileStore, MemoryFiles, Session};
use kindling::partition::{ErrorKind, Executor, task_counters};
use kindling::python::{FileError, Host, Interpreter, PyError, Stream};
use serde::Deserialize;

/// What one docstring's examples may take together.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Deserialize)]
struct Module {
    name: String,
    /// Of the session that Spark's own check of the module has.
    parallelism: String,
    /// Statements before the examples.
    setup: Vec<String>,
    /// Files that the examples read: path and text.
    files: Vec<(String, String)>,
    docstrings: Vec<Docstring>,
}

#[derive(Deserialize)]
struct Docstring {
    name: String,
    /// Module, the name in it (`None` for the module itself), the name here.
    imports: Vec<(String, Option<String>, String)>,
    examples: Vec<Example>,
}

#[derive(Deserialize)]
struct Example {
    source: String,
    want: String,
    /// `ValueError: …`, when the statement is to raise.
    exception: Option<String>,
    /// Whether the exception's message counts.
    detail: bool,
}

#[derive(Clone)]
struct Paper {
    printed: Rc<RefCell<String>>,
    started: Instant,
    /// In memory, and the session's own.
    files: Arc<MemoryFiles>,
}

impl Host for Paper {
    fn write(&mut self, stream: Stream, text: &str) {
        if stream == Stream::Stdout {
            self.printed.borrow_mut().push_str(text);
        }
    }

    fn poll(&mut self) -> bool {
        let late = self.started.elapsed() > PATIENCE;
        if late {
            task_counters().cancel.store(1, Relaxed);
        }
        late
    }

    fn now(&self) -> f64 {
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
    }

    fn sleep(&mut self, _: f64) -> bool {
        true
    }

    fn entropy(&mut self) -> u64 {
        4
    }

    fn read_file(&mut self, path: &str) -> Result<Vec<u8>, FileError> {
        self.files.read(path).map(|bytes| bytes.to_vec()).map_err(file_error)
    }

    fn write_file(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), FileError> {
        self.files.write(path, bytes).map_err(file_error)
    }

    fn remove_file(&mut self, path: &str) -> Result<(), FileError> {
        self.files.remove(path).map_err(file_error)
    }

    fn list_files(&mut self, folder: &str) -> Result<Vec<String>, FileError> {
        let entries = self.files.list(folder).map_err(file_error)?;
        Ok(entries.into_iter().map(|entry| entry.name.trim_end_matches('/').to_owned()).collect())
    }
}

fn file_error(error: kindling::partition::Error) -> FileError {
    match error.kind() {
        ErrorKind::FileNotFound => FileError::NotFound,
        _ => FileError::Other(error.to_string()),
    }
}

/// What became of a statement.
enum Outcome {
    Same,
    /// It ran, but printed something else.
    Different(String),
    Failed {
        class: String,
        message: String,
    },
}

/// One docstring's examples in a session of their own.
struct Runner {
    paper: Paper,
    interpreter: Interpreter,
}

impl Runner {
    fn new(parallelism: &str) -> Self {
        let paper = Paper { printed: Rc::default(), started: Instant::now(), files: Arc::default() };
        task_counters().cancel.store(0, Relaxed);
        let mut interpreter = Interpreter::new(paper.clone());
        let session = Session::new(Executor::new(2), paper.files.clone());
        session.set_conf("spark.default.parallelism", parallelism).expect("a setting");
        // On in Spark's own tests, by which it checks the examples.
        session.set_conf("spark.sql.timeType.enabled", "true").expect("a setting");
        kindling::pyspark::install(interpreter.vm(), &session, None);
        interpreter.set_global("temp_path", "/files/tmp");
        Self { paper, interpreter }
    }

    /// Gives a name what Spark's module has under it. What isn't there will be missed by the statement that uses it.
    fn import(&mut self, (module, name, here): &(String, Option<String>, String)) {
        let Some(name) = name else {
            let _ = self.interpreter.run_cell("imports", &format!("import {module} as {here}"));
            return;
        };
        let mut from = module.as_str();
        while self.interpreter.run_cell("imports", &format!("from {from} import {name} as {here}")).is_err() {
            let Some((parent, _)) = from.rsplit_once('.') else { break };
            from = parent;
        }
    }

    fn run(&mut self, example: &Example) -> Outcome {
        self.paper.printed.borrow_mut().clear();
        let value = self.interpreter.run_cell("example", &example.source);
        let vm = self.interpreter.vm();
        let printed = value.and_then(|value| match value {
            Some(value) if !value.is_none() => vm.repr(&value).map(|text| format!("{text}\n")),
            _ => Ok(String::new()),
        });
        match (printed, &example.exception) {
            (Ok(shown), None) => {
                let printed = self.paper.printed.borrow().clone() + &shown;
                if compare::matches(&example.want, &printed) { Outcome::Same } else { Outcome::Different(printed) }
            }
            (Ok(_), Some(exception)) => Outcome::Different(format!("raises nothing, not {exception}")),
            (Err(error), exception) => {
                let (class, message) = self.told(&error);
                let raised = format!("{class}: {message}\n");
                match exception {
                    Some(wanted) if compare::raises(wanted, &raised, example.detail) => Outcome::Same,
                    Some(_) => Outcome::Different(raised),
                    None => Outcome::Failed { class, message },
                }
            }
        }
    }

    fn told(&mut self, error: &PyError) -> (String, String) {
        let value = error.value();
        let class = error.class_name();
        let message = self.interpreter.vm().str(&value).unwrap_or_default();
        (class.rsplit('.').next().unwrap_or_default().to_owned(), message)
    }
}

#[derive(Default)]
struct Count {
    statements: usize,
    ran: usize,
    same: usize,
    /// Statements that fail because of Python itself: its syntax, its modules, its own types.
    language: usize,
}

impl Count {
    fn add(&mut self, other: &Count) {
        self.statements += other.statements;
        self.ran += other.ran;
        self.same += other.same;
        self.language += other.language;
    }

    fn print(&self, name: &str) {
        let share = 100.0 * self.same as f64 / self.statements.max(1) as f64;
        println!("{name:<32}{:>11}{:>8}{:>8}{share:>7.1} %{:>10}", self.statements, self.ran, self.same, self.language);
    }
}

/// Whether the language is to blame, not what Kindling has of Spark.
fn is_language(class: &str, message: &str) -> bool {
    const OTHERS: [&str; 5] = ["pyspark", "pandas", "pyarrow", "py4j", "mlflow"];
    match class {
        "SyntaxError" | "IndentationError" | "RecursionError" | "SystemError" => true,
        "ModuleNotFoundError" => !OTHERS.iter().any(|module| message.contains(&format!("'{module}"))),
        "AttributeError" => ["'str'", "'list'", "'dict'", "'tuple'", "'int'", "'float'", "'set'", "'function'", "module '"]
            .iter()
            .any(|owner| message.starts_with(owner) && !message.starts_with("module 'pyspark")),
        _ => false,
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(path) = arguments.first() else {
        eprintln!("Usage: conformance EXAMPLES.json [--failures WORD]");
        return ExitCode::from(2);
    };
    let shown = arguments.iter().position(|argument| argument == "--failures").map(|at| arguments.get(at + 1).map_or("", String::as_str));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    let modules: Vec<Module> = match serde_json::from_str(&text) {
        Ok(modules) => modules,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    println!("{:<32}{:>11}{:>8}{:>8}{:>9}{:>10}", "module", "statements", "run", "same", "", "language");
    let mut total = Count::default();
    let mut reasons = BTreeMap::<String, usize>::new();
    let mut details = String::new();
    for module in &modules {
        let mut count = Count::default();
        for docstring in &module.docstrings {
            let name = format!("{}.{}", module.name, docstring.name);
            let mut runner = Runner::new(&module.parallelism);
            docstring.imports.iter().for_each(|import| runner.import(import));
            for (path, text) in &module.files {
                runner.paper.files.write(&format!("/files/{path}"), text.clone().into_bytes()).expect("memory takes all");
            }
            // What fails here will be missed by the statement that uses it.
            module.setup.iter().for_each(|statement| drop(runner.interpreter.run_cell("setup", statement)));
            for example in &docstring.examples {
                count.statements += 1;
                let outcome = catch_unwind(AssertUnwindSafe(|| runner.run(example))).unwrap_or_else(|_| {
                    runner = Runner::new(&module.parallelism);
                    Outcome::Failed { class: "SystemError".to_owned(), message: "the engine panicked".to_owned() }
                });
                let told = match outcome {
                    Outcome::Same => {
                        count.ran += 1;
                        count.same += 1;
                        continue;
                    }
                    Outcome::Different(printed) => {
                        count.ran += 1;
                        *reasons.entry("prints something else".to_owned()).or_default() += 1;
                        format!("--- expected\n{}{}--- printed\n{printed}", example.want, example.exception.as_deref().unwrap_or_default())
                    }
                    Outcome::Failed { class, message } => {
                        count.language += usize::from(is_language(&class, &message));
                        let line = message.lines().next().unwrap_or_default();
                        *reasons.entry(format!("{class}: {}", line.chars().take(110).collect::<String>())).or_default() += 1;
                        format!("{class}: {message}\n")
                    }
                };
                if shown.is_some_and(|word| name.contains(word)) {
                    details += &format!("\n## {name}\n>>> {}{told}", example.source);
                }
            }
        }
        count.print(&module.name);
        total.add(&count);
    }
    total.print("all");
    let mut reasons: Vec<(String, usize)> = reasons.into_iter().collect();
    reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    println!("\nWhy statements fail:");
    for (reason, count) in reasons.iter().take(if shown.is_some() { usize::MAX } else { 25 }) {
        println!("{count:>6}  {reason}");
    }
    print!("{details}");
    ExitCode::SUCCESS
}
