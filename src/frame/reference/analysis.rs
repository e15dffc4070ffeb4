use super::*;
use crate::{JoinKind, JoinOn};
use kindling_partition::{Error, Result};

/// Names that Spark gives to columns without an alias.
#[test]
fn columns_are_named_as_in_spark() {
    let session = session();
    let people = people(&session);
    let (age, name) = (|| col("age"), || col("name"));
    let when = |value: &str| Column::when(&age().gt(&lit(1)), &lit(value));
    let range = age().gt(&lit(1)).and(&age().lt(&lit(2)));
    let columns: Vec<(usize, Column)> = vec![
        (0, age().add(&lit(1))),
        (1, age().neg()),
        (2, age().gt(&lit(1)).not()),
        (3, age().cast(DataType::Double)),
        (4, age().add(&lit(1)).cast(DataType::Int)),
        (5, name().is_null()),
        (6, age().between(&lit(1), &lit(2))),
        (7, age().is_in([lit(1), lit(2)])),
        (8, call("like", [name(), lit("a%")])),
        (9, call("rlike", [name(), lit("a")])),
        (10, call("startswith", [name(), lit("a")])),
        (11, call("contains", [name(), lit("b")])),
        (12, call("substr", [name(), lit(1), lit(2)])),
        (13, when("x").otherwise(&lit("y")).expect("a case")),
        (15, age().rem(&lit(2))),
        (17, lit(1)),
        (18, lit("t")),
        (16, age().pow(&lit(2))),
        (19, lit(Value::Null)),
        (29, call("ln", [age()])),
        (30, call("log", [lit(2.0), age()])),
        (20, lit(2.5)),
        (21, lit(true)),
        (22, call("upper", [name()])),
        (23, call("coalesce", [name(), lit("z")])),
        (24, call("round", [col("salary"), lit(1)])),
        (25, call("concat_ws", [lit("-"), name(), col("dept")])),
        (26, age().ne(&lit(1))),
        (27, age().eq_null_safe(&lit(1))),
        (28, range.or(&age().is_not_null())),
        (31, call("sqrt", [age()])),
        (33, col("salary").is_nan()),
        (34, call("length", [name()])),
        (36, call("substring", [name(), lit(1), lit(2)])),
        (35, call("to_date", [name()])),
        (37, call("split", [name(), lit(",")])),
        (38, call("array", [age(), age()]).get_item(&lit(0))),
        (40, call("struct", [age(), name()])),
        (41, call("greatest", [age(), lit(3)])),
        (42, call("hash", [age()])),
        (43, lit(1).div(&lit(2))),
        (44, lit(1).sub(&age())),
        (45, call("abs", [age()])),
        (46, call("regexp_replace", [name(), lit("a"), lit("b")])),
        (47, call("lpad", [name(), lit(5), lit("x")])),
        (49, call("ceil", [col("salary")])),
        (50, call("floor", [col("salary")])),
        (51, call("signum", [age()])),
        (53, call("trim", [name()])),
        (54, call("nanvl", [col("salary"), lit(0.0)])),
        (55, call("isnull", [age()])),
        (56, call("size", [call("array", [age()])])),
        (59, call("bround", [col("salary"), lit(1)])),
    ];
    let wrong: Vec<String> = columns
        .iter()
        .filter_map(|(i, column)| {
            let found = people.select(std::slice::from_ref(column)).map_or_else(|e| e.to_string(), |f| f.columns()[0].clone());
            let wanted = expected("names")[i].as_str().expect("a name");
            (found != wanted).then(|| format!("{i}: Spark says {wanted}, here it is {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn aggregates_are_named_as_in_spark() {
    let session = session();
    let people = people(&session);
    let one = |name: &str| call(name, [col("age")]);
    let aggregates: Vec<(usize, Column)> = vec![
        (0, call("count", [col("*")])),
        (1, one("count")),
        (2, Column::call_distinct("count", [col("age")])),
        (3, Column::call_distinct("count", [col("age"), col("dept")])),
        (4, one("sum")),
        (5, one("avg")),
        (6, one("mean")),
        (8, call("max", [col("name")])),
        (9, one("stddev")),
        (10, one("stddev_samp")),
        (12, one("variance")),
        (26, call("percentile", [col("age"), lit(0.3)])),
        (14, call("first", [col("name")])),
        (16, call("first", [col("name"), lit(true)])),
        (17, one("collect_list")),
        (19, call("corr", [col("age"), col("salary")])),
        (22, one("approx_count_distinct")),
        (23, one("median")),
        (24, call("percentile_approx", [col("age"), lit(0.5), lit(10_000)])),
        (27, call("covar_samp", [col("age"), col("salary")])),
        (28, one("sum").add(&lit(1))),
        (29, Column::call_distinct("sum", [col("age")])),
        (31, call("max_by", [col("name"), col("age")])),
    ];
    let wrong: Vec<String> = aggregates
        .iter()
        .filter_map(|(i, column)| {
            let found = people.agg(std::slice::from_ref(column)).map_or_else(|e| e.to_string(), |f| f.columns()[0].clone());
            let wanted = expected("aggregate names")[i].as_str().expect("a name");
            (found != wanted).then(|| format!("{i}: Spark says {wanted}, here it is {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Spark's exception class and condition for what can't be.
#[test]
fn mistakes_raise_sparks_exceptions() {
    let session = session();
    let people = people(&session);
    let pair = |name: &str| {
        session
            .create_dataframe(&[vec![1_i64.into(), "a".into()]], schema(&[("id", DataType::Long), (name, DataType::String)]))
            .expect("a side")
    };
    let (left, right) = (pair("l"), pair("r"));
    let id = |frame: &DataFrame| frame.col("id").expect("id");
    let range = |n: i64| session.range(0, n, 1, None).expect("a range");
    let run = |frame: Result<DataFrame>| frame.and_then(|f| f.collect()).err();
    let same = JoinOn::Condition(id(&left).eq(&id(&right)));
    let cases: Vec<(&str, Option<Error>)> = vec![
        ("unknown", people.select(&[col("ago")]).err()),
        ("unknown in", people.filter(&col("zzz").gt(&lit(1))).err()),
        ("ambiguous", left.join(&right, &same, JoinKind::Inner).and_then(|j| j.select(&[col("id")])).err()),
        ("not boolean", people.filter(&col("age").add(&lit(1))).err()),
        ("types", people.select(&[col("age").add(&col("age").gt(&lit(1)))]).err()),
        ("overflow", run(range(1).select(&[lit(i32::MAX).add(&lit(1))]))),
        ("divide", run(range(3).select(&[lit(1).div(&col("id"))]))),
        ("mod", run(range(3).select(&[lit(1).rem(&col("id"))]))),
        ("cast", run(people.select(&[col("name").cast(DataType::Int)]))),
        ("index", run(range(1).select(&[call("array", [lit(1)]).get_item(&lit(3))]))),
        ("element", run(range(1).select(&[call("element_at", [call("array", [lit(1)]), lit(4)])]))),
        ("missing aggregation", people.group_by(&[col("dept")]).and_then(|g| g.agg(&[col("age")])).err()),
        ("union", people.union(&left).err()),
        ("nested", people.agg(&[call("sum", [call("avg", [col("age")])])]).err()),
        ("cast types", people.select(&[col("age").cast(DataType::array(DataType::Int))]).err()),
        ("view", session.table("nowhere").err()),
        ("explode", people.select(&[call("explode", [col("age")])]).err()),
        ("merge", crate::infer_schema(&["x"], &[vec![1_i64.into()], vec![Value::Array([Value::Long(1)].into())]]).err()),
        ("long overflow", run(range(1).select(&[col("id").add(&lit(i64::MAX)).add(&lit(1))]))),
        ("determine", crate::infer_schema(&["x"], &[vec![Value::Null]]).err()),
        ("group aggregate", people.group_by(&[call("sum", [col("age")])]).err()),
        ("using", left.join(&right, &JoinOn::Names(vec!["l".into()]), JoinKind::Inner).err()),
        ("and", people.filter(&col("age").and(&col("age").gt(&lit(1)))).err()),
        ("join type", JoinKind::parse("sideways").err()),
        ("get", people.col("ago").err()),
    ];
    let mut wrong = Vec::new();
    for (name, error) in cases {
        let answer = &expected("errors")[name];
        let wanted = answer["condition"].as_str();
        match error {
            None => wrong.push(format!("{name}: no error, Spark says {answer}")),
            Some(error) if wanted.is_some() && error.condition() != wanted => {
                wrong.push(format!("{name}: {:?}, Spark says {wanted:?} ({error})", error.condition()));
            }
            Some(error) if answer["class"].as_str() != Some(error.kind().class_name()) => {
                wrong.push(format!("{name}: {}, Spark says {}", error.kind().class_name(), answer["class"]));
            }
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A division behind its own guard never meets the zero.
#[test]
fn a_guarded_division_does_not_fail() {
    let session = session();
    let range = session.range(0, 4, 1, Some(1)).expect("a range");
    let (id, quotient) = (col("id"), lit(12).div(&col("id")));
    let guarded = Column::when(&id.eq(&lit(0)), &lit(-1.0)).otherwise(&quotient).expect("a case");
    let both = id.ne(&lit(0)).and(&quotient.gt(&lit(5)));
    let rows = range.select(&[guarded, both]).and_then(|f| f.collect()).expect("no division by zero");
    let found: Vec<Vec<Value>> = rows.into_iter().map(|r| r.values).collect();
    let row = |d: f64, b: bool| vec![Value::Double(d), Value::Boolean(b)];
    assert_eq!(found, [row(-1.0, false), row(12.0, true), row(6.0, true), row(4.0, false)]);
}
