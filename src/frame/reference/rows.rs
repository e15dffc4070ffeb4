use super::*;
use crate::SortOrder;
use kindling_linalg::{SparseVector, Vector};
use serde_json::json;

fn ids(frame: &DataFrame) -> Vec<Value> {
    frame.collect().expect("rows").into_iter().map(|mut r| r.values.swap_remove(0)).collect()
}

fn as_values(answer: &Json) -> Vec<Value> {
    let value = |v: &Json| v.as_i64().map_or_else(|| v.as_str().map_or(Value::Null, Value::from), Value::Long);
    answer.as_array().expect("a list").iter().map(value).collect()
}

#[test]
fn lists_are_cut_into_sparks_partitions() {
    let session = session();
    for n in [0_i64, 1, 5, 8, 9, 10, 17, 100, 1001, 10_000] {
        let rows: Vec<Vec<Value>> = (0..n).map(|i| vec![i.into()]).collect();
        let frame = session.create_dataframe(&rows, schema(&[("i", DataType::Long)])).expect("a frame");
        let sizes: Vec<usize> = frame.partitions().expect("partitions").iter().map(|b| b.rows).collect();
        assert_eq!(&json!(sizes), expected(&format!("slices of {n}")), "{n} rows");
    }
    let range = session.range(0, 10, 3, Some(3)).expect("a range");
    assert_eq!(&json!(range.partitions().expect("partitions").iter().map(|b| b.rows).collect::<Vec<_>>()), expected("range of 10 in 3"));
    assert_eq!(range.count(), Ok(4));
}

/// A column of texts and other plain values is a column of texts.
#[test]
fn a_list_of_mixed_values_is_read_as_pyspark_reads_it() {
    let rows = [vec![Value::Long(1), Value::Double(2.5)], vec!["a".into(), Value::Null], vec![true.into(), Value::Double(1.0)]];
    let schema = crate::infer_schema(&["x", "y"], &rows).expect("a schema");
    let mut tables = Tables::default();
    tables.check("mixed list", session().create_dataframe(&rows, schema));
    tables.finish();
}

#[test]
fn show_prints_what_spark_prints() {
    let session = session();
    let people = people(&session);
    let empty = people.limit(0).expect("empty");
    for (name, found) in [
        ("people", people.show_string(2000, 0, false)),
        ("people 20 cut", people.show_string(3, 4, false)),
        ("people 2", people.show_string(2, 20, false)),
        ("people vertical", people.show_string(2, 20, true)),
        ("empty", empty.show_string(20, 20, false)),
        ("empty vertical", empty.show_string(20, 20, true)),
        ("one", people.show_string(1, 2, false)),
    ] {
        assert_eq!(found.as_deref().ok(), expected(name).as_str(), "{name}");
    }
}

fn nested(session: &Session) -> DataFrame {
    let members = vec![Field::new("p", DataType::Long, true), Field::new("q", DataType::String, true)];
    let fields = [
        ("i", DataType::Long),
        ("l", DataType::array(DataType::Double)),
        ("m", DataType::Map(Box::new(DataType::String), Box::new(DataType::Long), true)),
        ("s", DataType::Struct(members)),
        ("v", DataType::Vector),
        ("b", DataType::Binary),
        ("t", DataType::String),
        ("w", DataType::String),
    ];
    let sparse = SparseVector::new(3, vec![1], vec![2.0]).expect("valid");
    let rows = [
        vec![
            Value::Long(1),
            Value::Array([Value::Double(1.5), Value::Null].into()),
            Value::Map([(Value::from("a"), Value::Long(1)), (Value::from("b"), Value::Null)].into()),
            Value::Struct(crate::Row::new(["p", "q"], vec![Value::Long(1), Value::from("x")])),
            Value::Vector(Vector::Dense(vec![1.0, 2.5])),
            Value::Binary(b"ab\n".as_slice().into()),
            Value::from("tab\there"),
            Value::from("日本語"),
        ],
        vec![
            Value::Long(2),
            Value::Null,
            Value::Null,
            Value::Null,
            Value::Vector(Vector::Sparse(sparse)),
            Value::Null,
            Value::Null,
            Value::Null,
        ],
    ];
    session.create_dataframe(&rows, schema(&fields)).expect("nested")
}

#[test]
fn nested_values_are_shown_exploded_and_reached_into() {
    let session = session();
    let nested = nested(&session);
    let mut tables = Tables::default();
    assert_eq!(Some(nested.schema().tree_string().as_str()), expected("nested tree").as_str());
    let json: Json = serde_json::from_str(expected("nested json").as_str().expect("text")).expect("JSON");
    assert_eq!(nested.schema().to_json(), json);
    tables.check("explode", nested.select(&[col("i"), call("explode", [col("l")]).alias("e")]));
    tables.check("explode outer", nested.select(&[col("i"), call("explode_outer", [col("l")])]));
    tables.check("posexplode", nested.select(&[col("i"), call("posexplode", [col("l")])]));
    tables.check("explode map", nested.select(&[call("explode", [col("m")]), col("i")]));
    tables.check(
        "fields",
        nested.select(&[
            col("s.p"),
            col("s").get_item(&lit("q")),
            col("l").get_item(&lit(0)),
            col("m").get_item(&lit("a")),
            call("element_at", [col("l"), lit(-2)]),
            col("s.*"),
        ]),
    );
    tables.check("nested", Ok(nested));
    tables.finish();
}

#[test]
fn rows_are_ordered_united_and_cut_as_in_spark() {
    let session = session();
    let people = people(&session);
    let mut tables = Tables::default();
    let last = SortOrder { descending: false, nulls_first: false };
    tables.check("sorted", people.sort(&[col("dept"), col("age").desc(), col("name")]));
    tables.check("sorted last", people.sort(&[col("salary").sort(last)]));
    tables.check("sorted desc", people.sort(&[col("salary").desc()]));
    tables.check("sort by dropped", people.select(&[col("name")]).and_then(|f| f.sort(&[col("age"), col("name")])));
    let some = |a: &str, b: &str| people.select(&[col(a), col(b)]).expect("selected");
    tables.check("union", some("name", "age").union(&some("dept", "salary")));
    tables.check("union by name", some("name", "age").union_by_name(&some("dept", "name"), true));
    let numbers = numbers(&session);
    let tail: Vec<Value> = numbers.tail(3).expect("tail").into_iter().map(|r| r.values[0].clone()).collect();
    assert_eq!(tail, as_values(expected("tail")));
    tables.check("offset", numbers.offset(995));
    for how in ["any", "all"] {
        tables.check(&format!("dropna {how}"), people.dropna(how, None, None));
    }
    tables.check("dropna thresh", people.dropna("any", Some(3), None));
    tables.check("dropna subset", people.dropna("any", None, Some(&["age", "dept"])));
    tables.check("fillna number", people.fillna(&Value::Long(0), None));
    tables.check("fillna text", people.fillna(&Value::from("?"), None));
    tables.check("fillna fraction", people.fillna(&Value::Double(1.9), None));
    tables.check("fillna each", people.fillna_each(&[("age".into(), Value::Double(1.7)), ("dept".into(), Value::from("none"))]));
    tables.check("replace", people.replace(&[("it".into(), "IT".into()), ("hr".into(), Value::Null)], None));
    tables.check("replace number", people.replace(&[(34_i64.into(), 1_i64.into()), (51_i64.into(), 2_i64.into())], Some(&["age"])));
    tables.finish();
}

#[test]
fn seeds_draw_sparks_rows() {
    let session = session();
    let (numbers, people) = (numbers(&session), people(&session));
    for seed in [42, 7] {
        for (i, part) in numbers.random_split(&[0.7, 0.3], seed).expect("split").iter().enumerate() {
            assert_eq!(ids(part), as_values(expected(&format!("split {seed} {i}"))), "seed {seed}, part {i}");
        }
    }
    let three = numbers.random_split(&[1.0, 2.0, 3.0], 11).expect("split");
    for (part, answer) in three.iter().zip(expected("split three").as_array().expect("lists")) {
        assert_eq!(ids(part), as_values(answer));
    }
    for (part, answer) in
        people.random_split(&[0.5, 0.5], 3).expect("split").iter().zip(expected("split people").as_array().expect("lists"))
    {
        assert_eq!(ids(part), as_values(answer));
    }
    assert_eq!(ids(&numbers.sample(false, 0.1, 5).expect("sample")), as_values(expected("sample")));
    assert_eq!(ids(&numbers.sample(true, 0.2, 5).expect("sample")), as_values(expected("sample again")));
    let mut tables = Tables::default();
    let few = numbers.filter(&col("id").lt(&lit(20)));
    tables.check("rand", few.and_then(|f| f.select(&[col("id"), call("rand", [lit(42)]), call("randn", [lit(7)])])));
    let some = numbers.filter(&col("id").rem(&lit(50)).eq(&lit(0)));
    tables.check(
        "rand filtered",
        some.and_then(|f| {
            f.select(&[
                col("id"),
                call("rand", [lit(1)]).alias("r"),
                call("monotonically_increasing_id", []).alias("m"),
                call("spark_partition_id", []).alias("p"),
            ])
        }),
    );
    tables.finish();
}

#[test]
fn rows_move_to_sparks_partitions() {
    let session = session();
    let numbers = numbers(&session);
    let moved = |frame: DataFrame| -> Vec<Vec<i64>> {
        let partitions = frame.partitions().expect("partitions");
        partitions.iter().map(|b| (0..b.rows).filter_map(|i| b.value(&DataType::Long, 0, i).as_i64()).collect()).collect()
    };
    let key = numbers.repartition(Some(4), &[col("k")]).expect("by key");
    assert_eq!(json!(moved(key)), *expected("repartition key"));
    let coalesced = numbers.coalesce(3).expect("coalesced");
    assert_eq!(json!(moved(coalesced).iter().map(Vec::len).collect::<Vec<_>>()), *expected("coalesce"));
    let turns = numbers.limit(100).and_then(|f| f.repartition(Some(4), &[])).expect("in turns");
    assert_eq!(json!(moved(turns)), *expected("repartition"));
    let many = numbers.filter(&col("id").lt(&lit(200))).and_then(|f| f.repartition(Some(3), &[])).expect("in turns");
    assert_eq!(json!(moved(many)), *expected("repartition many"));
}

#[test]
fn statistics_are_sparks() {
    let session = session();
    let (numbers, people) = (numbers(&session), people(&session));
    let mut tables = Tables::default();
    tables.check("describe", people.describe(&[]));
    tables.check("describe some", people.describe(&["age", "name"]));
    tables.check("summary", people.summary(&[]));
    tables.check("summary numbers", numbers.summary(&[]));
    tables.finish();
    for (name, error) in [("quantiles", 0.0), ("quantiles rough", 0.1)] {
        let found = numbers.approx_quantile(&["x", "a"], &[0.0, 0.1, 0.5, 0.77, 1.0], error).expect("quantiles");
        assert_eq!(json!(found), *expected(name));
    }
    for (found, name) in [(numbers.corr("a", "x"), "corr"), (numbers.cov("a", "x"), "cov")] {
        let (found, wanted) = (found.expect(name), expected(name).as_f64().expect("a number"));
        assert!((found - wanted).abs() <= 1e-12 * wanted.abs(), "{name}: {found} and {wanted}");
    }
}
