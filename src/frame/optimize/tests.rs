//! What each rule does to small plans, by the optimized plan that `explain` shows, and that it leaves alone what it must.

use std::sync::Arc;

use crate::{Column, DataFrame, ExplainMode, JoinKind, JoinOn, Session, Value};

fn session() -> Session {
    Session::in_memory(1)
}

fn col(name: &str) -> Column {
    Column::name(name)
}

fn lit(value: i64) -> Column {
    Column::lit(Value::Long(value))
}

fn range(session: &Session, name: &str) -> DataFrame {
    let frame = session.range(0, 20, 1, Some(4)).expect("a range");
    frame.select(&[col("id").alias(name), col("id").call_with("%", lit(3)).alias(format!("{name}_k"))]).expect("selected")
}

/// The optimized plan, a step a line, without identities.
fn optimized(frame: &DataFrame) -> String {
    let text = frame.explain(ExplainMode::Extended);
    let plan = text.split("== Optimized Logical Plan ==\n").nth(1).and_then(|t| t.split("\n\n").next()).unwrap_or_default().to_owned();
    let mut out = String::new();
    let mut chars = plan.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '#' {
            while chars.next_if(|c| c.is_ascii_digit() || *c == 'L').is_some() {}
        } else {
            out.push(c);
        }
    }
    out
}

trait Calls {
    fn call_with(&self, function: &str, other: Column) -> Column;
}

impl Calls for Column {
    fn call_with(&self, function: &str, other: Column) -> Column {
        Column::call(function, [self.clone(), other])
    }
}

#[track_caller]
fn same_rows(session: &Session, frame: &DataFrame) {
    let sorted = |frame: &DataFrame| {
        let mut rows: Vec<String> = frame.collect().expect("rows").iter().map(|r| format!("{:?}", r.values)).collect();
        rows.sort();
        rows
    };
    let with = sorted(frame);
    session.set_conf("spark.kindling.optimizer.enabled", "false").expect("set");
    let without = sorted(frame);
    session.unset_conf("spark.kindling.optimizer.enabled");
    assert_eq!(with, without);
}

#[test]
fn filters_become_one_and_go_below_projections() {
    let session = session();
    let frame = range(&session, "a").filter(&col("a").call_with(">", lit(3))).expect("filtered");
    let frame = frame.filter(&col("a_k").call_with("=", lit(1))).expect("filtered");
    let plan = optimized(&frame);
    assert_eq!(
        plan,
        "Project [id AS a, (id % 3) AS a_k]\n+- Filter ((id > 3) AND ((id % 3) = 1))\n   +- Range (0, 20, step=1, splits=Some(4))"
    );
    same_rows(&session, &frame);
}

#[test]
fn constants_are_computed_and_what_says_nothing_goes() {
    let session = session();
    let sum = lit(1).call_with("+", lit(1));
    let frame =
        range(&session, "a").filter(&Column::lit(Value::Boolean(true)).call_with("and", col("a").call_with(">", sum))).expect("filtered");
    assert!(optimized(&frame).contains("Filter (id > 2)"), "{}", optimized(&frame));
    let never = frame.filter(&lit(1).call_with("=", lit(2))).expect("filtered");
    assert!(optimized(&never).starts_with("LocalRelation <empty>"), "{}", optimized(&never));
    assert_eq!(never.collect().expect("rows").len(), 0);
    // An error is told when a row needs the value, and no sooner.
    let broken = frame.select(&[lit(1).call_with("/", lit(0)).alias("x")]).expect("selected");
    assert!(optimized(&broken).contains("/"), "{}", optimized(&broken));
    assert_eq!(broken.collect().expect_err("a division by zero").condition(), Some("DIVIDE_BY_ZERO"));
}

#[test]
fn filters_stay_over_random_columns_and_limits() {
    let session = session();
    let draws = range(&session, "a").with_column("r", &Column::call("rand", [Column::lit(Value::Int(1))])).expect("drawn");
    let frame = draws.filter(&col("a").call_with(">", lit(3))).expect("filtered");
    assert!(optimized(&frame).starts_with("Filter"), "{}", optimized(&frame));
    same_rows(&session, &frame);
    let frame = range(&session, "a").limit(5).and_then(|f| f.filter(&col("a").call_with(">", lit(3)))).expect("filtered");
    assert!(optimized(&frame).contains("Filter (id > 3)\n   +- GlobalLimit 5"), "{}", optimized(&frame));
    assert_eq!(frame.count().expect("counted"), 1);
}

#[test]
fn conditions_go_to_the_side_of_a_join_that_they_read() {
    let session = session();
    let (left, right) = (range(&session, "a"), range(&session, "b"));
    let on = JoinOn::Condition(col("a").call_with("=", col("b")));
    let both = col("a_k").call_with("=", lit(1)).call_with("and", col("b_k").call_with("=", lit(1)));
    let frame = left.join(&right, &on, JoinKind::Left).and_then(|f| f.filter(&both)).expect("joined");
    let plan = optimized(&frame);
    // The filter on the right drops what the outer join makes up.
    assert!(plan.starts_with("Join Inner"), "{plan}");
    assert_eq!(plan.matches("Filter").count(), 2, "{plan}");
    same_rows(&session, &frame);
    let frame = left.join(&right, &on, JoinKind::Left).and_then(|f| f.filter(&Column::call("isnull", [col("b_k")]))).expect("joined");
    assert!(optimized(&frame).starts_with("Filter"), "{}", optimized(&frame));
    same_rows(&session, &frame);
}

#[test]
fn filters_on_keys_go_below_groups_and_others_stay() {
    let session = session();
    let grouped =
        range(&session, "a").group_by(&[col("a_k")]).and_then(|g| g.agg(&[Column::call("sum", [col("a")]).alias("s")])).expect("grouped");
    let frame = grouped.filter(&col("a_k").call_with("=", lit(1)).call_with("and", col("s").call_with(">", lit(2)))).expect("filtered");
    let plan = optimized(&frame);
    assert!(plan.starts_with("Filter (isnotnull(s) AND (s > 2))\n+- Aggregate"), "{plan}");
    assert!(plan.contains("Filter ((id % 3) = 1)"), "{plan}");
    same_rows(&session, &frame);
    // The first of other columns has their identity: it is no key all the same.
    let firsts =
        range(&session, "a").drop_duplicates(Some(&["a_k"])).and_then(|f| f.filter(&col("a").call_with(">", lit(1)))).expect("filtered");
    same_rows(&session, &firsts);
}

#[test]
fn limits_go_below_projections_and_into_unions() {
    let session = session();
    let all = range(&session, "a").union(&range(&session, "b")).and_then(|f| f.limit(3)).expect("limited");
    assert_eq!(optimized(&all).matches("GlobalLimit 3").count(), 3, "{}", optimized(&all));
    assert_eq!(all.collect().expect("rows").len(), 3);
    let twice = range(&session, "a").limit(7).and_then(|f| f.limit(4)).expect("limited");
    assert_eq!(optimized(&twice).matches("GlobalLimit").count(), 1, "{}", optimized(&twice));
}

#[test]
fn the_first_rows_of_an_order_are_those_of_the_whole_order() {
    let session = session();
    let sorted = range(&session, "a").sort(&[col("a_k"), Column::call("negative", [col("a")])]).expect("sorted");
    let whole: Vec<_> = sorted.collect().expect("rows").into_iter().take(6).collect();
    let first = sorted.limit(6).and_then(|f| f.collect()).expect("rows");
    assert_eq!(format!("{whole:?}"), format!("{first:?}"));
}

#[test]
fn kept_rows_are_taken_as_they_are_and_dropped_ones_computed_again() {
    let executor = kindling_partition::Executor::new(1).with_memory(600);
    let session = Session::new(executor, Arc::new(crate::MemoryFiles::default()));
    let kept = session.range(0, 100, 1, Some(4)).expect("a range").select(&[col("id").alias("x")]).expect("selected").cache();
    let frame = kept.filter(&col("x").call_with(">", lit(90))).expect("filtered");
    assert!(optimized(&frame).contains("InMemoryRelation"), "{}", optimized(&frame));
    // A budget of 300 bytes holds one partition of 200, not all.
    for _ in 0..3 {
        assert_eq!(frame.count().expect("counted"), 9);
        assert_eq!(kept.count().expect("counted"), 100);
    }
    assert!(session.cache().get(kept.plan(), 0).is_some());
    assert!(session.cache().get(kept.plan(), 3).is_none());
    // Another frame's rows push out those used longest ago.
    let other = session.range(0, 20, 1, Some(1)).expect("a range").cache();
    assert_eq!(other.count().expect("counted"), 20);
    assert!(session.cache().get(kept.plan(), 0).is_none());
    assert_eq!(frame.count().expect("counted"), 9);
}

#[test]
fn steps_that_need_more_memory_than_there_is_say_what_to_do() {
    let executor = kindling_partition::Executor::new(1).with_memory(100_000);
    let session = Session::new(executor, Arc::new(crate::MemoryFiles::default()));
    let large = session.range(0, 50_000, 1, Some(2)).expect("a range");
    for (name, result) in [
        ("Sorting", large.sort(&[col("id")]).and_then(|f| f.count())),
        ("Joining", large.cross_join(&large).and_then(|f| f.collect()).map(|r| r.len())),
        ("Grouping", large.group_by(&[col("id")]).and_then(|g| g.count()).and_then(|f| f.count())),
        ("Collecting rows", large.collect().map(|r| r.len())),
        ("Moving rows to other partitions", large.repartition(Some(3), &[col("id")]).and_then(|f| f.count())),
    ] {
        let error = result.expect_err(name);
        assert_eq!(error.kind(), kindling_partition::ErrorKind::OutOfMemory, "{name}: {error}");
        assert!(error.message().starts_with(&format!("{name}: this needs about ")), "{error}");
    }
    let text = format!("a,b\n{}", "1,2\n".repeat(100_000));
    session.files().write("/files/large.csv", text.into_bytes()).expect("written");
    let csv = crate::read_files(&session, "csv", &["/files/large.csv"], &[("header", "true")], None).expect("a frame");
    let error = csv.count().expect_err("too large");
    assert!(error.message().starts_with("Reading a CSV file: this needs about "), "{error}");
    assert_eq!(large.sort(&[col("id")]).and_then(|f| f.limit(2)).and_then(|f| f.collect()).expect("few rows").len(), 2);
    assert_eq!(large.count().expect("counted"), 50_000);
}

#[test]
fn folders_that_a_filter_rules_out_are_not_read() {
    let session = session();
    for (folder, text) in [("p=1", "x\n1\n5\n"), ("p=2", "x\nbroken\n")] {
        session.files().write(&format!("/files/t/{folder}/a.csv"), text.as_bytes().to_vec()).expect("written");
    }
    let schema = crate::Schema::new(vec![crate::Field::new("x", crate::DataType::Int, true)]);
    let frame =
        crate::read_files(&session, "csv", &["/files/t"], &[("header", "true"), ("mode", "FAILFAST")], Some(&schema)).expect("read");
    assert!(frame.collect().is_err(), "the second file has no numbers");
    let frame =
        frame.filter(&col("p").call_with("=", Column::lit(1)).call_with("and", col("x").call_with(">", Column::lit(2)))).expect("filtered");
    assert_eq!(frame.collect().expect("rows").len(), 1);
    let plan = frame.explain(ExplainMode::Simple);
    assert!(plan.contains("PartitionFilters: [") && plan.contains("PushedFilters: [IsNotNull(x), GreaterThan(x,2)]"), "{plan}");
}
