//! Times the shapes of the h2o db-benchmark, group-by, joins, sorts and windows, the best of some runs each. Usage: frame_ops [ROWS] [THREADS] [PART OF A NAME]

use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, Float64Array, Int32Array, StringArray};
use kindling_frame::{Batch, Column, DataFrame, DataType, Field, JoinKind, JoinOn, Schema, Session, WindowSpec};
use kindling_partition::Result;

/// How often each is run.
const RUNS: usize = 3;

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let mut number = |default| args.next().and_then(|a| a.parse::<usize>().ok()).unwrap_or(default);
    let (rows, threads) = (number(5_000_000), number(2));
    let wanted = args.next().unwrap_or_default();
    let session = Session::in_memory(threads);
    let table = table(&session, rows);
    let time = |name: &str, frame: &dyn Fn() -> Result<DataFrame>| -> Result<()> {
        if !name.contains(&wanted) {
            return Ok(());
        }
        let mut best = (f64::INFINITY, f64::INFINITY);
        let mut found: usize = 0;
        for _ in 0..RUNS {
            let (start, cpu) = (Instant::now(), processor_seconds());
            found = frame()?.partitions()?.iter().map(|b| b.rows).sum();
            best = (best.0.min(start.elapsed().as_secs_f64() * 1e3), best.1.min((processor_seconds() - cpu) * 1e3));
        }
        println!("{name:<32} {found:>9} rows {:>9.1} ms, {:>7.0} ms of processors", best.0, best.1);
        Ok(())
    };
    let call = |name: &str, column: &str| Column::call(name, [Column::name(column)]);
    let by = |keys: &[&str], aggregates: &[Column]| {
        table.group_by(&keys.iter().map(|k| Column::name(*k)).collect::<Vec<_>>()).and_then(|g| g.agg(aggregates))
    };
    time("group: sum by id1", &|| by(&["id1"], &[call("sum", "v1")]))?;
    time("group: sum by id1, id2", &|| by(&["id1", "id2"], &[call("sum", "v1")]))?;
    time("group: sum, mean by id3", &|| by(&["id3"], &[call("sum", "v1"), call("avg", "v3")]))?;
    time("group: means by id4", &|| by(&["id4"], &[call("avg", "v1"), call("avg", "v2"), call("avg", "v3")]))?;
    time("group: sums by id6", &|| by(&["id6"], &[call("sum", "v1"), call("sum", "v2"), call("sum", "v3")]))?;
    time("group: median, sd by id4, id5", &|| by(&["id4", "id5"], &[call("median", "v3"), call("stddev", "v3")]))?;
    time("group: max - min by id3", &|| by(&["id3"], &[call("max", "v1"), call("min", "v2")]))?;
    time("group: corr by id2, id4", &|| by(&["id2", "id4"], &[Column::call("corr", ["v1", "v2"].map(Column::name))]))?;
    time("group: sum by six", &|| by(&["id1", "id2", "id3", "id4", "id5", "id6"], &[call("sum", "v3"), call("count", "v3")]))?;

    let keys = |name: &str, count: usize| -> Result<DataFrame> {
        let range = 0..count as i32;
        let values: [ArrayRef; 2] =
            [Arc::new(Int32Array::from_iter_values(range.clone())), Arc::new(Float64Array::from_iter_values(range.map(f64::from)))];
        let schema: Schema = [(name, DataType::Int), ("w", DataType::Double)].into_iter().map(|(n, t)| Field::new(n, t, true)).collect();
        Ok(DataFrame::from_batches(&session, Arc::new(schema), vec![Batch::new(values.to_vec(), count)]))
    };
    let join = |name: &str, count: usize, kind| table.join(&keys(name, count)?, &JoinOn::Names(vec![name.into()]), kind);
    time("join: small, inner", &|| join("id4", 90, JoinKind::Inner))?;
    time("join: medium, inner", &|| join("id6", rows / 110, JoinKind::Inner))?;
    time("join: medium, left", &|| join("id6", rows / 110, JoinKind::Left))?;
    time("join: big, inner", &|| join("row", rows, JoinKind::Inner))?;

    time("sort: double", &|| table.sort(&[Column::name("v3")]))?;
    time("sort: int", &|| table.sort(&[Column::name("id6")]))?;
    time("sort: text, double", &|| table.sort(&[Column::name("id1"), Column::name("v3").desc()]))?;

    let over = |function: Column, key: &str| {
        let spec = WindowSpec {
            partition: vec![Column::name(key).expr().clone()],
            orders: vec![Column::name("v3").expr().clone()],
            ..WindowSpec::default()
        };
        table.select(&[key.into(), "v3".into(), function.over(spec).alias("w")])
    };
    time("window: rank by id6", &|| over(Column::call("rank", []), "id6"))?;
    time("window: lag by id6", &|| over(call("lag", "v3"), "id6"))?;
    time("window: sum by id6", &|| over(call("sum", "v3"), "id6"))?;
    time("window: rank by id1", &|| over(Column::call("rank", []), "id1"))?;

    time("other: filter", &|| table.filter(&Column::name("v3").gt(&Column::lit(5.0))))?;
    time("other: distinct", &|| table.drop_duplicates(Some(&["id6"])))?;
    time("other: split", &|| table.random_split(&[0.8, 0.2], 42).map(|mut s| s.swap_remove(0)))
}

/// What all threads have worked, where the system tells: other work on the machine makes no difference to it.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    behind_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn table(session: &Session, rows: usize) -> DataFrame {
    use DataType::{Double, Int, String};
    let fields = [
        ("id1", String),
        ("id2", String),
        ("id3", String),
        ("id4", Int),
        ("id5", Int),
        ("id6", Int),
        ("row", Int),
        ("v1", Int),
        ("v2", Int),
        ("v3", Double),
    ];
    let schema: Schema = fields.into_iter().map(|(n, t)| Field::new(n, t, true)).collect();
    let noise = |i: usize, factor: u64, values: usize| (i as u64 * factor % (1 << 32) / 256) as usize % values;
    let part = |p: usize| {
        let range = p * rows / 8..(p + 1) * rows / 8;
        let text = |factor, values, width: usize| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(range.clone().map(|i| format!("id{:0width$}", noise(i, factor, values) + 1))))
        };
        let int = |factor, values| -> ArrayRef {
            Arc::new(Int32Array::from_iter_values(range.clone().map(|i| noise(i, factor, values) as i32 + 1)))
        };
        let columns: Vec<ArrayRef> = vec![
            text(2_654_435_761, 100, 3),
            text(2_246_822_519, 100, 3),
            text(3_266_489_917, rows / 100 + 1, 10),
            int(668_265_263, 100),
            int(374_761_393, 100),
            int(2_869_860_233, rows / 100 + 1),
            int(3_432_918_353, rows),
            int(1_103_515_245, 5),
            int(3_432_918_353, 15),
            Arc::new(Float64Array::from_iter_values(range.clone().map(|i| noise(i, 461_845_907, 13_107_199) as f64 / 131_072.0))),
        ];
        Batch::new(columns, range.len())
    };
    DataFrame::from_batches(session, Arc::new(schema), (0..8).map(part).collect())
}
