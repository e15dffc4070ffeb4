//! Times the wide operators on a table of the h2o group-by benchmark's shape. Usage: frame_ops [ROWS] [THREADS]

use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, Float64Array, Int64Array, StringArray};
use kindling_frame::{Batch, Column, DataFrame, DataType, Field, JoinKind, JoinOn, Schema, Session};

fn main() -> kindling_partition::Result<()> {
    let mut args = std::env::args().skip(1).map(|a| a.parse::<usize>().unwrap_or(1_000_000));
    let (rows, threads) = (args.next().unwrap_or(1_000_000), args.next().unwrap_or(2));
    let session = Session::in_memory(threads);
    let table = table(&session, rows);
    let time = |name: &str, frame: kindling_partition::Result<DataFrame>| -> kindling_partition::Result<()> {
        let start = Instant::now();
        let found: usize = frame?.partitions()?.iter().map(|b| b.rows).sum();
        println!("{name:<28} {found:>9} rows {:>9.1} ms", start.elapsed().as_secs_f64() * 1e3);
        Ok(())
    };
    let call = |name: &str, column: &str| Column::call(name, [Column::name(column)]);
    let group = |keys: &[&str], aggregates: &[Column]| {
        table.group_by(&keys.iter().map(|k| Column::name(*k)).collect::<Vec<_>>()).and_then(|g| g.agg(aggregates))
    };
    time(
        "project and filter",
        table
            .with_column("y", &Column::name("v").mul(&Column::lit(2.0)))
            .and_then(|f| f.filter(&Column::name("y").gt(&Column::lit(100.0)))),
    )?;
    time("sum by text (100)", group(&["id1"], &[call("sum", "v")]))?;
    time("mean by two (10,000)", group(&["id1", "id2"], &[call("avg", "v"), call("stddev", "v")]))?;
    time("sum by long (rows / 10)", group(&["id3"], &[call("sum", "v"), call("max", "v")]))?;
    time("sort by double", table.sort(&[Column::name("v")]))?;
    time("sort by text, double", table.sort(&[Column::name("id1"), Column::name("v").desc()]))?;
    let small = table.drop_duplicates(Some(&["id3"]))?.select(&["id3".into(), Column::name("v").alias("w")])?.cache();
    time("distinct by long", Ok(small.clone()))?;
    time("join on long", table.join(&small, &JoinOn::Names(vec!["id3".into()]), JoinKind::Inner))?;
    time("split", table.random_split(&[0.8, 0.2], 42).map(|mut s| s.swap_remove(0)))?;
    Ok(())
}

fn table(session: &Session, rows: usize) -> DataFrame {
    let fields = [("id1", DataType::String), ("id2", DataType::Long), ("id3", DataType::Long), ("v", DataType::Double)];
    let schema: Schema = fields.into_iter().map(|(n, t)| Field::new(n, t, true)).collect();
    let mix = |i: usize| (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
    let part = |p: usize| {
        let range = p * rows / 8..(p + 1) * rows / 8;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(range.clone().map(|i| format!("id{:03}", mix(i) % 100)))),
            Arc::new(Int64Array::from_iter_values(range.clone().map(|i| (mix(i + 7) % 100) as i64))),
            Arc::new(Int64Array::from_iter_values(range.clone().map(|i| (mix(i + 13) % (rows as u64 / 10).max(1)) as i64))),
            Arc::new(Float64Array::from_iter_values(range.clone().map(|i| (mix(i + 29) % 1_000_003) as f64 / 1000.0))),
        ];
        Batch::new(columns, range.len())
    };
    DataFrame::from_batches(session, Arc::new(schema), (0..8).map(part).collect())
}
