//! `df.na` and `df.stat`: missing values, and statistics of columns.

use std::rc::Rc;

use kindling_frame::{DataFrame, Value as Cell};
use kindling_python::{ClassBuilder, NativeObject, PyClass, PyResult, Value, Vm};

use super::frame::frame_value;
use crate::args;
use crate::convert::cell;
use crate::errors::{OrRaise, not_expected, spark_error};

pub(crate) struct NaObject(pub(crate) DataFrame);

pub(crate) struct StatObject(pub(crate) DataFrame);

impl NativeObject for NaObject {
    fn class_name(&self) -> &str {
        "DataFrameNaFunctions"
    }
}

impl NativeObject for StatObject {
    fn class_name(&self) -> &str {
        "DataFrameStatFunctions"
    }
}

fn na(value: &Value) -> PyResult<DataFrame> {
    value
        .as_native::<NaObject>()
        .map(|object| object.0.clone())
        .ok_or_else(|| kindling_python::PyError::type_error("not a DataFrameNaFunctions"))
}

fn stat(value: &Value) -> PyResult<DataFrame> {
    value
        .as_native::<StatObject>()
        .map(|object| object.0.clone())
        .ok_or_else(|| kindling_python::PyError::type_error("not a DataFrameStatFunctions"))
}

/// Makes both classes.
pub(crate) fn install(vm: &mut Vm) -> (Rc<PyClass>, Rc<PyClass>) {
    let missing = ClassBuilder::new("DataFrameNaFunctions", "pyspark.sql.dataframe")
        .doc("What to do with missing values.")
        .method(
            "drop(self, how='any', thresh=None, subset=None)",
            "Without rows where any (or all) of the columns are missing.",
            |vm, values| drop(vm, &na(&values[0])?, &values[1..]),
        )
        .method("fill(self, value, subset=None)", "With a value in the place of what is missing.", |vm, values| {
            fill(vm, &na(&values[0])?, &values[1..])
        })
        .method("replace(self, to_replace, value=None, subset=None)", "With values in the place of others.", |vm, values| {
            replace(vm, &na(&values[0])?, &values[1..])
        })
        .build();
    let statistics = ClassBuilder::new("DataFrameStatFunctions", "pyspark.sql.dataframe")
        .doc("Statistics of columns.")
        .method("corr(self, col1, col2, method=None)", "Pearson's correlation of two columns.", |vm, values| {
            correlation(vm, &stat(&values[0])?, &values[1..])
        })
        .method("cov(self, col1, col2)", "The sample covariance of two columns.", |vm, values| {
            covariance(vm, &stat(&values[0])?, &values[1..])
        })
        .method(
            "approxQuantile(self, col, probabilities, relativeError)",
            "Quantiles of columns, off by at most relativeError in rank.",
            |vm, values| quantiles(vm, &stat(&values[0])?, &values[1..]),
        )
        .method("crosstab(self, col1, col2)", "How often each pair of values occurs.", |vm, values| {
            super::frame_rare::crosstab(vm, &stat(&values[0])?, &values[1..])
        })
        .method("freqItems(self, cols, support=None)", "Of each column the values that may be frequent.", |vm, values| {
            super::frame_rare::freq_items(vm, &stat(&values[0])?, &values[1..])
        })
        .method("sampleBy(self, col, fractions, seed=None)", "A share of the rows with each value of a column.", |vm, values| {
            super::frame_rare::sample_by(vm, &stat(&values[0])?, &values[1..])
        })
        .build();
    vm.register_class(&missing);
    vm.register_class(&statistics);
    (missing, statistics)
}

/// `dropna(how, thresh, subset)`
pub(super) fn drop(vm: &mut Vm, frame: &DataFrame, values: &[Value]) -> PyResult<Value> {
    let how = args::text(vm, &values[0], "how")?;
    if how != "any" && how != "all" {
        return Err(spark_error(
            "PySparkValueError",
            "VALUE_NOT_ANY_OR_ALL",
            format!("Value for `how` must be 'any' or 'all', got '{how}'."),
        ));
    }
    let thresh = if values[1].is_none() { None } else { Some(args::count(vm, &values[1], "thresh")?) };
    let subset = args::optional_texts(vm, &values[2], "subset")?;
    let subset = subset.as_deref().map(args::strs);
    frame.dropna(&how, thresh, subset.as_deref()).or_raise().map(frame_value)
}

/// `fillna(value, subset)`
pub(super) fn fill(vm: &mut Vm, frame: &DataFrame, values: &[Value]) -> PyResult<Value> {
    if let Some(dict) = values[0].as_dict().cloned() {
        let mut each = Vec::new();
        for (name, value) in dict.items() {
            each.push((args::text(vm, &name, "value")?, plain(vm, &value)?));
        }
        return frame.fillna_each(&each).or_raise().map(frame_value);
    }
    let value = plain(vm, &values[0])?;
    let subset = args::optional_texts(vm, &values[1], "subset")?;
    let subset = subset.as_deref().map(args::strs);
    frame.fillna(&value, subset.as_deref()).or_raise().map(frame_value)
}

fn plain(vm: &mut Vm, value: &Value) -> PyResult<Cell> {
    match value {
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => cell(vm, value),
        other => Err(not_expected(vm, "value", "bool, dict, float, int or str", other)),
    }
}

/// `replace(to_replace, value, subset)`: one value, a list with one value or as many, or a dict.
pub(super) fn replace(vm: &mut Vm, frame: &DataFrame, values: &[Value]) -> PyResult<Value> {
    let mut pairs = Vec::new();
    let mut subset = &values[2];
    if let Some(dict) = values[0].as_dict().cloned() {
        for (old, new) in dict.items() {
            pairs.push((cell(vm, &old)?, cell(vm, &new)?));
        }
        // replace({…}, "column") gives the subset in the second place.
        if subset.is_none() && !values[1].is_none() {
            subset = &values[1];
        }
    } else {
        let old = values[0].as_sequence().unwrap_or_else(|| vec![values[0].clone()]);
        let new = match values[1].as_sequence() {
            Some(new) => new,
            None => vec![values[1].clone(); old.len()],
        };
        if old.len() != new.len() {
            let text = format!("Arguments `to_replace` and `value` should be of the same length, got {} and {}.", old.len(), new.len());
            return Err(spark_error("PySparkValueError", "LENGTH_SHOULD_BE_THE_SAME", text));
        }
        for (old, new) in old.iter().zip(&new) {
            pairs.push((cell(vm, old)?, cell(vm, new)?));
        }
    }
    let subset = args::optional_texts(vm, subset, "subset")?;
    let subset = subset.as_deref().map(args::strs);
    frame.replace(&pairs, subset.as_deref()).or_raise().map(frame_value)
}

/// `corr(col1, col2, method)`
pub(super) fn correlation(vm: &mut Vm, frame: &DataFrame, values: &[Value]) -> PyResult<Value> {
    let [first, second, method] = values else { return Ok(Value::None) };
    let (first, second) = (args::text(vm, first, "col1")?, args::text(vm, second, "col2")?);
    if args::optional_text(vm, method, "method")?.is_some_and(|method| method != "pearson") {
        let text = "Value for `method` has to be amongst the following values: ['pearson'].";
        return Err(spark_error("PySparkValueError", "VALUE_NOT_ALLOWED", text));
    }
    frame.corr(&first, &second).or_raise().map(Value::Float)
}

/// `cov(col1, col2)`
pub(super) fn covariance(vm: &mut Vm, frame: &DataFrame, values: &[Value]) -> PyResult<Value> {
    let [first, second] = values else { return Ok(Value::None) };
    frame.cov(&args::text(vm, first, "col1")?, &args::text(vm, second, "col2")?).or_raise().map(Value::Float)
}

/// Approximate quantiles of one column, or for each of a list of columns.
pub(super) fn quantiles(vm: &mut Vm, frame: &DataFrame, values: &[Value]) -> PyResult<Value> {
    let [columns, probabilities, error] = values else { return Ok(Value::None) };
    let names = match (columns.as_str(), columns.as_sequence()) {
        (Some(one), _) => vec![one.to_owned()],
        (None, Some(items)) => items.iter().map(|item| column_name(vm, item)).collect::<PyResult<_>>()?,
        _ => return Err(not_expected(vm, "col", "list, str or tuple", columns)),
    };
    let Some(shares) = probabilities.as_sequence() else {
        return Err(not_expected(vm, "probabilities", "list or tuple", probabilities));
    };
    let share = |item: &Value| plain_float(item).filter(|share| (0.0..=1.0).contains(share));
    if let Some(bad) = shares.iter().find(|item| share(item).is_none()) {
        return Err(not_expected(vm, "probabilities", "list[float, int]", bad));
    }
    let shares: Vec<f64> = shares.iter().filter_map(share).collect();
    let Some(tolerated) = plain_float(error) else { return Err(not_expected(vm, "relativeError", "float or int", error)) };
    if tolerated < 0.0 {
        let text = format!("Value for `relativeError` must be greater than or equal to 0, got '{}'.", vm.str(error)?);
        return Err(spark_error("PySparkValueError", "NEGATIVE_VALUE", text));
    }
    let found = frame.approx_quantile(&args::strs(&names), &shares, tolerated).or_raise()?;
    let mut lists = found.into_iter().map(|list| Value::list(list.into_iter().map(Value::Float).collect::<Vec<_>>()));
    Ok(if columns.as_str().is_some() { lists.next().unwrap_or_default() } else { Value::list(lists.collect::<Vec<_>>()) })
}

fn column_name(vm: &mut Vm, item: &Value) -> PyResult<String> {
    item.as_str().map(str::to_owned).ok_or_else(|| {
        let found = vm.type_name(item);
        let text = format!("Argument `col`(type: list) should only contain a type in [str], got {found}");
        spark_error("PySparkTypeError", "DISALLOWED_TYPE_FOR_CONTAINER", text)
    })
}

fn plain_float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        Value::Int(number) => Some(*number as f64),
        Value::Bool(is) => Some(f64::from(u8::from(*is))),
        _ => None,
    }
}
