use super::*;
use crate::{JoinKind, JoinOn};

fn sides(session: &Session) -> (DataFrame, DataFrame) {
    let frame = |rows: &[(Option<i64>, &str)], name: &str| {
        let rows: Vec<Vec<Value>> = rows.iter().map(|(id, text)| vec![(*id).into(), (*text).into()]).collect();
        session.create_dataframe(&rows, schema(&[("id", DataType::Long), (name, DataType::String)])).expect("a side")
    };
    (
        frame(&[(Some(1), "a"), (Some(2), "b"), (Some(2), "c"), (None, "d"), (Some(5), "e")], "l"),
        frame(&[(Some(2), "x"), (Some(2), "y"), (Some(1), "z"), (None, "w"), (Some(7), "v")], "r"),
    )
}

#[test]
fn joins_of_every_kind_give_sparks_rows() {
    let session = session();
    let (left, right) = sides(&session);
    let mut tables = Tables::default();
    let own = |frame: &DataFrame, name: &str| frame.col(name).expect("a column");
    for name in ["inner", "left", "right", "full", "left_semi", "left_anti"] {
        let kind = JoinKind::parse(name).expect("a kind");
        let joined = left.join(&right, &JoinOn::Names(vec!["id".into()]), kind);
        tables.check(&format!("join {name}"), joined.and_then(|j| j.sort(&j.columns().iter().map(|c| col(c)).collect::<Vec<_>>())));
        let condition = own(&left, "id").eq(&own(&right, "id")).and(&own(&right, "r").ne(&lit("y")));
        let order = if matches!(kind, JoinKind::LeftSemi | JoinKind::LeftAnti) { vec![col("l")] } else { vec![col("l"), col("r")] };
        tables.check(&format!("join on {name}"), left.join(&right, &JoinOn::Condition(condition), kind).and_then(|j| j.sort(&order)));
    }
    let both = [col("l"), col("r")];
    tables.check("cross", left.cross_join(&right).and_then(|j| j.sort(&both)));
    let aliased = left.alias("p").join(&left.alias("q"), &JoinOn::Condition(col("p.id").eq(&col("q.id"))), JoinKind::Inner);
    tables.check("self", aliased.and_then(|j| j.select(&[col("p.l"), col("q.l")])?.sort(&[col("p.l"), col("q.l")])));
    let same = JoinOn::Condition(own(&left, "id").eq(&own(&left, "id")));
    let same = left.join(&left, &same, JoinKind::Inner).and_then(|j| j.to_df(&["a", "b", "c", "d"])?.sort(&[col("b"), col("d")]));
    tables.check("self same", same);
    let safe = JoinOn::Condition(own(&left, "id").eq_null_safe(&own(&right, "id")));
    tables.check("null safe", left.join(&right, &safe, JoinKind::Inner).and_then(|j| j.select(&both)?.sort(&both)));
    let less = JoinOn::Condition(own(&left, "id").lt(&own(&right, "id")));
    tables.check("unequal", left.join(&right, &less, JoinKind::Inner).and_then(|j| j.select(&both)?.sort(&both)));
    tables.finish();
}

/// A frame joined with one made of it: each side's columns stay its own.
#[test]
fn a_frame_joins_with_one_made_of_it() {
    let session = session();
    let people = people(&session);
    let older = people.filter(&col("age").gt(&lit(40))).expect("older");
    let own = |frame: &DataFrame, name: &str| frame.col(name).expect("a column");
    let condition = own(&people, "dept").eq(&own(&older, "dept")).and(&own(&people, "age").lt(&own(&older, "age")));
    let joined = people.join(&older, &JoinOn::Condition(condition), JoinKind::Inner).expect("joined");
    let names: Vec<Value> = joined.collect().expect("rows").into_iter().map(|r| r.values[0].clone()).collect();
    assert_eq!(names, ["Eve", "Kim"].map(Value::from));
}
