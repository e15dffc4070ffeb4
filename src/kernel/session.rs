use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use kindling_frame::FileStore;
use kindling_partition::{Clock, ErrorKind, Executor, task_counters};
use kindling_pyspark::Shown;
use kindling_python::{Interpreter, PyError};

use crate::host::{CellHost, CurrentCell};
use crate::introspect;
use crate::outside::Outside;
use crate::progress::{jobs, observer};
use crate::protocol::{CellStatus, Event, JobConditions, Output, Request, Table, TableColumn};
use crate::tables::Tables;
use crate::traceback::{Sources, traceback};

/// What a session is made with.
pub struct Settings {
    /// Tasks that run at once.
    pub threads: usize,
    /// What tells when each task ran; without it nothing is told of tasks.
    pub clock: Option<Clock>,
    /// What is under `/files/` and `/datasets/`.
    pub files: Arc<dyn FileStore>,
}

/// One life of a notebook's kernel: the names its cells bound, its Spark session, its count of executions.
pub struct Session {
    interpreter: Interpreter,
    spark: kindling_frame::Session,
    outside: Rc<dyn Outside>,
    cell: CurrentCell,
    sources: Sources,
    tables: Rc<RefCell<Tables>>,
    executions: u32,
}

impl Session {
    /// Starts a session and says that it is ready.
    pub fn new(outside: Rc<dyn Outside>, settings: Settings) -> Self {
        let cell = CurrentCell::default();
        let mut executor = Executor::new(settings.threads).observed_by(observer(outside.clone(), cell.clone()));
        if let Some(clock) = settings.clock {
            executor = executor.timed_by(clock);
        }
        for _ in 0..4 {
            kindling_frame::add_entropy(outside.entropy());
        }
        let spark = kindling_frame::Session::new(executor, settings.files.clone());
        let mut interpreter = Interpreter::new(CellHost { outside: outside.clone(), cell: cell.clone(), files: settings.files });
        let tables = Rc::new(RefCell::new(Tables::new(outside.entropy())));
        let (shown_by, shown_in, kept_in) = (outside.clone(), cell.clone(), tables.clone());
        let sink = Rc::new(move |shown| {
            shown_by.emit(Event::Display { cell: shown_in.borrow().clone(), output: output(shown, &kept_in) });
        });
        kindling_pyspark::install(interpreter.vm(), &spark, Some(sink));
        let threads = u32::try_from(settings.threads).unwrap_or(u32::MAX);
        outside.emit(Event::Ready { threads, stages: introspect::stages() });
        Self { interpreter, spark, outside, cell, sources: Sources::default(), tables, executions: 0 }
    }

    /// Does what the page asks; events follow through [`Outside::emit`], the answer's last before this returns.
    pub fn handle(&mut self, request: Request) {
        match request {
            Request::Execute { cell, source } => self.execute(cell, &source),
            Request::Complete { id, above, source, cursor } => {
                let (from, options) = introspect::complete(&mut self.interpreter, &above, &source, cursor);
                self.outside.emit(Event::Completions { id, from, options });
            }
            Request::Inspect { id, above, source, cursor } => {
                let documentation = introspect::inspect(&mut self.interpreter, &above, &source, cursor);
                self.outside.emit(Event::Inspected { id, documentation });
            }
            Request::SignatureHelp { id, above, source, cursor } => {
                let signature = introspect::signature_help(&mut self.interpreter, &above, &source, cursor);
                self.outside.emit(Event::Signature { id, signature });
            }
            Request::Check { id, cells } => {
                let problems = introspect::problems(&mut self.interpreter, &cells);
                self.outside.emit(Event::Checked { id, problems });
            }
            Request::FindOccurrences { id, cells, cell, cursor } => {
                let occurrences = introspect::occurrences(&mut self.interpreter, &cells, &cell, cursor);
                self.outside.emit(Event::Occurrences { id, occurrences });
            }
            Request::Describe { id } => {
                let modules = introspect::reference(&mut self.interpreter);
                self.outside.emit(Event::Reference { id, modules });
            }
            Request::ReadTable { id, table, query, from, count } => {
                task_counters().cancel.store(0, Relaxed);
                let answer = self.tables.borrow_mut().read(&table, &query, from, count);
                self.outside.emit(Event::TableRead { id, answer });
            }
            Request::ProfileColumn { id, table, column } => {
                task_counters().cancel.store(0, Relaxed);
                let (profile, message) = match self.tables.borrow().profile(&table, column) {
                    Some(Ok(profile)) => (Some(profile), None),
                    Some(Err(error)) => (None, Some(error.message().to_owned())),
                    None => (None, None),
                };
                self.outside.emit(Event::ColumnProfiled { id, profile, message });
            }
            Request::RunJob { run, job, conditions } => self.run_job(run, &job, conditions),
            // Files live outside: whoever forwards requests keeps them and answers the session's file store.
            Request::PutFile { .. } | Request::RemoveFile { .. } => {}
        }
    }

    fn execute(&mut self, cell: String, source: &str) {
        task_counters().cancel.store(0, Relaxed);
        self.executions += 1;
        self.tables.borrow_mut().forget_rows();
        self.cell.replace(cell.clone());
        self.spark.begin_jobs();
        let file_name = self.sources.add(&cell, self.executions, source);
        self.outside.emit(Event::Started { cell: cell.clone(), execution_count: self.executions });
        kindling_frame::functions::set_query_time((self.outside.epoch_seconds() * 1e6) as i64);
        let start = self.outside.monotonic_seconds();
        let ran = self.run(&cell, &file_name, source);
        let ended = kindling_pyspark::end_cell(self.interpreter.vm());
        let status = match ran.and(ended) {
            Ok(()) => CellStatus::Ok,
            Err(error) => self.report(&cell, &error),
        };
        if let Some(jobs) = jobs(&cell) {
            self.outside.emit(jobs);
        }
        let millis = (self.outside.monotonic_seconds() - start) * 1e3;
        self.outside.emit(Event::Finished { cell, status, millis });
    }

    /// Runs a job of an earlier cell again, for its times alone.
    fn run_job(&mut self, run: String, job: &str, conditions: JobConditions) {
        task_counters().cancel.store(0, Relaxed);
        self.tables.borrow_mut().forget_rows();
        self.cell.replace(run.clone());
        let start = self.outside.monotonic_seconds();
        let ran = job.parse().ok().and_then(|number| self.spark.run_again(number, &conditions.into()));
        let status = match ran {
            Some(Ok(())) => CellStatus::Ok,
            Some(Err(error)) if error.kind() == ErrorKind::Cancelled => CellStatus::Interrupted,
            other => {
                let text = match other {
                    Some(Err(error)) => error.message().to_owned(),
                    _ => "The kernel has forgotten this job: it remembers those of the last five cells, and of these the newest whose rows take 256 MB together. Run its cell again.".to_owned(),
                };
                self.outside.emit(Event::Display { cell: run.clone(), output: Output::Text { text } });
                CellStatus::Error
            }
        };
        if let Some(jobs) = jobs(&run) {
            self.outside.emit(jobs);
        }
        let millis = (self.outside.monotonic_seconds() - start) * 1e3;
        self.outside.emit(Event::Finished { cell: run, status, millis });
    }

    fn run(&mut self, cell: &str, file_name: &str, source: &str) -> Result<(), PyError> {
        let value = match kindling_pyspark::sql_cell(source) {
            Some(text) => kindling_pyspark::run_sql_cell(self.interpreter.vm(), &self.spark, text)?,
            None => self.interpreter.run_cell(file_name, source)?,
        };
        if let Some(value) = value {
            let shown = kindling_pyspark::shown(self.interpreter.vm(), &value)?;
            self.outside.emit(Event::Display { cell: cell.to_owned(), output: output(shown, &self.tables) });
        }
        Ok(())
    }

    /// Shows the exception that ended a cell.
    fn report(&mut self, cell: &str, error: &PyError) -> CellStatus {
        let output = Output::Error { traceback: traceback(&mut self.interpreter, &self.sources, error) };
        self.outside.emit(Event::Display { cell: cell.to_owned(), output });
        if error.is("KeyboardInterrupt") { CellStatus::Interrupted } else { CellStatus::Error }
    }
}

/// What pyspark says of a value, as a message.
fn output(shown: Shown, tables: &RefCell<Tables>) -> Output {
    match shown {
        Shown::Text(text) => Output::Text { text },
        Shown::Chart(chart) => Output::Chart { chart },
        Shown::Table(preview, frame) => {
            let live = Some(tables.borrow_mut().add(frame));
            let columns = preview.columns.into_iter();
            let columns = columns.map(|c| TableColumn { name: c.name, data_type: c.data_type, numeric: c.numeric }).collect();
            Output::Table { table: Table { columns, rows: preview.rows, truncated: preview.truncated, live } }
        }
    }
}

impl From<JobConditions> for kindling_frame::JobConditions {
    fn from(asked: JobConditions) -> Self {
        Self {
            workers: asked.workers as usize,
            partitions: asked.partitions.map(|n| n as usize),
            shuffled_joins: asked.shuffled_joins,
            cached: asked.cached,
        }
    }
}
