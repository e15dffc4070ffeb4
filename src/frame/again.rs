//! Jobs that ran, kept for a while to be run again under other conditions: what the sliders of the page's panel do.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, PoisonError};

use kindling_partition::{Executor, Result};

use crate::batch::Batch;
use crate::dataframe::DataFrame;
use crate::exec::{Condition, Ids, Runner};
use crate::explain::ExplainMode;
use crate::plan::Plan;
use crate::session::Session;
use crate::source::MemorySource;

/// Cells whose jobs are kept, and jobs of each: what a plan reads stays in memory with it.
const CELLS: usize = 5;
const JOBS: usize = 20;
/// Bytes in memory that are there for kept jobs at most; the newest job is kept whatever it reads.
const BYTES: usize = 256 << 20;

/// What a job is run again with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobConditions {
    /// Tasks that run at once.
    pub workers: usize,
    /// Into how many partitions what it reads is dealt first, as by `repartition(n)`; none leaves it as it is.
    pub partitions: Option<usize>,
    /// Whether both sides of a join are dealt by their keys before they meet.
    pub shuffled_joins: bool,
    /// Whether what it reads is in memory, dealt so, before the job begins.
    pub cached: bool,
}

/// What a job computed.
#[derive(Clone)]
pub(crate) struct RanJob {
    pub action: &'static str,
    pub plan: Arc<Plan>,
    /// Whether it needed the plan's columns, not only its number of rows.
    pub columns: bool,
}

pub(crate) struct RanJobs {
    last: u64,
    cells: VecDeque<Vec<(u64, RanJob)>>,
    /// Bytes at most.
    budget: usize,
}

impl Default for RanJobs {
    fn default() -> Self {
        Self { last: 0, cells: VecDeque::new(), budget: BYTES }
    }
}

impl RanJobs {
    fn begin(&mut self) {
        self.cells.push_back(Vec::new());
        if self.cells.len() > CELLS {
            self.cells.pop_front();
        }
    }

    fn keep(&mut self, job: RanJob) -> u64 {
        self.last += 1;
        if let Some(cell) = self.cells.back_mut().filter(|cell| cell.len() < JOBS) {
            cell.push((self.last, job));
            while self.held() > self.budget && self.forget_oldest() {}
        }
        self.last
    }

    /// Bytes of the rows and files in memory that the jobs read.
    fn held(&self) -> usize {
        let mut seen = BTreeMap::new();
        self.cells.iter().flatten().for_each(|(_, job)| held(&job.plan, &mut seen));
        seen.values().sum()
    }

    /// Forgets the oldest job; says whether others are left besides the newest.
    fn forget_oldest(&mut self) -> bool {
        if self.cells.iter().map(Vec::len).sum::<usize>() < 2 {
            return false;
        }
        if let Some(cell) = self.cells.iter_mut().find(|cell| !cell.is_empty()) {
            cell.remove(0);
        }
        true
    }

    fn find(&self, number: u64) -> Option<RanJob> {
        self.cells.iter().flatten().find(|(known, _)| *known == number).map(|(_, job)| job.clone())
    }
}

/// What the sources of a plan have in memory, by where it lies, with its bytes.
fn held(plan: &Plan, seen: &mut BTreeMap<usize, usize>) {
    if let Plan::Scan { source, .. } = plan {
        seen.extend(source.held());
    }
    plan.children().into_iter().for_each(|child| held(child, seen));
}

impl Session {
    /// A cell begins: the first jobs from here on are kept, those of long ago are forgotten. Until the first cell, none are.
    pub fn begin_jobs(&self) {
        self.ran_jobs().lock().unwrap_or_else(PoisonError::into_inner).begin();
    }

    /// The number by which a job can be asked for again.
    pub(crate) fn keep_job(&self, job: RanJob) -> u64 {
        self.ran_jobs().lock().unwrap_or_else(PoisonError::into_inner).keep(job)
    }

    /// Runs a job again and throws its rows away; the executor's observer hears of its stages. None when the job was forgotten.
    pub fn run_again(&self, number: u64, conditions: &JobConditions) -> Option<Result<()>> {
        let job = self.ran_jobs().lock().unwrap_or_else(PoisonError::into_inner).find(number)?;
        Some(self.run_job(number, &job, conditions))
    }

    fn run_job(&self, number: u64, job: &RanJob, conditions: &JobConditions) -> Result<()> {
        let session = if job.plan.needs_driver() { self.clone().on_driver() } else { self.clone() };
        let executor = session.executor().limited_to(conditions.workers);
        let again = Again { session: &session, executor: &executor, conditions };
        let plan = again.read(&job.plan)?;
        let plan = if conditions.shuffled_joins { shuffled(&plan, conditions.partitions) } else { plan };
        executor.job(job.action, number, || DataFrame::new(session.clone(), plan.clone()).explain(ExplainMode::Simple));
        again.compute(&plan, job.columns)?;
        Ok(())
    }
}

/// A job that runs again.
struct Again<'a> {
    session: &'a Session,
    executor: &'a Executor,
    conditions: &'a JobConditions,
}

impl Again<'_> {
    fn runner(&self) -> Runner<'_> {
        Runner { executor: self.executor, cache: self.session.cache() }
    }

    fn compute(&self, plan: &Arc<Plan>, columns: bool) -> Result<Vec<Batch>> {
        let plan = self.session.optimized(plan);
        let runner = self.runner();
        let required: Ids = if columns { plan.output().iter().map(|a| a.id).collect() } else { Ids::new() };
        let stage = runner.stage(&plan, &required)?;
        let name = if columns { stage.name } else { "count" };
        self.executor.range(name, stage.partitions, |i| runner.task(&stage, i))
    }

    /// The plan with what it reads dealt and kept as the conditions say. What the notebook itself keeps stays as it is.
    fn read(&self, plan: &Arc<Plan>) -> Result<Arc<Plan>> {
        if self.session.cache().has(plan) {
            return Ok(plan.clone());
        }
        let children = plan.children();
        if !children.is_empty() {
            let children = children.into_iter().map(|child| self.read(child)).collect::<Result<Vec<_>>>()?;
            return Ok(plan.over(&children));
        }
        let dealt = match self.conditions.partitions {
            Some(n) => {
                Arc::new(Plan::Repartition { child: plan.clone(), partitions: Some(n.max(1)), keys: Vec::new(), orders: Vec::new() })
            }
            None => plan.clone(),
        };
        if !self.conditions.cached {
            return Ok(dealt);
        }
        let output = plan.output();
        let partitions = self.runner().compute(&self.session.optimized(&dealt), &output)?;
        let source = Arc::new(MemorySource::new(Arc::new(plan.schema()), partitions));
        Ok(Arc::new(Plan::Scan { source, output, filters: Vec::new() }))
    }
}

/// The plan with the sides of its joins dealt by the keys that must be equal.
fn shuffled(plan: &Arc<Plan>, partitions: Option<usize>) -> Arc<Plan> {
    let children: Vec<Arc<Plan>> = plan.children().into_iter().map(|child| shuffled(child, partitions)).collect();
    if let (Plan::Join { condition: Some(condition), .. }, [left, right]) = (&**plan, &children[..]) {
        let keys = Condition::new(Some(condition), &left.output(), &right.output());
        if !keys.left.is_empty() {
            let deal = |child: &Arc<Plan>, keys| Arc::new(Plan::Repartition { child: child.clone(), partitions, keys, orders: Vec::new() });
            return plan.over(&[deal(left, keys.left), deal(right, keys.right)]);
        }
    }
    plan.over(&children)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use kindling_partition::{Observer, StageEvent};

    use super::*;
    use crate::dataframe::{JoinKind, JoinOn};
    use crate::read::read_files;
    use crate::session::{FileStore, MemoryFiles};

    const AS_IT_WAS: JobConditions = JobConditions { workers: 2, partitions: None, shuffled_joins: false, cached: false };

    #[derive(Default)]
    struct Heard(Mutex<Vec<StageEvent>>);

    impl Observer for Heard {
        fn event(&self, event: StageEvent) {
            self.0.lock().expect("the events").push(event);
        }
    }

    impl Heard {
        /// Each stage since the last look, with how many tasks it had and how many rows they gave.
        fn stages(&self) -> Vec<(String, usize, u64)> {
            let events = std::mem::take(&mut *self.0.lock().expect("the events"));
            let stages = events.into_iter().filter_map(|event| match event {
                StageEvent::Finished { name, tasks, .. } => Some((name, tasks.len(), tasks.iter().map(|t| t.rows).sum())),
                _ => None,
            });
            stages.collect()
        }
    }

    fn session() -> (Session, Arc<Heard>) {
        let heard = Arc::new(Heard::default());
        let executor = Executor::new(2).observed_by(heard.clone()).timed_by(|| 0.0);
        (Session::new(executor, Arc::new(MemoryFiles::default())), heard)
    }

    #[test]
    fn what_a_job_reads_is_dealt_and_kept_as_asked() {
        let (session, heard) = session();
        session.begin_jobs();
        let frame = session.range(0, 1000, 1, None).expect("a frame");
        frame.collect().expect("rows");
        heard.stages();
        let run = |conditions: JobConditions| {
            session.run_again(1, &conditions).expect("a job").expect("it runs");
            heard.stages()
        };
        assert_eq!(run(AS_IT_WAS), [("scan".to_owned(), 8, 1000)]);
        let dealt = JobConditions { partitions: Some(3), ..AS_IT_WAS };
        assert_eq!(run(dealt), [("repartition".to_owned(), 8, 1000), ("repartitioned".to_owned(), 3, 1000)]);
        let kept = run(JobConditions { cached: true, ..dealt });
        assert_eq!((kept.len(), kept.last().map(|(_, tasks, rows)| (*tasks, *rows))), (3, Some((3, 1000))));
    }

    #[test]
    fn both_sides_of_a_join_are_dealt_by_key() {
        let (session, heard) = session();
        session.begin_jobs();
        let range = |end| session.range(0, end, 1, None).expect("a frame");
        let joined = range(100).join(&range(10), &JoinOn::Names(vec!["id".into()]), JoinKind::Inner).expect("a join");
        assert_eq!(joined.count(), Ok(10));
        heard.stages();
        session.run_again(1, &JobConditions { shuffled_joins: true, partitions: Some(4), ..AS_IT_WAS }).expect("a job").expect("it runs");
        let stages = heard.stages();
        assert_eq!(stages.iter().filter(|(name, ..)| name == "repartition").count(), 4, "{stages:?}");
        assert_eq!(stages.last().map(|(_, tasks, rows)| (*tasks, *rows)), Some((4, 10)), "{stages:?}");
    }

    #[test]
    fn jobs_that_hold_much_memory_are_forgotten_oldest_first() {
        let (session, _) = session();
        let rows = |n: i64| {
            let values: Vec<Vec<crate::Value>> = (0..n).map(|i| vec![crate::Value::Long(i)]).collect();
            let schema = crate::Schema::new(vec![crate::Field::new("x", crate::DataType::Long, true)]);
            session.create_dataframe(&values, schema).expect("a frame")
        };
        session.ran_jobs().lock().expect("no panic").budget = 20_000;
        session.begin_jobs();
        let frames = [rows(1000), rows(1000), rows(1000), rows(5000)];
        for frame in [&frames[0], &frames[0], &frames[1]] {
            frame.count().expect("rows");
        }
        let kept = |number| session.run_again(number, &AS_IT_WAS).is_some();
        assert!(kept(1) && kept(2) && kept(3), "two frames of 8 kB, one of them twice");
        frames[2].count().expect("rows");
        assert!(!kept(1) && !kept(2) && kept(3) && kept(4));
        frames[3].count().expect("rows");
        assert!(!kept(3) && !kept(4) && kept(5), "the newest is kept whatever it holds");
    }

    #[test]
    fn a_file_that_several_jobs_read_counts_once() {
        let files = Arc::new(MemoryFiles::default());
        ["a", "b"].iter().for_each(|name| files.write(&format!("/tmp/{name}.txt"), vec![b'x'; 12_000]).expect("a file"));
        let session = Session::new(Executor::new(2), files);
        session.ran_jobs().lock().expect("no panic").budget = 20_000;
        session.begin_jobs();
        let count = |name: &&str| {
            let frame = read_files(&session, "text", &[&format!("/tmp/{name}.txt")], &[], None).expect("a frame");
            frame.count().expect("rows");
        };
        let kept = |number| session.run_again(number, &AS_IT_WAS).is_some();
        ["a", "a"].iter().for_each(count);
        assert!(kept(1) && kept(2), "one file of 12 kB");
        count(&"b");
        assert!(!kept(1) && !kept(2) && kept(3), "two files");
    }

    #[test]
    fn jobs_of_long_ago_are_forgotten() {
        let (session, _) = session();
        let frame = session.range(0, 10, 1, None).expect("a frame");
        frame.count().expect("rows");
        assert!(session.run_again(1, &AS_IT_WAS).is_none(), "nothing is kept before the first cell");
        session.begin_jobs();
        (0..JOBS + 1).for_each(|_| assert_eq!(frame.count(), Ok(10)));
        assert!(session.run_again(2, &AS_IT_WAS).is_some() && session.run_again(2 + JOBS as u64, &AS_IT_WAS).is_none());
        (0..CELLS).for_each(|_| session.begin_jobs());
        assert!(session.run_again(2, &AS_IT_WAS).is_none());
    }
}
