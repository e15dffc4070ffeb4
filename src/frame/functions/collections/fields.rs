//! A struct with a field more, another or less: `Column.withField` and `Column.dropFields`.

use kindling_partition::{Error, Result};

use super::super::declare::{Cells, Function, Outcome, params};
use crate::coerce::{literal, wrong_type};
use crate::schema::same_name;
use crate::typed::Typed;
use crate::types::{DataType, Field};
use crate::value::{Row, Value};

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows_with_nulls(
        "with_field",
        "The struct with a field of this name and value, in the place of one that is there.",
        params!("col", "=name", "value"),
        |args| {
            let mut fields = members("with_field", args)?;
            let name = named("with_field", args, 1)?;
            let made = Field::new(name.as_str(), args[2].data_type.clone(), args[2].nullable);
            match fields.iter_mut().find(|f| same_name(&f.name, &name)) {
                Some(there) => *there = Field { name: there.name.clone(), ..made },
                None => fields.push(made),
            }
            Ok(Outcome::new(DataType::Struct(fields), args[0].nullable))
        },
        |c| changed(c, &|name, value, old| if same_name(name, c.text(1)) { c.values[2].clone() } else { old.unwrap_or(value) }),
    ),
    Function::rows_with_nulls(
        "drop_fields",
        "The struct without fields of these names; names that aren't there are passed over.",
        params!("col", "+names"),
        |args| {
            let mut fields = members("drop_fields", args)?;
            for i in 1..args.len() {
                let name = named("drop_fields", args, i)?;
                fields.retain(|f| !same_name(&f.name, &name));
            }
            if fields.is_empty() {
                return Err(Error::analysis("Cannot drop all fields in struct.").with_condition("DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS"));
            }
            Ok(Outcome::new(DataType::Struct(fields), args[0].nullable))
        },
        |c| changed(c, &|_, value, old| old.unwrap_or(value)),
    ),
];

fn members(function: &str, args: &[Typed]) -> Result<Vec<Field>> {
    match &args[0].data_type {
        DataType::Struct(fields) => Ok(fields.clone()),
        _ => Err(wrong_type(function, args, 0, "STRUCT")),
    }
}

fn named(function: &str, args: &[Typed], i: usize) -> Result<String> {
    Ok(literal(function, args, i)?.and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// A struct of the result's fields: `value` gives each, from its name and what the struct had under it.
fn changed(c: &Cells<'_>, value: &dyn Fn(&str, Value, Option<Value>) -> Value) -> Result<Value> {
    let (Value::Struct(row), DataType::Struct(fields)) = (&c.values[0], c.result) else { return Ok(Value::Null) };
    let values = fields.iter().map(|f| {
        let old = row.names.iter().position(|n| same_name(n, &f.name)).map(|i| row.values[i].clone());
        value(&f.name, Value::Null, old)
    });
    Ok(Value::Struct(Row { names: fields.iter().map(|f| f.name.clone()).collect(), values: values.collect() }))
}
