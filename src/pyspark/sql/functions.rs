//! `pyspark.sql.functions`, from the engine's declarations.

use kindling_frame::functions::{self, Function, ParamKind};
use kindling_frame::{Column, Expr, SortOrder, Value as Cell};
use kindling_python::{PyModule, PyResult, Value, Vm};

use super::column::{ColumnObject, column_or_literal, column_or_name, column_value, only_column};
use super::lambda::lambda;
use super::left_out::LEFT_OUT;
use super::{pandas_udf, types, udf};
use crate::args;
use crate::errors::{OrRaise, not_expected, spark_error};

const MODULE: &str = "pyspark.sql.functions";

/// Other names of functions that PySpark has, each with the name that its columns show.
const ALIASES: &[(&str, &str)] = &[
    ("mean", "avg"),
    ("std", "std"),
    ("variance", "variance"),
    ("ceiling", "ceiling"),
    ("create_map", "map"),
    ("bitwiseNOT", "bitwise_not"),
    ("shiftLeft", "shiftleft"),
    ("shiftRight", "shiftright"),
    ("shiftRightUnsigned", "shiftrightunsigned"),
    ("toDegrees", "degrees"),
    ("toRadians", "radians"),
    ("ln", "ln"),
    ("lcase", "lcase"),
    ("ucase", "ucase"),
    ("substr", "substr"),
    ("sign", "sign"),
    ("nvl", "nvl"),
    ("char_length", "char_length"),
    ("character_length", "character_length"),
    ("len", "len"),
    ("day", "day"),
    ("dateadd", "dateadd"),
    ("date_diff", "date_diff"),
    ("any_value", "any_value"),
    ("first_value", "first_value"),
    ("last_value", "last_value"),
    ("every", "every"),
    ("some", "some"),
    ("approx_percentile", "approx_percentile"),
    ("array_agg", "array_agg"),
    ("regexp", "regexp"),
    ("regexp_like", "regexp_like"),
    ("position", "position"),
    ("cardinality", "cardinality"),
    ("negate", "negative"),
    ("string_agg", "string_agg"),
    ("typeof", "typeof"),
    ("approxCountDistinct", "approx_count_distinct"),
];

/// Parameters whose texts are values, not names of columns, unless a function of [`PATTERN_IS_COLUMN`] has them.
const TEXTS: [&str; 10] =
    ["errMsg", "pattern", "replacement", "format", "substr", "matching", "replace", "dayOfWeek", "extraction", "value"];

/// Functions to which they are names of columns after all.
const PATTERN_IS_COLUMN: &[&str] = &[
    "like",
    "ilike",
    "replace",
    "overlay",
    "printf",
    "to_char",
    "to_varchar",
    "to_number",
    "try_to_number",
    "position",
    "try_element_at",
    "variant_insert",
    "try_variant_insert",
    "variant_set",
    "try_variant_set",
    "variant_array_append",
    "try_variant_array_append",
];

/// Numbers that may also come from a column, whose name a text then is.
const NUMBERS: [&str; 4] = ["pos", "len", "start", "limit"];

/// Functions whose arguments that are left out are zeros.
const ZEROS: [&str; 4] = ["make_dt_interval", "make_ym_interval", "make_interval", "try_make_interval"];

/// Flags that are true where they are left out, and shown so.
const TRUTHS: [&str; 2] = ["create_if_missing", "include_arrays"];

/// Makes the module.
pub(crate) fn install(vm: &mut Vm) {
    let module = PyModule::new(MODULE).doc("Functions of columns: import functions as F, then F.upper(\"name\").");
    for function in functions::all().filter(|function| is_name(function.name)) {
        module.set(function.name, declared(function, function.name, function.name));
    }
    for &(alias, shown) in ALIASES {
        if module.get(alias).is_none()
            && let Some(function) = functions::lookup(shown)
        {
            module.set(alias, declared(function, alias, shown));
        }
    }
    special(&module);
    udf::install(&module);
    super::udtf::install(&module);
    pandas_udf::install(&module);
    sorting(&module);
    aggregates(&module);
    super::window::functions(&module);
    unsupported(&module);
    vm.add_module(module);
}

/// Operators are functions to the engine, not to Python.
fn is_name(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !matches!(name, "and" | "or" | "not" | "in" | "getitem" | "getfield" | "with_field" | "drop_fields")
}

/// A function made from its declaration; `shown` is the name in the columns that it makes.
fn declared(function: &'static Function, python_name: &str, shown: &'static str) -> Value {
    let parameters: Vec<String> = function
        .params
        .iter()
        .map(|param| match param.kind {
            ParamKind::Column | ParamKind::Literal => param.name.to_owned(),
            ParamKind::Lambda => param.name.to_owned(),
            // SQL may leave it out, Python may not.
            ParamKind::Optional if param.name == "targetType" => param.name.to_owned(),
            ParamKind::Optional | ParamKind::OptionalColumn | ParamKind::OptionalLambda => format!("{}=None", param.name),
            ParamKind::Columns | ParamKind::Literals => format!("*{}", param.name),
        })
        .collect();
    let texts = !PATTERN_IS_COLUMN.contains(&python_name);
    let signature = format!("{python_name}({}) -> Column", parameters.join(", "));
    Value::function(&signature, function.doc, move |vm, values| {
        let mut columns = Vec::new();
        for (i, (param, value)) in function.params.iter().zip(&values).enumerate() {
            let is_text = texts && TEXTS.contains(&param.name);
            match param.kind {
                _ if param.name == "schema"
                    && let Some(schema) = types::type_object(value) =>
                {
                    columns.push(Column::lit(schema.to_json().to_string()));
                }
                _ if param.name == "options" && !value.is_none() => columns.push(options(vm, value)?),
                // A number can't be the name of a column: after the first argument it is a value.
                ParamKind::Column if is_text || i > 0 && value.as_f64().is_some() => columns.push(column_or_literal(vm, value)?),
                ParamKind::Column => columns.push(column_or_name(vm, value, param.name)?),
                ParamKind::Literal => columns.push(column_or_literal(vm, value)?),
                ParamKind::Optional if value.is_none() && TRUTHS.contains(&param.name) => columns.push(Column::lit(true)),
                ParamKind::Optional | ParamKind::OptionalColumn
                    if value.is_none()
                        && values[i + 1..].iter().any(|later| !later.is_none())
                        && let Some(default) = kindling_frame::default_of(function.name, i) =>
                {
                    columns.push(Column::lit(default));
                }
                ParamKind::OptionalColumn if value.is_none() && ZEROS.contains(&function.name) => columns.push(Column::lit(0)),
                ParamKind::Optional | ParamKind::OptionalColumn | ParamKind::OptionalLambda if value.is_none() => break,
                ParamKind::Optional if NUMBERS.contains(&param.name) && value.as_str().is_some() => {
                    columns.push(column_or_name(vm, value, param.name)?);
                }
                ParamKind::OptionalColumn if value.as_f64().is_some() => columns.push(column_or_literal(vm, value)?),
                ParamKind::OptionalColumn => columns.push(column_or_name(vm, value, param.name)?),
                ParamKind::Lambda | ParamKind::OptionalLambda => columns.push(lambda(vm, value, param.name)?),
                ParamKind::Optional => columns.push(column_or_literal(vm, value)?),
                ParamKind::Literals => {
                    let items = args::spread(value);
                    if items.is_empty() && function.name == "variant_delete" {
                        return Err(spark_error("PySparkValueError", "CANNOT_BE_EMPTY", "At least one paths must be specified."));
                    }
                    for item in items {
                        columns.push(column_or_literal(vm, &item)?);
                    }
                }
                ParamKind::Columns => {
                    for item in args::spread(value) {
                        columns.push(column_or_name(vm, &item, param.name)?);
                    }
                }
            }
        }
        functions::call(shown, columns).or_raise().map(column_value)
    })
}

/// `options={"mode": "FAILFAST"}` as a map of texts.
fn options(vm: &mut Vm, value: &Value) -> PyResult<Column> {
    let Some(dict) = value.as_dict() else { return Err(not_expected(vm, "options", "dict", value)) };
    let entries = dict
        .items()
        .iter()
        .map(|(name, value)| {
            let text = match value.as_bool() {
                Some(flag) => flag.to_string(),
                None => vm.str(value)?,
            };
            Ok((Cell::from(vm.str(name)?), Cell::from(text)))
        })
        .collect::<PyResult<Vec<_>>>()?;
    Ok(Column::lit(Cell::Map(entries.into())))
}

/// What has a form of its own in Python.
fn special(module: &PyModule) {
    let col = |vm: &mut Vm, values: Vec<Value>| args::text(vm, &values[0], "col").map(|name| column_value(Column::name(name)));
    module.set("col", Value::function("col(col) -> Column", "The column of this name in whatever DataFrame uses it.", col));
    module.set("column", Value::function("column(col) -> Column", "As col().", col));
    module.set(
        "lit",
        Value::function("lit(col) -> Column", "A column of one plain value.", |vm, values| {
            column_or_literal(vm, &values[0]).map(column_value)
        }),
    );
    module.set(
        "expr",
        Value::function("expr(str) -> Column", "A column from SQL text, such as \"age > 30 AND name LIKE 'A%'\".", |vm, values| {
            let text = args::text(vm, &values[0], "str")?;
            kindling_frame::sql::column(&text).or_raise().map(column_value)
        }),
    );
    module.set(
        "when",
        Value::function(
            "when(condition, value) -> Column",
            "The value where the condition holds; see Column.when and Column.otherwise.",
            |vm, values| {
                let condition = only_column(vm, &values[0], "condition", "Column")?;
                let value = column_or_literal(vm, &values[1])?;
                Ok(column_value(Column::when(&condition, &value)))
            },
        ),
    );
    module.set(
        "broadcast",
        Value::function("broadcast(df)", "Marks a small DataFrame: a join sends it to every task.", |vm, values| {
            Ok(super::frame::frame_value(super::frame::frame_of(vm, &values[0], "df")?.broadcast()))
        }),
    );
    module.set(
        "log",
        Value::function("log(arg1, arg2=None) -> Column", "The natural logarithm, or that to the base arg1 of arg2.", |vm, values| {
            if values[1].is_none() {
                let column = column_or_name(vm, &values[0], "arg1")?;
                return call("ln", vec![column]);
            }
            let (base, column) = (column_or_literal(vm, &values[0])?, column_or_name(vm, &values[1], "arg2")?);
            call("log", vec![base, column])
        }),
    );
    module.set(
        "split",
        Value::function(
            "split(str, pattern, limit=-1) -> Column",
            "The parts of the text between matches of a regular expression.",
            |vm, values| {
                let column = column_or_name(vm, &values[0], "str")?;
                let pattern = column_or_literal(vm, &values[1])?;
                let limit = if values[2].as_str().is_some() {
                    column_or_name(vm, &values[2], "limit")?
                } else {
                    column_or_literal(vm, &values[2])?
                };
                call("split", vec![column, pattern, limit])
            },
        ),
    );
    for name in ["pow", "power"] {
        module.set(
            name,
            Value::function(&format!("{name}(col1, col2)"), "The first to the power of the second.", |vm, values| {
                let (base, exponent) = (number_or_name(vm, &values[0], "col1")?, number_or_name(vm, &values[1], "col2")?);
                Ok(column_value(base.pow(&exponent)))
            }),
        );
    }
    for name in ["current_date", "curdate", "current_timestamp", "now", "localtimestamp"] {
        let doc = functions::lookup(name).map_or("", |f| f.doc);
        module.set(
            name,
            Value::function(&format!("{name}() -> Column"), doc, move |vm, _| {
                functions::set_query_time((vm.host().now() * 1e6) as i64);
                call(name, Vec::new())
            }),
        );
    }
    let doc = functions::lookup("current_time").map_or("", |f| f.doc);
    module.set(
        "current_time",
        Value::function("current_time(precision=None) -> Column", doc, |vm, values| {
            functions::set_query_time((vm.host().now() * 1e6) as i64);
            let precision = if values[0].is_none() { Vec::new() } else { vec![column_or_literal(vm, &values[0])?] };
            call("current_time", precision)
        }),
    );
    for name in ["make_timestamp", "make_timestamp_ntz", "try_make_timestamp", "try_make_timestamp_ntz"] {
        let doc = functions::lookup(name).map_or("", |f| f.doc);
        let zone = if name.ends_with("ntz") { "" } else { ", timezone=None" };
        let parts = "years=None, months=None, days=None, hours=None, mins=None, secs=None";
        let signature = format!("{name}({parts}{zone}, date=None, time=None) -> Column");
        module.set(
            name,
            Value::function(&signature, doc, move |vm, values| {
                let (parts, both) = values.split_at(values.len() - 2);
                let (used, other) = if values[0].is_none() { (both, &parts[..6]) } else { (&parts[..6], both) };
                if other.iter().any(|v| !v.is_none()) {
                    let text = "years|months|days|hours|mins|secs and date|time should not be set together.";
                    return Err(spark_error("PySparkValueError", "CANNOT_SET_TOGETHER", text));
                }
                let given = used.iter().chain(parts[6..].iter().filter(|v| !v.is_none()));
                let columns = given.map(|v| number_or_name(vm, v, "date")).collect::<PyResult<Vec<_>>>()?;
                call(name, columns)
            }),
        );
    }
    for (name, count, parameters) in [
        ("randstr", 1, "length, seed=None"),
        ("uniform", 2, "min, max, seed=None"),
        ("uuid", 0, "seed=None"),
        ("shuffle", 1, "col, seed=None"),
        ("count_min_sketch", 3, "col, eps, confidence, seed=None"),
    ] {
        let doc = functions::lookup(name).map_or("", |f| f.doc);
        module.set(
            name,
            Value::function(&format!("{name}({}) -> Column", parameters), doc, move |vm, values| {
                let mut columns = Vec::new();
                for (i, value) in values[..count].iter().enumerate() {
                    let is_column = i == 0 && parameters.starts_with("col,");
                    columns.push(if is_column { column_or_name(vm, value, "col")? } else { column_or_literal(vm, value)? });
                }
                columns.push(match &values[count] {
                    Value::None => Column::lit(vm.host().entropy() as i64),
                    seed => column_or_literal(vm, seed)?,
                });
                call(name, columns)
            }),
        );
    }
    module.set(
        "convert_timezone",
        Value::function(
            "convert_timezone(sourceTz, targetTz, sourceTs) -> Column",
            "A time without a zone from one zone's clock to another's.",
            |vm, values| {
                let mut columns = Vec::new();
                if !values[0].is_none() {
                    columns.push(column_or_name(vm, &values[0], "sourceTz")?);
                }
                columns.push(column_or_name(vm, &values[1], "targetTz")?);
                columns.push(column_or_name(vm, &values[2], "sourceTs")?);
                call("convert_timezone", columns)
            },
        ),
    );
    module.set(
        "unix_timestamp",
        Value::function(
            "unix_timestamp(timestamp=None, format=\"yyyy-MM-dd HH:mm:ss\") -> Column",
            "Seconds since 1970 of a date, a timestamp, or a text by a pattern; of now when nothing is given.",
            |vm, values| {
                let time = match &values[0] {
                    Value::None => {
                        functions::set_query_time((vm.host().now() * 1e6) as i64);
                        Column::call("current_timestamp", [])
                    }
                    value => column_or_name(vm, value, "timestamp")?,
                };
                call("unix_timestamp", vec![time, column_or_literal(vm, &values[1])?])
            },
        ),
    );
    module.set(
        "window",
        Value::function(
            "window(timeColumn, windowDuration, slideDuration=None, startTime=None) -> Column",
            "The windows of time, such as \"10 minutes\", that a time falls into: groupBy(F.window(\"time\", \"10 minutes\")).",
            |vm, values| {
                let mut columns = vec![column_or_name(vm, &values[0], "timeColumn")?];
                let slide = if values[2].is_none() { &values[1] } else { &values[2] };
                let last = if values[3].is_none() { if values[2].is_none() { 1 } else { 2 } } else { 3 };
                for (value, name) in
                    [&values[1], slide, &values[3]].into_iter().zip(["windowDuration", "slideDuration", "startTime"]).take(last)
                {
                    let text = args::text(vm, value, name)?;
                    columns.push(Column::lit(text.as_str()));
                }
                call("window", columns)
            },
        ),
    );
    module.set(
        "call_function",
        Value::function("call_function(funcName, *cols) -> Column", "The function of this name.", |vm, values| {
            let name = args::text(vm, &values[0], "funcName")?;
            let mut columns = Vec::new();
            for item in args::spread(&values[1]) {
                columns.push(column_or_name(vm, &item, "cols")?);
            }
            match udf::registered(vm, &name, &columns) {
                Some(column) => Ok(column_value(column)),
                None => call(&name, columns),
            }
        }),
    );
    for name in ["rand", "randn"] {
        module.set(
            name,
            Value::function(&format!("{name}(seed=None)"), "A random number for each row.", move |vm, values| {
                let seed = if values[0].is_none() { vm.host().entropy() as i64 } else { args::int(vm, &values[0], "seed")? };
                call(name, vec![Column::lit(seed)])
            }),
        );
    }
}

/// Spark takes a plain number for a column in `pow`.
fn number_or_name(vm: &mut Vm, value: &Value, name: &str) -> PyResult<Column> {
    if matches!(value, Value::Int(_) | Value::Float(_)) {
        return column_or_literal(vm, value);
    }
    column_or_name(vm, value, name)
}

pub(super) fn call(name: &str, columns: Vec<Column>) -> PyResult<Value> {
    functions::call(name, columns).or_raise().map(column_value)
}

fn sorting(module: &PyModule) {
    let orders = [
        ("asc", false, true),
        ("asc_nulls_first", false, true),
        ("asc_nulls_last", false, false),
        ("desc", true, false),
        ("desc_nulls_first", true, true),
        ("desc_nulls_last", true, false),
    ];
    for (name, descending, nulls_first) in orders {
        let function = move |vm: &mut Vm, values: Vec<Value>| {
            Ok(column_value(column_or_name(vm, &values[0], "col")?.sort(SortOrder { descending, nulls_first })))
        };
        module.set(name, Value::function(&format!("{name}(col)"), "An order for orderBy().", function));
    }
}

fn aggregates(module: &PyModule) {
    module.set(
        "count",
        Value::function("count(col) -> Column", "How many values are not null; of \"*\" how many rows.", |vm, values| {
            let column = column_or_name(vm, &values[0], "col")?;
            let star = matches!(&**column.expr(), Expr::Name(name) if &**name == "*");
            Ok(column_value(Column::call("count", [if star { Column::lit(1) } else { column }])))
        }),
    );
    let distinct = |function: &'static str| {
        move |vm: &mut Vm, values: Vec<Value>| {
            let mut columns = vec![column_or_name(vm, &values[0], "col")?];
            if let Some(more) = values.get(1) {
                for item in args::spread(more) {
                    columns.push(column_or_name(vm, &item, "cols")?);
                }
            }
            Ok(column_value(Column::call_distinct(function, columns)))
        }
    };
    for name in ["countDistinct", "count_distinct"] {
        module.set(name, Value::function(&format!("{name}(col, *cols)"), "How many different values there are.", distinct("count")));
    }
    for (name, function) in [("listagg_distinct", "listagg"), ("string_agg_distinct", "string_agg")] {
        let function = move |vm: &mut Vm, values: Vec<Value>| {
            let mut columns = vec![column_or_name(vm, &values[0], "col")?];
            if !values[1].is_none() {
                columns.push(column_or_literal(vm, &values[1])?);
            }
            Ok(column_value(Column::call_distinct(function, columns)))
        };
        module.set(name, Value::function(&format!("{name}(col, delimiter=None)"), "The different values as one text.", function));
    }
    module.set(
        "mode",
        Value::function("mode(col, deterministic=False) -> Column", "The most frequent value; of several the smallest.", |vm, values| {
            let mut columns = vec![column_or_name(vm, &values[0], "col")?];
            if vm.truth(&values[1])? {
                columns.push(Column::lit(true));
            }
            call("mode", columns)
        }),
    );
    for name in ["sumDistinct", "sum_distinct"] {
        module.set(name, Value::function(&format!("{name}(col)"), "The sum of the different values.", distinct("sum")));
    }
    for name in ["first", "last"] {
        if functions::lookup(name).is_some() {
            let function = move |vm: &mut Vm, values: Vec<Value>| {
                let column = column_or_name(vm, &values[0], "col")?;
                let ignore = vm.truth(&values[1])?;
                call(name, if ignore { vec![column, Column::lit(true)] } else { vec![column] })
            };
            module.set(name, Value::function(&format!("{name}(col, ignorenulls=False)"), "The first or last value of a group.", function));
        }
    }
}

/// Known functions that Kindling doesn't have, each with what to do instead.
fn unsupported(module: &PyModule) {
    for family in LEFT_OUT {
        for name in family.names.iter().filter(|name| module.get(name).is_none()) {
            let function = move |_: &mut Vm, _| {
                let text = format!("{name}() is not in Kindling: {}. Instead, {}", family.why, family.instead);
                Err(spark_error("PySparkNotImplementedError", "NOT_IMPLEMENTED", text))
            };
            module.set(name, Value::raw_function(name, "A function that Kindling doesn't have.", function));
        }
    }
}

/// The name of the one column that an aggregate such as `avg("x")` is of, when a text stands for a column.
pub(crate) fn aggregate(name: &str, column: &str) -> PyResult<Value> {
    let name = match name {
        "mean" => "avg",
        other => other,
    };
    let star = column == "*" && name == "count";
    functions::call(name, vec![if star { Column::lit(1) } else { Column::name(column) }]).or_raise().map(column_value)
}

/// The column behind a Python value.
pub(crate) fn column_of(value: &Value) -> Option<Column> {
    value.as_native::<ColumnObject>().map(|object| object.0.clone())
}
