//! Guesses of how large the rows of a plan are: Spark's `SizeInBytesOnlyStatsPlanVisitor`.

use crate::dataframe::JoinKind;
use crate::expr::Attribute;
use crate::plan::Plan;
use crate::types::DataType;

/// What Spark takes a frame for of whose size it knows nothing (`spark.sql.defaultSizeInBytes`).
const UNKNOWN: f64 = 9_223_372_036_854_775_807.0;

pub(super) fn bytes(plan: &Plan) -> f64 {
    match plan {
        Plan::Scan { source, filters, .. } => {
            let known = source.bytes().filter(|_| source.name() != "Scan ExistingRDD" || source.partitions() == 0);
            let _ = filters;
            known.map_or(UNKNOWN, |b| (b as f64).max(1.0))
        }
        Plan::Stored { plan, .. } => bytes(plan),
        Plan::Join { left, right, kind, .. } => match kind {
            JoinKind::LeftSemi | JoinKind::LeftAnti => bytes(left),
            _ => bytes(left) * bytes(right),
        },
        Plan::Union { children, .. } => children.iter().map(|c| bytes(c)).sum(),
        Plan::Limit { child, rows } => (*rows as f64 * width(&plan.output())).min(bytes(child)).max(1.0),
        Plan::Aggregate { keys, .. } if keys.is_empty() => width(&plan.output()),
        Plan::Expand { child, projections, .. } => bytes(child) * projections.len() as f64,
        _ => {
            let Some(child) = plan.children().first().copied() else { return UNKNOWN };
            (bytes(child) * width(&plan.output()) / width(&child.output())).floor().max(1.0)
        }
    }
}

/// A row's size, and of the row's own eight bytes.
fn width(columns: &[Attribute]) -> f64 {
    8.0 + columns.iter().map(|c| default_size(&c.field.data_type)).sum::<f64>()
}

fn default_size(data_type: &DataType) -> f64 {
    match data_type {
        DataType::Null | DataType::Boolean | DataType::Byte => 1.0,
        DataType::Short => 2.0,
        DataType::Int | DataType::Float | DataType::Date => 4.0,
        DataType::Decimal(precision, _) if *precision > 18 => 16.0,
        DataType::String => 20.0,
        DataType::Binary => 100.0,
        DataType::Array(element, _) => default_size(element),
        DataType::Map(key, value, _) => default_size(key) + default_size(value),
        DataType::Struct(fields) => fields.iter().map(|f| default_size(&f.data_type)).sum(),
        DataType::Variant => 2048.0,
        DataType::Vector | DataType::Matrix => 4096.0,
        _ => 8.0,
    }
}

/// `7.2 EiB`
pub(super) fn shown(bytes: f64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut power = units.len() - 1;
    while power > 0 && bytes < 2.0 * 1024_f64.powi(power as i32) {
        power -= 1;
    }
    let shown = bytes / 1024_f64.powi(power as i32);
    if power == 6 && shown > 2048.0 {
        // Larger than anybody has: as a power of ten.
        let exponent = libm::floor(libm::log10(bytes));
        return format!("{:.2}E+{exponent} B", bytes / libm::pow(10.0, exponent));
    }
    format!("{shown:.1} {}", units[power])
}
