//! `spark.sql(text)` with its parameters, and cells of SQL.

use kindling_frame::functions::set_query_time;
use kindling_frame::sql::{Parameters, statements};
use kindling_frame::{Column, DataFrame, Session, Value as Cell};
use kindling_python::{PyResult, Value, Vm};

use super::column::{ColumnObject, column_or_literal};
use super::frame::{FrameObject, frame_value};
use crate::convert::literal;
use crate::errors::{OrRaise, not_expected};

/// Runs one statement. `parameters` is a dict for `:name` or a list for `?`; `named` holds what stands for `{name}`: frames under a name of
/// their own, columns, and plain values.
pub(crate) fn run(vm: &mut Vm, session: &Session, text: &str, parameters: &Value, named: &Value) -> PyResult<DataFrame> {
    begin(vm);
    let parameters = values(vm, parameters)?;
    let (mut text, mut views) = (text.to_owned(), Vec::new());
    for (name, value) in named.as_dict().map(|dict| dict.items()).unwrap_or_default() {
        let name = name.as_str().unwrap_or_default().to_owned();
        let shown = match (value.as_native::<FrameObject>(), value.as_native::<ColumnObject>()) {
            (Some(frame), _) => {
                let view = format!("_spark_sql_{name}");
                frame.0.create_or_replace_temp_view(&view);
                views.push(view.clone());
                view
            }
            (_, Some(column)) => column.0.to_string(),
            _ => match &value {
                // A tuple is a list of values, as IN takes one.
                Value::Tuple(_) => {
                    let items = value.as_sequence().unwrap_or_default();
                    let items = items.iter().map(|item| written(vm, item)).collect::<PyResult<Vec<_>>>()?;
                    format!("({})", items.join(", "))
                }
                value => written(vm, value)?,
            },
        };
        // {df} is the frame, {df[age]} and {df.age} its column.
        text = text.replace(&format!("{{{name}}}"), &shown);
        while let Some(start) = text.find(&format!("{{{name}.")) {
            let Some(end) = text[start..].find('}').map(|end| start + end) else { break };
            let column = text[start + name.len() + 2..end].to_owned();
            text.replace_range(start..=end, &format!("{shown}.{column}"));
        }
        while let Some(start) = text.find(&format!("{{{name}[")) {
            let Some(end) = text[start..].find("]}").map(|end| start + end) else { break };
            let column = text[start + name.len() + 2..end].to_owned();
            text.replace_range(start..end + 2, &format!("{shown}.{column}"));
        }
    }
    let frame = session.sql(&text, &parameters).or_raise();
    for view in &views {
        session.drop_view(view);
    }
    frame
}

/// A plain value as SQL text.
fn written(vm: &mut Vm, value: &Value) -> PyResult<String> {
    Ok(match literal(vm, value)? {
        Cell::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        cell => Column::lit(cell).to_string(),
    })
}

/// What SQL text calls the current time is the time of its statement.
fn begin(vm: &mut Vm) {
    set_query_time((vm.host().now() * 1e6) as i64);
    super::udf::before_sql(vm);
}

fn values(vm: &mut Vm, given: &Value) -> PyResult<Parameters> {
    if given.is_none() {
        return Ok(Parameters::default());
    }
    if let Some(dict) = given.as_dict().cloned() {
        let mut named = Vec::new();
        for (name, value) in dict.items() {
            named.push((name.as_str().unwrap_or_default().to_owned(), column_or_literal(vm, &value)?));
        }
        return Ok(Parameters::named(named));
    }
    let Some(items) = given.as_sequence() else { return Err(not_expected(vm, "args", "dict, list or tuple", given)) };
    Ok(Parameters::positional(items.iter().map(|item| column_or_literal(vm, item)).collect::<PyResult<Vec<_>>>()?))
}

/// The text of a cell whose first line says `%sql`.
pub fn sql_cell(source: &str) -> Option<&str> {
    let rest = source.trim_start().strip_prefix("%sql")?;
    rest.is_empty().then_some("").or_else(|| rest.starts_with(char::is_whitespace).then_some(rest))
}

/// Runs the statements of a cell of SQL; the last one's frame is also there as `_sqldf`. None when there is nothing to show.
///
/// # Errors
/// `ParseException`, `AnalysisException`, and whatever a statement fails with.
pub fn run_sql_cell(vm: &mut Vm, session: &Session, text: &str) -> PyResult<Option<Value>> {
    let mut last = None;
    for statement in statements(text).or_raise()? {
        begin(vm);
        last = Some(session.sql(statement, &Parameters::default()).or_raise()?);
    }
    let Some(frame) = last else { return Ok(None) };
    let shown = !frame.columns().is_empty();
    let value = frame_value(frame);
    vm.set_builtin("_sqldf", value.clone());
    Ok(shown.then_some(value))
}
