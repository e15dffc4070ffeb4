use super::*;
use crate::JoinOn;

#[test]
fn groups_come_with_sparks_values_in_sparks_order() {
    let session = session();
    let (numbers, people) = (numbers(&session), people(&session));
    let mut tables = Tables::default();
    let by = |frame: &DataFrame, keys: &[&str], aggregates: &[Column]| {
        let keys: Vec<Column> = keys.iter().map(|k| col(k)).collect();
        frame.group_by(&keys)?.agg(aggregates)
    };
    for (name, keys) in [("string", vec!["k"]), ("long", vec!["a"]), ("two", vec!["k", "a"])] {
        tables.check(&format!("count by {name}"), by(&numbers, &keys, &[call("count", [lit(1)]).alias("count")]));
    }
    let distinct = |column: &str| Column::call_distinct("count", [col(column)]);
    tables.check_near(
        "aggregates by k",
        by(
            &numbers,
            &["k"],
            &[
                call("sum", [col("a")]),
                call("avg", [col("x")]),
                call("min", [col("x")]),
                call("max", [col("id")]),
                call("stddev", [col("x")]),
                call("variance", [col("a")]),
                call("skewness", [col("x")]),
                call("kurtosis", [col("x")]),
                call("corr", [col("a"), col("x")]),
                call("covar_pop", [col("a"), col("x")]),
            ],
        ),
    );
    tables.check("first by k", by(&numbers, &["k"], &[call("first", [col("id")]), call("last", [col("x")])]));
    tables.check("first text by a", by(&numbers, &["a"], &[call("first", [col("k")])]));
    tables.check("min text by a", by(&numbers, &["a"], &[call("min", [col("k")]), call("max", [col("k")])]));
    let some = numbers.filter(&col("id").lt(&lit(60))).expect("filtered");
    let set = call("sort_array", [call("collect_set", [col("a")])]).alias("s");
    tables.check("lists by k", by(&some, &["k"], &[call("collect_list", [col("a")]).alias("l"), set]));
    tables.check("distinct by k", by(&numbers, &["k"], &[distinct("a"), Column::call_distinct("sum", [col("a")])]));
    tables.check("distinct only by k", by(&numbers, &["k"], &[distinct("a")]));
    let shares = call("array", [lit(0.1), lit(0.5), lit(0.9)]);
    tables.check(
        "quantiles by k",
        by(
            &numbers,
            &["k"],
            &[
                call("percentile_approx", [col("x"), shares, lit(10_000)]),
                call("median", [col("x")]),
                call("percentile", [col("x"), lit(0.33), lit(1)]),
                call("approx_count_distinct", [col("a")]),
            ],
        ),
    );
    let count = call("count", [col("*")]);
    let named = call("count", [col("name")]);
    tables.check(
        "people by dept",
        by(
            &people,
            &["dept"],
            &[
                count.clone(),
                call("count", [col("age")]),
                call("sum", [col("age")]),
                call("avg", [col("salary")]),
                call("max", [col("name")]),
                call("min", [col("salary")]),
                call("stddev", [col("age")]),
            ],
        ),
    );
    tables.check(
        "no rows",
        people.filter(&col("age").gt(&lit(1000))).and_then(|none| {
            none.agg(&[
                count.clone(),
                call("sum", [col("age")]),
                call("avg", [col("age")]),
                call("max", [col("name")]),
                call("stddev", [col("age")]),
                call("collect_list", [col("age")]),
            ])
        }),
    );
    tables.check(
        "one row",
        people.limit(1).and_then(|one| {
            one.agg(&[
                call("stddev", [col("age")]),
                call("var_pop", [col("age")]),
                call("skewness", [col("age")]),
                call("corr", [col("age"), col("salary")]),
                call("covar_samp", [col("age"), col("salary")]),
            ])
        }),
    );
    tables.check("distinct", numbers.select(&[col("k")]).and_then(|k| k.distinct()));
    tables.check("drop duplicates", numbers.drop_duplicates(Some(&["a"])));
    tables.check("drop duplicates text", people.drop_duplicates(Some(&["dept"])));
    tables.check("pivot", people.group_by(&[col("dept")]).and_then(|g| g.pivot(&col("age"), None)).and_then(|g| g.agg(&[named])));
    tables.check("crosstab", people.crosstab("dept", "age").and_then(|t| t.sort(&[col("dept_age")])));
    let odd = col("age").rem(&lit(2)).alias("odd");
    let mean = call("sum", [col("salary")]).div(&count).alias("m");
    tables.check("sum of expression", people.group_by(&[odd]).and_then(|g| g.agg(&[mean])).and_then(|t| t.sort(&[col("odd")])));
    tables.finish();
}

/// The same bits for every number of threads: groups, joins, sorts and draws of one plan.
#[test]
fn threads_change_nothing() {
    let answer = |threads: usize| {
        let session = Session::in_memory(threads);
        let numbers = numbers(&session);
        let means =
            numbers.group_by(&[col("k")]).and_then(|g| g.agg(&[call("avg", [col("x")]).alias("m"), call("stddev", [col("x")]).alias("s")]));
        let joined = numbers.join(&means.expect("means"), &JoinOn::Names(vec!["k".into()]), crate::JoinKind::Left).expect("joined");
        let drawn = joined.with_column("r", &call("rand", [lit(3_i64)])).and_then(|f| f.sample(false, 0.7, 9)).expect("drawn");
        let sorted = drawn.repartition(Some(5), &[]).and_then(|f| f.sort(&[col("r")])).expect("sorted");
        sorted.show_string(2000, 0, false).expect("shown")
    };
    let one = answer(1);
    assert!(one.len() > 10_000);
    for threads in [2, 4, 8] {
        assert_eq!(answer(threads), one, "{threads} threads");
    }
}
