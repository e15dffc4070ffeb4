use std::ops::Deref;

use kindling_partition::{Error, Result, did_you_mean};
use serde_json::{Value as Json, json};

use crate::types::{DataType, Field};

/// The columns of a frame in order. Names are looked up without regard to case, as Spark does; they need not be unique.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    fields: Vec<Field>,
}

impl Schema {
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields }
    }

    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.fields.iter().map(|f| &*f.name)
    }

    /// The position of the one column with this name.
    ///
    /// # Errors
    /// `UNRESOLVED_COLUMN.WITH_SUGGESTION` when there is none, `AMBIGUOUS_REFERENCE` when there are several.
    pub fn index_of(&self, name: &str) -> Result<usize> {
        let mut found = self.fields.iter().enumerate().filter(|(_, f)| same_name(&f.name, name));
        match (found.next(), found.next()) {
            (Some((i, _)), None) => Ok(i),
            (Some(_), Some(_)) => Err(ambiguous(name)),
            _ => Err(unresolved(name, self.names())),
        }
    }

    /// The one column with this name; errors as [`index_of`](Self::index_of).
    pub fn field(&self, name: &str) -> Result<&Field> {
        self.index_of(name).map(|i| &self.fields[i])
    }

    /// What `printSchema()` prints, with its last newline.
    pub fn tree_string(&self) -> String {
        let mut out = String::from("root\n");
        for field in &self.fields {
            write_field(&mut out, " ", field);
        }
        out
    }

    /// As `StructType.json()` has it.
    pub fn to_json(&self) -> Json {
        DataType::Struct(self.fields.clone()).to_json()
    }

    /// What [`to_json`](Self::to_json) made, in this Spark or another.
    ///
    /// # Errors
    /// When it is no schema, or has a type that Kindling doesn't have.
    pub fn from_json(json: &Json) -> Result<Self> {
        match DataType::from_json(json)?.plain() {
            DataType::Struct(fields) => Ok(Self::new(fields)),
            other => Err(Error::runtime(format!("Expected the JSON of a struct, found that of {other}."))),
        }
    }

    /// `struct<age:int,sex:string>`
    pub fn simple_string(&self) -> String {
        DataType::Struct(self.fields.clone()).simple_string()
    }

    /// Spark's JSON text of the schema without spaces.
    pub fn json(&self) -> String {
        json!(self.to_json()).to_string()
    }
}

impl Deref for Schema {
    type Target = [Field];

    fn deref(&self) -> &[Field] {
        &self.fields
    }
}

impl FromIterator<Field> for Schema {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        Self::new(fields.into_iter().collect())
    }
}

/// Whether two names mean the same column: Spark's resolver pays no regard to case.
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    a == b || a.len() == b.len() && a.eq_ignore_ascii_case(b) || !(a.is_ascii() && b.is_ascii()) && a.to_lowercase() == b.to_lowercase()
}

pub(crate) fn unresolved<'a>(name: &str, available: impl Iterator<Item = &'a str> + Clone) -> Error {
    let near = did_you_mean(name, available.clone());
    let names: Vec<&str> = available.collect();
    if names.is_empty() {
        return Error::analysis(format!("Column '{name}' does not exist: the DataFrame has no columns."))
            .with_condition("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION");
    }
    Error::analysis(format!("Column '{name}' does not exist.{near} Available: {}.", names.join(", ")))
        .with_condition("UNRESOLVED_COLUMN.WITH_SUGGESTION")
}

pub(crate) fn ambiguous(name: &str) -> Error {
    Error::analysis(format!(
        "Column '{name}' is ambiguous: the DataFrame has several columns of this name. Rename them first, or pick one through its own DataFrame, as in df[\"{name}\"]."
    ))
    .with_condition("AMBIGUOUS_REFERENCE")
}

fn write_field(out: &mut String, prefix: &str, field: &Field) {
    out.push_str(&format!("{prefix}|-- {}: {} (nullable = {})\n", field.name, field.data_type.type_name(), field.nullable));
    write_nested(out, &format!("{prefix}|    "), &field.data_type);
}

fn write_nested(out: &mut String, prefix: &str, data_type: &DataType) {
    let deeper = format!("{prefix}|    ");
    match data_type {
        DataType::Array(element, nulls) => {
            out.push_str(&format!("{prefix}|-- element: {} (containsNull = {nulls})\n", element.type_name()));
            write_nested(out, &deeper, element);
        }
        DataType::Map(key, value, nulls) => {
            out.push_str(&format!("{prefix}|-- key: {}\n", key.type_name()));
            write_nested(out, &deeper, key);
            out.push_str(&format!("{prefix}|-- value: {} (valueContainsNull = {nulls})\n", value.type_name()));
            write_nested(out, &deeper, value);
        }
        DataType::Struct(fields) => fields.iter().for_each(|f| write_field(out, prefix, f)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `printSchema()` of real Spark prints these types.
    #[test]
    fn the_tree_is_sparks() {
        let schema = Schema::new(vec![
            Field::new("id", DataType::Long, false),
            Field::new("tags", DataType::array(DataType::String), true),
            Field::new("m", DataType::Map(Box::new(DataType::String), Box::new(DataType::Int), true), true),
            Field::new("s", DataType::Struct(vec![Field::new("x", DataType::Double, true)]), true),
        ]);
        assert_eq!(
            schema.tree_string(),
            "root\n |-- id: long (nullable = false)\n |-- tags: array (nullable = true)\n |    |-- element: string (containsNull = true)\n \
             |-- m: map (nullable = true)\n |    |-- key: string\n |    |-- value: integer (valueContainsNull = true)\n \
             |-- s: struct (nullable = true)\n |    |-- x: double (nullable = true)\n"
        );
    }

    #[test]
    fn an_unknown_name_is_told_with_the_nearest() {
        let schema: Schema = ["age", "sex", "fare"].into_iter().map(|n| Field::new(n, DataType::Double, true)).collect();
        assert_eq!(schema.index_of("AGE"), Ok(0));
        let error = schema.index_of("ago").expect_err("no such column");
        assert_eq!(error.message(), "Column 'ago' does not exist. Did you mean 'age'? Available: age, sex, fare.");
        assert_eq!(error.condition(), Some("UNRESOLVED_COLUMN.WITH_SUGGESTION"));
    }
}
