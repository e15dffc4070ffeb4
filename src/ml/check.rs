//! What stages demand of a schema, in Spark's words (`org.apache.spark.ml.util.SchemaUtils`).

use kindling_frame::{DataType, Field, Schema};
use kindling_partition::{Error, Result};

/// The field of a column that must hold vectors.
pub fn vector_column<'a>(schema: &'a Schema, name: &str) -> Result<&'a Field> {
    let field = schema.field(name)?;
    if field.data_type == DataType::Vector {
        return Ok(field);
    }
    let hint = if is_numeric(&field.data_type) { " VectorAssembler makes a vector column of numeric ones." } else { "" };
    Err(Error::illegal_argument(format!(
        "requirement failed: Column {name} must be of type vector but was actually of type {}.{hint}",
        field.data_type
    )))
}

/// The field of a column that must hold numbers.
pub fn numeric_column<'a>(schema: &'a Schema, name: &str) -> Result<&'a Field> {
    let field = schema.field(name)?;
    if is_numeric(&field.data_type) {
        return Ok(field);
    }
    let hint = if field.data_type == DataType::String { " StringIndexer makes numbers of strings." } else { "" };
    Err(Error::illegal_argument(format!(
        "requirement failed: Column {name} must be of type numeric but was actually of type {}.{hint}",
        field.data_type
    )))
}

/// Spark's `NumericType`: integers, fractions and decimals; no booleans.
pub fn is_numeric(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Byte | DataType::Short | DataType::Int | DataType::Long | DataType::Float | DataType::Double | DataType::Decimal(..)
    )
}

/// The schema with one column more.
///
/// # Errors
/// When there is a column of this name already.
pub fn append(schema: &Schema, field: Field) -> Result<Schema> {
    new_column(schema, &field.name)?;
    Ok(schema.fields().iter().cloned().chain([field]).collect())
}

/// Fails when there is a column of this name already.
pub fn new_column(schema: &Schema, name: &str) -> Result<()> {
    if schema.names().any(|existing| existing == name) {
        Err(Error::illegal_argument(format!("requirement failed: Column {name} already exists.")))
    } else {
        Ok(())
    }
}

/// The schema with a column added or, when the name is taken, in that one's place (`withColumn`).
pub fn put(schema: &Schema, field: Field) -> Schema {
    match schema.fields().iter().position(|existing| existing.name == field.name) {
        Some(at) => schema.fields().iter().enumerate().map(|(i, old)| if i == at { field.clone() } else { old.clone() }).collect(),
        None => schema.fields().iter().cloned().chain([field]).collect(),
    }
}
