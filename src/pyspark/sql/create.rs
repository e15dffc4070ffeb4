//! `spark.createDataFrame`.

use kindling_frame::{DataFrame, DataType, Field, Schema, Session, Value as Cell, infer_schema};
use kindling_python::{Args, PyResult, Value, Vm};

use super::frame::frame_of;
use super::pandas;
use super::row::RowObject;
use super::types::{self, TypeObject};
use crate::args;
use crate::convert::{cell, cell_of, row_of};
use crate::errors::{OrRaise, not_expected, spark_error};

/// A frame of Python rows.
///
/// `schema` is a list of names, a DDL text, a `StructType`, the type of a single column, or None, when names and types come from the rows.
pub(crate) fn create(vm: &mut Vm, session: &Session, data: &Value, schema: &Value) -> PyResult<DataFrame> {
    if matches!(data, Value::Native(_)) && vm.type_name(data) == "RDD" {
        // It knows its partitions.
        let made = vm.call_method(data, "toDF", Args::new([schema.clone()]))?;
        return frame_of(vm, &made, "data");
    }
    create_in(vm, session, data, schema, session.default_parallelism())
}

/// As [`create`], in so many partitions.
pub(super) fn create_in(vm: &mut Vm, session: &Session, data: &Value, schema: &Value, partitions: usize) -> PyResult<DataFrame> {
    if data.as_native::<super::frame::FrameObject>().is_some() {
        return Err(spark_error("PySparkTypeError", "INVALID_TYPE", "Argument `data` should not be a DataFrame."));
    }
    let is_pandas = pandas::is_frame(vm, data);
    if is_pandas && matches!(schema, Value::None | Value::List(_) | Value::Tuple(_)) {
        let names = args::optional_texts(vm, schema, "schema")?.unwrap_or_default();
        return pandas::from_pandas(vm, session, data, &names);
    }
    let items = if is_pandas { pandas::Lists::of(vm, data)?.items() } else { vm.collect(data)? };
    let given = match schema {
        Value::None => None,
        Value::Str(text) if !text.as_str().contains([' ', ',', ':']) => Some(DataType::parse_whole(text.as_str()).or_raise()?),
        Value::Str(text) => Some(DataType::Struct(Schema::parse_whole(text.as_str()).or_raise()?.fields().to_vec())),
        other if other.as_native::<TypeObject>().is_some() => types::type_object(other),
        Value::List(_) | Value::Tuple(_) => {
            let names = args::texts(vm, schema, "schema")?;
            return inferred(vm, session, &items, &names, partitions);
        }
        other => return Err(not_expected(vm, "schema", "DataType, str, list of str or None", other)),
    };
    match given.map(kindling_frame::of_rows).transpose().or_raise()? {
        None => inferred(vm, session, &items, &[], partitions),
        Some(DataType::Struct(fields)) => {
            let mut rows = Vec::with_capacity(items.len());
            for item in &items {
                vm.tick()?;
                rows.push(row_of(vm, item, &fields, "")?);
            }
            session.create_dataframe_in(&rows, Schema::new(fields), partitions).or_raise()
        }
        Some(single) => {
            let field = Field::new("value", single, true);
            let rows = items.iter().map(|item| Ok(vec![cell_of(vm, item, &field)?])).collect::<PyResult<Vec<_>>>()?;
            session.create_dataframe_in(&rows, Schema::new(vec![field]), partitions).or_raise()
        }
    }
}

/// Names and types as the rows show them.
fn inferred(vm: &mut Vm, session: &Session, items: &[Value], names: &[String], partitions: usize) -> PyResult<DataFrame> {
    let Some(first) = items.first() else {
        return Err(spark_error(
            "PySparkValueError",
            "CANNOT_INFER_EMPTY_SCHEMA",
            "Can not infer schema from an empty dataset: give a schema with types, such as \"id INT, name STRING\".",
        ));
    };
    let mut columns = names_of(vm, first)?;
    for item in &items[1..] {
        if item.as_dict().is_some() {
            for name in names_of(vm, item)? {
                if !columns.contains(&name) {
                    columns.push(name);
                }
            }
        }
    }
    let by_name = first.as_dict().is_some();
    if !by_name {
        for (column, name) in columns.iter_mut().zip(names) {
            column.clone_from(name);
        }
        columns.extend(names.iter().skip(columns.len()).cloned());
    }
    let mut rows: Vec<Vec<Cell>> = Vec::with_capacity(items.len());
    for item in items {
        vm.tick()?;
        rows.push(cells(vm, item, &columns)?);
    }
    if by_name && names.len() == columns.len() {
        columns = names.to_vec();
    }
    let schema = infer_schema(&args::strs(&columns), &rows).or_raise()?;
    let schema: Schema = schema.fields().iter().map(|f| Field::new(f.name.clone(), nullable(&f.data_type), true)).collect();
    for row in &mut rows {
        if row.len() != schema.len() {
            let text = format!(
                "Input row doesn't have expected number of values required by the schema. {} fields are required while {} values are provided.",
                schema.len(),
                row.len()
            );
            return Err(spark_error("IllegalArgumentException", "STRUCT_ARRAY_LENGTH_MISMATCH", text));
        }
        for (value, field) in row.iter_mut().zip(schema.fields()) {
            fit(value, &field.data_type);
        }
    }
    session.create_dataframe_in(&rows, schema, partitions).or_raise()
}

fn names_of(vm: &mut Vm, item: &Value) -> PyResult<Vec<String>> {
    if let Some(dict) = item.as_dict() {
        let mut names: Vec<String> = dict.keys().iter().map(|key| key.as_str().unwrap_or_default().to_owned()).collect();
        names.sort();
        return Ok(names);
    }
    if let Some(row) = item.as_native::<RowObject>() {
        return Ok(row.names_or_positions().iter().map(ToString::to_string).collect());
    }
    match item {
        Value::List(_) | Value::Tuple(_) => Ok((1..=item.as_sequence().map_or(0, |items| items.len())).map(|i| format!("_{i}")).collect()),
        _ => {
            let found = vm.type_name(item);
            let text = format!(
                "Can not infer schema for type: `{found}`. A row is a tuple, a list, a dict or a Row; for single values give their type as schema, such as \"double\"."
            );
            Err(spark_error("PySparkTypeError", "CANNOT_INFER_SCHEMA_FOR_TYPE", text))
        }
    }
}

fn cells(vm: &mut Vm, item: &Value, columns: &[String]) -> PyResult<Vec<Cell>> {
    if let Some(dict) = item.as_dict() {
        let dict = dict.clone();
        return columns.iter().map(|name| cell(vm, &dict.get_str(name).unwrap_or(Value::None))).collect();
    }
    let items = match item.as_native::<RowObject>() {
        Some(row) => row.values().to_vec(),
        None => item.as_sequence().unwrap_or_default(),
    };
    items.iter().map(|value| cell(vm, value)).collect()
}

/// The type with nulls allowed everywhere inside it, as PySpark infers types.
fn nullable(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Array(element, _) => DataType::array(nullable(element)),
        DataType::Map(key, value, _) => DataType::Map(Box::new(nullable(key)), Box::new(nullable(value)), true),
        DataType::Struct(fields) => {
            DataType::Struct(fields.iter().map(|f| Field::new(f.name.clone(), nullable(&f.data_type), true)).collect())
        }
        other => other.clone(),
    }
}

/// A value in the type that its column came to have: a text where texts won.
fn fit(value: &mut Cell, kind: &DataType) {
    if let (Cell::Array(items), DataType::Array(element, _)) = (&*value, kind)
        && **element == DataType::String
    {
        let mut items = items.to_vec();
        items.iter_mut().for_each(|item| fit(item, element));
        *value = Cell::Array(items.into());
        return;
    }
    if *kind == DataType::String && !matches!(value, Cell::String(_) | Cell::Null) {
        *value = Cell::from(value.to_string());
    }
}
