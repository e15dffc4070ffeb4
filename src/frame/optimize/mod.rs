//! Makes plans cheaper without changing what they give: rows, their order, and the partitions that seeds depend on stay as in Spark, whose
//! optimizer has the same rules (`org.apache.spark.sql.catalyst.optimizer`).
//!
//! A rule looks at one step of a plan and what is right below it, and gives the step that takes its place, or nothing. Rules are tried
//! from the last step of a plan to its first, again and again until none has anything more to say.

mod columns;
mod constants;
mod filters;
mod joins;
mod limits;
mod nulls;
mod predicates;
mod projects;
mod scans;

use std::sync::Arc;

use kindling_partition::Executor;

use crate::cache::Cache;
use crate::plan::Plan;
pub(crate) use filters::{deterministic, draws};
pub(crate) use predicates::{all_of, conjuncts, is_pure, reads_only, references};

/// A step that takes the place of another, or none when the rule doesn't apply.
type Rule = fn(&Plan, &Executor) -> Option<Plan>;

/// How often all rules go over a plan at most (`spark.sql.optimizer.maxIterations`).
const PASSES: usize = 100;

const RULES: &[Rule] = &[
    constants::fold,
    filters::prune,
    filters::combine,
    filters::push_down,
    joins::without_outer,
    joins::push_down,
    joins::push_condition_down,
    projects::collapse,
    projects::drop_idle,
    limits::combine,
    limits::push_down,
];

/// The plan that runs in a plan's place. Steps whose rows the session keeps are taken from there, as they are.
pub(crate) fn optimize(plan: &Arc<Plan>, cache: &Cache, executor: &Executor) -> Arc<Plan> {
    ruled(&stored(plan, cache, &|below| ruled(below, executor)), executor)
}

/// The plan as it is, but for the steps whose rows the session keeps.
pub(crate) fn unoptimized(plan: &Arc<Plan>, cache: &Cache) -> Arc<Plan> {
    stored(plan, cache, &Arc::clone)
}

fn ruled(plan: &Arc<Plan>, executor: &Executor) -> Arc<Plan> {
    let plan = to_the_end(plan, RULES, executor);
    let plan = down(&plan, &[nulls::infer], executor).0;
    let plan = to_the_end(&plan, RULES, executor);
    let plan = columns::prune(&plan);
    let plan = to_the_end(&plan, &[projects::collapse, projects::drop_idle], executor);
    down(&plan, &[scans::push_down], executor).0
}

/// The plan without names of frames, kept steps in the place of those that the session keeps. `run` makes of such a step what computes it.
fn stored(plan: &Arc<Plan>, cache: &Cache, run: &dyn Fn(&Arc<Plan>) -> Arc<Plan>) -> Arc<Plan> {
    let below = |plan: &Arc<Plan>| match &**plan {
        Plan::Alias { child, .. } => stored(child, cache, run),
        _ => plan.over(&plan.children().into_iter().map(|child| stored(child, cache, run)).collect::<Vec<_>>()),
    };
    let next = crate::file_columns::resolved(&below(plan));
    if cache.has(plan) {
        return Arc::new(Plan::Stored { plan: plan.clone(), run: run(&next) });
    }
    next
}

fn to_the_end(plan: &Arc<Plan>, rules: &[Rule], executor: &Executor) -> Arc<Plan> {
    let mut plan = plan.clone();
    for _ in 0..PASSES {
        let (next, changed) = down(&plan, rules, executor);
        plan = next;
        if !changed {
            break;
        }
    }
    plan
}

/// Each rule once on each step, the last step of the plan first; says whether one applied.
fn down(plan: &Arc<Plan>, rules: &[Rule], executor: &Executor) -> (Arc<Plan>, bool) {
    let (mut plan, mut changed) = (plan.clone(), false);
    for rule in rules {
        if let Some(next) = rule(&plan, executor) {
            plan = Arc::new(next);
            changed = true;
        }
    }
    let children: Vec<(Arc<Plan>, bool)> = plan.children().into_iter().map(|child| down(child, rules, executor)).collect();
    if children.iter().any(|(_, changed)| *changed) {
        changed = true;
        plan = plan.over(&children.into_iter().map(|(child, _)| child).collect::<Vec<_>>());
    }
    (plan, changed)
}

#[cfg(test)]
mod tests;
