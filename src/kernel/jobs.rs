//! What a cell has Spark do, gathered for the page as it runs.

use kindling_partition::{StageEvent, TaskRun};

use crate::protocol::{Event, JobReport, StageReport, TaskReport};

/// Jobs of a cell that are kept: a tuning run has thousands, and nobody reads them.
const MOST_JOBS: usize = 100;
/// Tasks of a cell that are kept.
const MOST_TASKS: usize = 20_000;

/// The jobs of the cell that runs.
#[derive(Default)]
pub(crate) struct Jobs {
    jobs: Vec<JobReport>,
    left_out: u32,
    tasks: usize,
    /// When the first task began, on the executor's clock.
    begun: Option<f64>,
}

impl Jobs {
    pub fn hear(&mut self, event: &StageEvent) {
        match event {
            StageEvent::Job { name, number, plan } => {
                if self.jobs.last().is_some_and(|job| job.stages.is_empty()) {
                    // It took nothing but what was there already.
                    self.jobs.pop();
                }
                if self.jobs.len() < MOST_JOBS && self.tasks < MOST_TASKS {
                    self.jobs.push(JobReport { id: Some(number.to_string()), name: name.clone(), plan: plan.clone(), stages: Vec::new() });
                } else {
                    self.left_out += 1;
                }
            }
            StageEvent::Finished { name, tasks, .. } if self.left_out == 0 && !tasks.is_empty() => self.ran(name, tasks),
            _ => {}
        }
    }

    fn ran(&mut self, name: &str, tasks: &[TaskRun]) {
        let first = tasks.iter().map(|task| task.start).fold(f64::INFINITY, f64::min);
        let begun = *self.begun.get_or_insert(first);
        self.tasks += tasks.len();
        let report = |task: &TaskRun| TaskReport {
            worker: u32::try_from(task.worker).unwrap_or(u32::MAX),
            start: (task.start - begun) * 1e3,
            millis: task.seconds * 1e3,
            rows: task.rows as f64,
            bytes: task.bytes as f64,
        };
        let stage = StageReport { name: name.to_owned(), tasks: tasks.iter().map(report).collect() };
        match self.jobs.last_mut() {
            Some(job) => job.stages.push(stage),
            // What runs before any action: a file's header and types.
            None => self.jobs.push(JobReport { id: None, name: name.to_owned(), plan: String::new(), stages: vec![stage] }),
        }
    }

    /// The message for the cell that is over, if it ran any job.
    pub fn take(&mut self, cell: &str) -> Option<Event> {
        let Self { mut jobs, left_out, .. } = std::mem::take(self);
        jobs.retain(|job| !job.stages.is_empty());
        (!jobs.is_empty()).then(|| Event::Jobs { cell: cell.to_owned(), jobs, left_out })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(name: &str, starts: &[f64]) -> StageEvent {
        let tasks = starts.iter().enumerate().map(|(worker, start)| TaskRun { worker, start: *start, seconds: 0.5, rows: 3, bytes: 24 });
        StageEvent::Finished { stage: 0, name: name.to_owned(), tasks: tasks.collect() }
    }

    fn job(name: &str) -> StageEvent {
        StageEvent::Job { name: name.to_owned(), number: 1, plan: format!("plan of {name}") }
    }

    #[test]
    fn stages_belong_to_the_action_before_them() {
        let mut jobs = Jobs::default();
        for event in [finished("header", &[10.0]), job("nothing"), job("count"), finished("scan", &[12.0, 11.0]), finished("sum", &[13.0])]
        {
            jobs.hear(&event);
        }
        let Some(Event::Jobs { cell, jobs: found, left_out }) = jobs.take("c") else { panic!("a message") };
        let stages: Vec<(&str, usize)> = found.iter().map(|job| (&*job.name, job.stages.len())).collect();
        assert_eq!((&*cell, stages, left_out), ("c", vec![("header", 1), ("count", 2)], 0));
        assert_eq!(found[1].plan, "plan of count");
        let scan = &found[1].stages[0].tasks;
        assert_eq!((scan[0].start, scan[1].start, scan[1].worker, scan[1].millis, scan[1].rows), (2000.0, 1000.0, 1, 500.0, 3.0));
        assert!(jobs.take("c").is_none(), "the next cell begins anew");
    }

    #[test]
    fn a_cell_of_endless_jobs_keeps_the_first() {
        let mut jobs = Jobs::default();
        for _ in 0..MOST_JOBS + 5 {
            jobs.hear(&job("count"));
            jobs.hear(&finished("scan", &[0.0]));
        }
        let Some(Event::Jobs { jobs, left_out, .. }) = jobs.take("c") else { panic!("a message") };
        assert_eq!((jobs.len(), left_out), (MOST_JOBS, 5));
    }
}
