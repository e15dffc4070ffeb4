//! Spark's TIME type is there, and for most of what can be done with it switched off: literals, columns, `current_time()` and comparisons are
//! always there; casts to it, its functions and its arithmetic, its files and tables wait for `spark.sql.timeType.enabled`.

use std::cell::Cell;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, make_array};
use arrow_data::ArrayData;
use arrow_schema::{DataType as ArrowType, Field as ArrowField, TimeUnit};
use kindling_partition::{Error, Result};

use crate::dataframe::DataFrame;
use crate::types::DataType;

/// The setting's name.
pub(crate) const SETTING: &str = "spark.sql.timeType.enabled";

thread_local! {
    /// Expressions are analyzed on the driver's thread.
    static ENABLED: Cell<bool> = const { Cell::new(false) };
}

/// Switches what is analyzed from now on.
pub(crate) fn set(value: &str) {
    ENABLED.set(value.eq_ignore_ascii_case("true"));
}

pub(crate) fn is_enabled() -> bool {
    ENABLED.get()
}

/// # Errors
/// `UNSUPPORTED_TIME_TYPE` unless the setting is on.
pub(crate) fn needed() -> Result<()> {
    if is_enabled() {
        return Ok(());
    }
    let text =
        format!("The data type TIME is not supported. Spark has it switched off: spark.conf.set(\"{SETTING}\", True) switches it on.");
    Err(Error::analysis(text).with_condition("UNSUPPORTED_TIME_TYPE"))
}

/// As [`needed`], where the type is TIME or has it within.
///
/// # Errors
/// `UNSUPPORTED_TIME_TYPE`
pub(crate) fn checked(data_type: &DataType) -> Result<()> {
    if data_type.any(|t| matches!(t, DataType::Time(_))) { needed() } else { Ok(()) }
}

impl DataFrame {
    /// What Spark asks of the rows that a frame's methods group, also where all are one group.
    ///
    /// # Errors
    /// `UNSUPPORTED_TIME_TYPE` when there are times of the day among the columns, and the type is switched off.
    pub fn check_times(&self) -> Result<()> {
        self.schema().iter().try_for_each(|f| checked(&f.data_type))
    }
}

/// Columns of this type as Arrow's times of the day: in memory they are numbers otherwise, which a function that gets nothing but arrays would
/// take them for.
const TOLD: ArrowType = ArrowType::Time64(TimeUnit::Nanosecond);

/// The column with Arrow's type of times in the place of numbers that are times.
pub(crate) fn told(column: ArrayRef, data_type: &DataType) -> ArrayRef {
    if data_type.any(|t| matches!(t, DataType::Time(_))) { make_array(retyped(&column.to_data(), data_type)) } else { column }
}

fn retyped(data: &ArrayData, data_type: &DataType) -> ArrayData {
    let within: Vec<&DataType> = match data_type {
        DataType::Array(element, _) => vec![element],
        DataType::Struct(fields) => fields.iter().map(|f| &f.data_type).collect(),
        DataType::Map(key, value, _) => {
            let entries = &data.child_data()[0];
            let members = entries.child_data().iter().zip([key, value]).map(|(child, t)| retyped(child, t)).collect();
            return rebuilt(data, vec![rebuilt(entries, members)]);
        }
        DataType::Time(_) => return data.clone().into_builder().data_type(TOLD).build().unwrap_or_else(|_| data.clone()),
        _ => return data.clone(),
    };
    rebuilt(data, data.child_data().iter().zip(within).map(|(child, t)| retyped(child, t)).collect())
}

/// The data over other children of the same layout, which its type then tells of.
fn rebuilt(data: &ArrayData, children: Vec<ArrayData>) -> ArrayData {
    let field = |field: &Arc<ArrowField>, child: &ArrayData| Arc::new(ArrowField::clone(field).with_data_type(child.data_type().clone()));
    let whole = match data.data_type() {
        ArrowType::List(item) => ArrowType::List(field(item, &children[0])),
        ArrowType::Map(entries, sorted) => ArrowType::Map(field(entries, &children[0]), *sorted),
        ArrowType::Struct(fields) => ArrowType::Struct(fields.iter().zip(&children).map(|(f, child)| field(f, child)).collect()),
        other => other.clone(),
    };
    data.clone().into_builder().data_type(whole).child_data(children).build().unwrap_or_else(|_| data.clone())
}
