use kindling_partition::{Error, Result};

use super::{DataFrame, quoted};
use crate::column::Column;
use crate::schema::same_name;
use crate::types::{DataType, Field};
use crate::value::Value;

impl DataFrame {
    /// `dropna(how, thresh, subset)`: drops rows with fewer than `thresh` values that are neither null nor NaN; without `thresh`, rows
    /// with `any` or `all` of the columns missing.
    ///
    /// # Errors
    /// When `how` is neither `any` nor `all`; `UNRESOLVED_COLUMN.WITH_SUGGESTION`.
    pub fn dropna(&self, how: &str, thresh: Option<usize>, subset: Option<&[&str]>) -> Result<DataFrame> {
        let fields = self.subset(subset)?;
        let least = match (thresh, how) {
            (Some(thresh), _) => thresh,
            (None, "any") => fields.len(),
            (None, "all") => 1,
            _ => {
                return Err(Error::value_error(format!("how should be 'any' or 'all', but got '{how}'.")).with_condition("CANNOT_BE_EMPTY"));
            }
        };
        let present = fields.iter().map(|f| {
            let column = Column::name(quoted(&f.name));
            let there = column.is_not_null();
            if matches!(f.data_type, DataType::Double | DataType::Float) { there.and(&column.is_nan().not()) } else { there }
        });
        let condition = if least >= fields.len() {
            present.reduce(|all, one| all.and(&one)).filter(|_| least == fields.len())
        } else {
            let counted = present.map(|p| Column::when(&p, &Column::lit(1)).otherwise(&Column::lit(0))).collect::<Result<Vec<_>>>()?;
            counted.into_iter().reduce(|sum, one| sum.add(&one)).map(|sum| sum.ge(&Column::lit(least as i32)))
        };
        match condition {
            Some(condition) => self.filter(&condition),
            None if least > fields.len() => self.filter(&Column::lit(false)),
            None => Ok(self.clone()),
        }
    }

    fn subset(&self, names: Option<&[&str]>) -> Result<Vec<Field>> {
        match names {
            None => Ok(self.schema.fields().to_vec()),
            Some(names) => names.iter().map(|n| self.schema.field(n).cloned()).collect(),
        }
    }

    /// `fillna(value, subset)`: fills the columns of the value's kind (numbers, texts, truths); in a number column NaN too.
    ///
    /// # Errors
    /// When the value is none of these; `UNRESOLVED_COLUMN.WITH_SUGGESTION`.
    pub fn fillna(&self, value: &Value, subset: Option<&[&str]>) -> Result<DataFrame> {
        check_filler(value)?;
        let fields = self.subset(subset)?;
        self.filled(&|field| {
            (fields.iter().any(|f| same_name(&f.name, &field.name)) && same_kind(value, &field.data_type)).then(|| value.clone())
        })
    }

    /// `fillna({column: value})`
    ///
    /// # Errors
    /// As [`fillna`](Self::fillna).
    pub fn fillna_each(&self, values: &[(String, Value)]) -> Result<DataFrame> {
        for (name, value) in values {
            self.schema.index_of(name)?;
            check_filler(value)?;
        }
        self.filled(&|field| values.iter().find(|(n, _)| same_name(n, &field.name)).map(|(_, v)| v.clone()))
    }

    fn filled(&self, filler: &dyn Fn(&Field) -> Option<Value>) -> Result<DataFrame> {
        let columns = self
            .schema
            .iter()
            .map(|field| {
                let column = self.col(&quoted(&field.name))?;
                let Some(value) = filler(field) else { return Ok(column) };
                let value = Column::lit(value).cast(field.data_type.clone());
                let source = match field.data_type {
                    DataType::Double | DataType::Float => {
                        Column::call("nanvl", [column, Column::lit(Value::Null).cast(field.data_type.clone())])
                    }
                    _ => column,
                };
                Ok(Column::call("coalesce", [source, value]).alias(field.name.clone()))
            })
            .collect::<Result<Vec<_>>>()?;
        self.select(&columns)
    }

    /// `replace({old: new}, subset=…)`: in the columns of the old values' kind.
    ///
    /// # Errors
    /// When the old values are of several kinds; `UNRESOLVED_COLUMN.WITH_SUGGESTION`.
    pub fn replace(&self, pairs: &[(Value, Value)], subset: Option<&[&str]>) -> Result<DataFrame> {
        let Some((first, _)) = pairs.iter().find(|(old, _)| !old.is_null()) else { return Ok(self.clone()) };
        let kind = kind_of(first);
        if pairs.iter().any(|(old, new)| [old, new].into_iter().any(|v| !v.is_null() && kind_of(v) != kind)) {
            return Err(Error::value_error("replace takes values of one kind: all numbers, all texts or all truths.")
                .with_condition("MIXED_TYPE_REPLACEMENT"));
        }
        let fields = self.subset(subset)?;
        let columns = self
            .schema
            .iter()
            .map(|field| {
                let column = self.col(&quoted(&field.name))?;
                if !fields.iter().any(|f| same_name(&f.name, &field.name)) || !same_kind(first, &field.data_type) {
                    return Ok(column);
                }
                let fit = |value: &Value| Column::lit(value.clone()).cast(field.data_type.clone());
                let mut case: Option<Column> = None;
                for (old, new) in pairs {
                    let same = column.eq(&fit(old));
                    case = Some(match case {
                        None => Column::when(&same, &fit(new)),
                        Some(before) => before.and_when(&same, &fit(new))?,
                    });
                }
                Ok(case.unwrap_or_else(|| column.clone()).otherwise(&column)?.alias(field.name.clone()))
            })
            .collect::<Result<Vec<_>>>()?;
        self.select(&columns)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ValueKind {
    Number,
    Text,
    Truth,
    Other,
}

fn kind_of(value: &Value) -> ValueKind {
    match value {
        Value::Boolean(_) => ValueKind::Truth,
        Value::String(_) => ValueKind::Text,
        value if value.as_f64().is_some() => ValueKind::Number,
        _ => ValueKind::Other,
    }
}

fn same_kind(value: &Value, data_type: &DataType) -> bool {
    match kind_of(value) {
        ValueKind::Number => data_type.is_numeric(),
        ValueKind::Text => *data_type == DataType::String,
        ValueKind::Truth => *data_type == DataType::Boolean,
        ValueKind::Other => false,
    }
}

fn check_filler(value: &Value) -> Result<()> {
    if kind_of(value) == ValueKind::Other {
        return Err(Error::type_error(format!(
            "fillna fills with a number, a text or a truth, not with {value} of type {}.",
            value.data_type()
        ))
        .with_condition("NOT_BOOL_OR_FLOAT_OR_INT_OR_STR"));
    }
    Ok(())
}
