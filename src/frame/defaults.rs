//! Columns with a DEFAULT: what an `INSERT` that says nothing of them writes, and what rows have that were written before they were added
//! (Spark's `ResolveDefaultColumns`). Both are texts in the column's metadata, under Spark's keys.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray};
use kindling_linalg::number::{java_double, java_float};
use kindling_partition::{Error, Result};

use crate::batch::{array_of, gather, value_at};
use crate::cast::cast;
use crate::coerce::wider;
use crate::column::Column;
use crate::expr::Expr;
use crate::functions::Body;
use crate::insert::can_store;
use crate::schema::Schema;
use crate::session::Session;
use crate::sql::Planner;
use crate::typed::{Kind, Typed};
use crate::types::{DataType, Field};
use crate::value::{Value, decimal_text};
use crate::widths::fitted;

/// The key of the metadata with the expression that rows of an `INSERT` get.
pub(crate) const CURRENT: &str = "CURRENT_DEFAULT";
/// The key of the metadata with the value of rows that are older than the column.
pub(crate) const EXISTS: &str = "EXISTS_DEFAULT";

impl Field {
    /// The expression that was given to `DEFAULT`.
    pub(crate) fn default(&self) -> Option<&str> {
        self.metadata.as_ref()?.get(CURRENT)?.as_str()
    }

    /// The value of older rows, as SQL text.
    pub(crate) fn older_default(&self) -> Option<&str> {
        self.metadata.as_ref()?.get(EXISTS)?.as_str()
    }

    /// With another text under a key of the metadata; without the key when there is none.
    #[must_use]
    pub(crate) fn with_text(mut self, key: &str, text: Option<String>) -> Self {
        let mut metadata = self.metadata.as_ref().map_or_else(Default::default, |m| (**m).clone());
        match text {
            Some(text) => metadata.insert(key.to_owned(), text.into()),
            None => metadata.remove(key),
        };
        self.metadata = if metadata.is_empty() { None } else { Some(Arc::new(metadata)) };
        self
    }

    /// What an `INSERT` without a value for the column writes.
    ///
    /// # Errors
    /// A text that is no expression.
    pub(crate) fn inserted(&self) -> Result<Arc<Expr>> {
        let child = match self.default() {
            Some(text) => crate::sql::column(text)?.expr().clone(),
            None => Expr::Literal(Value::Null).into(),
        };
        Ok(Expr::Cast { child, to: self.data_type.clone(), to_null: false }.into())
    }
}

impl Session {
    /// The columns of a new table, or new ones of a table, with the values that older rows have.
    ///
    /// # Errors
    /// As [`default_value`](Self::default_value), `DEFAULT_UNSUPPORTED`, `EXCEED_LIMIT_LENGTH`.
    pub(crate) fn with_older_defaults(&self, statement: &str, format: &str, columns: &[Field]) -> Result<Vec<Field>> {
        let checked = |field: &Field| {
            let Some(text) = field.default() else { return Ok(field.clone()) };
            if !matches!(format, "parquet" | "csv" | "json" | "orc") {
                let text = format!(
                    "Failed to execute {statement} command because DEFAULT values are not supported for target data source with table \
                     provider: \"{format}\"."
                );
                return Err(Error::analysis(text).with_condition("DEFAULT_UNSUPPORTED"));
            }
            let value = self.default_value(statement, field, text)?;
            if let Some(declared) = field.declared() {
                fitted(&value, &declared)?;
            }
            let older = sql_text(&value, &field.data_type);
            Ok(field.clone().with_text(EXISTS, Some(older)))
        };
        columns.iter().map(checked).collect()
    }

    /// The value that the text of a `DEFAULT` has now, for a column of this type.
    ///
    /// # Errors
    /// `INVALID_DEFAULT_VALUE` with its reason, a function that isn't there, what goes wrong while the value is computed.
    pub(crate) fn default_value(&self, statement: &str, field: &Field, text: &str) -> Result<Value> {
        let invalid = |condition: &'static str, why: &str| {
            let text = format!(
                "Failed to execute {statement} command because the destination column or variable `{}` has a DEFAULT value {text}, {why}.",
                field.name
            );
            Error::analysis(text).with_condition(condition)
        };
        let not_constant = || {
            let why = "which is not a constant expression whose equivalent value is known at query planning time";
            invalid("INVALID_DEFAULT_VALUE.NOT_CONSTANT", why)
        };
        let expr = crate::sql::column(text)?.expr().clone();
        if expr.any(&|part| matches!(part, Expr::Subquery(_))) {
            return Err(invalid("INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION", "which contains subquery expressions"));
        }
        if matches!(&*expr, Expr::Name(name) if &**name == "*") {
            return Err(invalid("INVALID_DEFAULT_VALUE.UNRESOLVED_EXPRESSION", "which fails to resolve as a valid expression"));
        }
        let planner = Planner::new(self);
        let typed = match planner.nothing().scope(&[]).resolve(&expr) {
            Err(error) if error.condition().is_some_and(|c| c.starts_with("UNRESOLVED_COLUMN")) => return Err(not_constant()),
            other => other?,
        };
        let (from, to) = (&typed.data_type, &field.data_type);
        let wrong_type = || {
            let why =
                format!("which requires \"{}\" type, but the statement provided a value of incompatible \"{}\" type", to.sql(), from.sql());
            invalid("INVALID_DEFAULT_VALUE.DATA_TYPE", &why)
        };
        let same = from == to || *from == DataType::Null;
        let (widens, is_text) = (same || widens(from, to), *from == DataType::String);
        let literal = matches!(typed.kind, Kind::Literal(_));
        if !(widens || is_text && is_read(to) || literal && !is_text && can_store(from, to)) {
            return Err(wrong_type());
        }
        if typed.any(&always_fails) {
            return Err(not_constant());
        }
        if !crate::optimize::deterministic(&typed) {
            return Err(invalid("INVALID_DEFAULT_VALUE.NON_DETERMINISTIC", "which contains a non-deterministic expression"));
        }
        if typed.any(&is_no_constant) {
            return Err(not_constant());
        }
        let value = planner.evaluated(&typed)?;
        if same {
            return Ok(value);
        }
        let cells = array_of(from, [&value]).and_then(|cells| cast(&cells, from, to, false));
        match cells.map(|cells| value_at(&cells, to, 0)) {
            Ok(Value::Null) if !widens => Err(wrong_type()),
            Ok(value) => Ok(value),
            Err(error) if widens => Err(error),
            Err(_) => Err(wrong_type()),
        }
    }

    /// What rows have in each column that their files lack; nothing when no column of the schema was added with a DEFAULT.
    ///
    /// # Errors
    /// A text of the metadata that is no value of its column.
    pub(crate) fn older_values(&self, schema: &Schema) -> Result<Vec<Value>> {
        if schema.iter().all(|f| f.older_default().is_none()) {
            return Ok(Vec::new());
        }
        let value = |field: &Field| {
            let Some(text) = field.older_default() else { return Ok(Value::Null) };
            let value = self.default_value("SELECT", field, text)?;
            field.declared().map_or(Ok(value.clone()), |declared| fitted(&value, &declared))
        };
        schema.iter().map(value).collect()
    }
}

/// Whether every value of a type is one of the other.
fn widens(from: &DataType, to: &DataType) -> bool {
    use DataType as T;
    match (from, to) {
        (T::String, _) => false,
        (T::Array(..) | T::Map(..) | T::Struct(_) | T::Vector | T::Matrix | T::Variant, T::String) => false,
        (_, T::String) => true,
        (T::Byte | T::Short | T::Int | T::Long, T::Float | T::Double) => true,
        // An array or a map of nothing has no type of its own.
        (T::Array(a, _), T::Array(b, _)) => a == b || **a == T::Null || widens(a, b),
        (T::Map(a, b, _), T::Map(c, d, _)) => (a == c || **a == T::Null || widens(a, c)) && (b == d || **b == T::Null || widens(b, d)),
        (from, to) => wider(from, to).as_ref() == Some(to),
    }
}

/// Whether a text may stand for a value of the type.
fn is_read(to: &DataType) -> bool {
    use DataType as T;
    !matches!(to, T::Boolean | T::Null | T::Array(..) | T::Map(..) | T::Struct(_) | T::Vector | T::Matrix | T::Variant)
}

fn is_no_constant(part: &Typed) -> bool {
    match &part.kind {
        Kind::Attribute(..) | Kind::Window(_) => true,
        Kind::Call { function, .. } => function.aggregate().is_some() || matches!(function.body, Body::Generator { .. }),
        _ => false,
    }
}

fn always_fails(part: &Typed) -> bool {
    matches!(&part.kind, Kind::Call { function, .. } if function.name == "raise_error")
}

/// The value as Spark writes it into SQL text (`Literal.sql`), where it keeps its type.
pub(crate) fn sql_text(value: &Value, data_type: &DataType) -> String {
    let list = |name: &str, items: Vec<String>| format!("{name}({})", items.join(", "));
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    match (value, data_type) {
        (Value::Null, DataType::Null) => "NULL".into(),
        (Value::Null, data_type) => format!("CAST(NULL AS {})", data_type.sql()),
        (Value::Byte(v), _) => format!("{v}Y"),
        (Value::Short(v), _) => format!("{v}S"),
        (Value::Long(v), _) => format!("{v}L"),
        (Value::Float(v), _) if !v.is_finite() => format!("CAST('{}' AS FLOAT)", java_float(*v)),
        (Value::Float(v), _) => format!("CAST({} AS FLOAT)", java_float(*v)),
        (Value::Double(v), _) if !v.is_finite() => format!("CAST('{}' AS DOUBLE)", java_double(*v)),
        (Value::Double(v), _) => format!("{}D", java_double(*v)),
        (Value::Decimal { unscaled, scale, .. }, _) => format!("{}BD", decimal_text(*unscaled, *scale)),
        (Value::String(text), _) => quoted(text),
        (Value::Array(items), DataType::Array(element, _)) => list("ARRAY", items.iter().map(|v| sql_text(v, element)).collect()),
        (Value::Map(entries), DataType::Map(key, item, _)) => {
            list("MAP", entries.iter().flat_map(|(k, v)| [sql_text(k, key), sql_text(v, item)]).collect())
        }
        (Value::Struct(row), DataType::Struct(fields)) => {
            let members = fields.iter().zip(&row.values).flat_map(|(f, v)| [quoted(&f.name), sql_text(v, &f.data_type)]);
            list("NAMED_STRUCT", members.collect())
        }
        (value, _) => Column::lit(value.clone()).expr().to_string(),
    }
}

/// A column with a value in some of its rows instead of what it has there.
///
/// # Errors
/// A value that isn't of the type.
pub(crate) fn filled(column: &ArrayRef, data_type: &DataType, value: &Value, rows: &BooleanArray) -> Result<ArrayRef> {
    let one = array_of(data_type, [value])?;
    let place = |(row, other): (usize, bool)| if other { (1, 0) } else { (0, row) };
    gather(&[column.clone(), one], rows.values().iter().enumerate().map(place))
}
