//! The methods of `DataFrame`.

use kindling_frame::{Column, DataFrame, ExplainMode, JoinKind, JoinOn, SortOrder};
use kindling_python::{Args, ClassBuilder, PyResult, Value, Vm};

use super::column::{column_or_name, column_value, only_column};
use super::frame::{FrameObject, columns, frame_of, frame_value};
use super::group::{GroupObject, Sets};
use super::missing::{NaObject, StatObject};
use super::rdd::RddObject;
use super::writer::WriterObject;
use super::{functions, pandas, pandas_udf, types};
use crate::args;
use crate::convert::row_to_python;
use crate::errors::{OrRaise, missing, not_expected, spark_error};

/// What PySpark has and Kindling hasn't, with what to do instead.
const MISSING: [(&str, &str); 7] = [
    ("pandas_api", "The pandas API on Spark is not here: the methods of DataFrame are, and df.toPandas() gives a pandas frame."),
    ("toArrow", "df.collect() gives Python rows."),
    ("mapInArrow", "Use the functions of pyspark.sql.functions."),
    ("toJSON", ""),
    ("writeStream", ""),
    ("withWatermark", ""),
    ("writeTo", "Use df.write."),
];

pub(super) fn all(builder: ClassBuilder) -> ClassBuilder {
    let builder = properties(builder);
    let builder = choosing(builder);
    let builder = combining(builder);
    let builder = sampling(builder);
    let builder = cleaning(builder);
    let builder = acting(builder);
    let builder = super::udtf::as_table(super::asked::all(super::frame_rare::all(builder)));
    let builder = with_pandas(builder);
    MISSING.into_iter().fold(builder, |builder, (name, instead)| {
        builder.method(&format!("{name}(self, *args, **kwargs)"), "Not in Kindling.", move |_, _| {
            Err(missing(&format!("DataFrame.{name}"), instead))
        })
    })
}

fn with_pandas(builder: ClassBuilder) -> ClassBuilder {
    builder.method("toPandas(self)", "All rows as a pandas DataFrame.", |vm, values| pandas::to_pandas(vm, this(&values[0]))).method(
        "mapInPandas(self, func, schema, barrier=False, profile=None) -> DataFrame",
        "The rows that a function from an iterator of pandas frames to another makes of each partition.",
        |vm, values| pandas_udf::map_in_pandas(vm, this(&values[0]), &values[1], &values[2]),
    )
}

/// The frame that a method was called on.
fn this(value: &Value) -> &DataFrame {
    match value.as_native::<FrameObject>() {
        Some(object) => &object.0,
        None => unreachable!("a method of DataFrame is bound to one"),
    }
}

/// Keeps the frame's rows or forgets them; gives the frame.
fn keep(frame: &Value, rows: bool) -> Value {
    if rows {
        let _ = this(frame).cache();
    } else {
        this(frame).unpersist();
    }
    if let Some(object) = frame.as_native::<FrameObject>() {
        object.1.set(rows);
    }
    frame.clone()
}

fn framed(result: kindling_partition::Result<DataFrame>) -> PyResult<Value> {
    result.or_raise().map(frame_value)
}

fn properties(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("inputFiles(self) -> list", "The files that the rows come from.", |_, values| {
            let files = this(&values[0]).input_files().into_iter().map(|path| Value::str(format!("file://{}", kindling_frame::uri(&path))));
            Ok(Value::list(files.collect::<Vec<_>>()))
        })
        .property("columns", "The names of the columns.", |_, df| Ok(Value::from(this(df).columns())))
        .property("dtypes", "The names and types of the columns.", |_, df| {
            let pairs =
                this(df).schema().fields().iter().map(|f| Value::tuple([Value::str(&*f.name), Value::str(f.data_type.to_string())]));
            Ok(Value::list(pairs.collect::<Vec<_>>()))
        })
        .property("schema", "The columns as a StructType.", |_, df| Ok(types::schema_value(this(df).schema())))
        .property("na", "What to do with missing values.", |_, df| Ok(Value::native(NaObject(this(df).clone()))))
        .property("stat", "Statistics of columns.", |_, df| Ok(Value::native(StatObject(this(df).clone()))))
        .property("plot", "Charts: df.plot.line(x=…, y=…).", |_, df| Ok(crate::plot::accessor(this(df))))
        .property("write", "DataFrameWriter: writes to files, as in df.write.csv(path).", |_, df| {
            Ok(Value::native(WriterObject::new(this(df).clone())))
        })
        .property("rdd", "The rows as an RDD, of which there is little here.", |_, df| Ok(Value::native(RddObject(this(df).clone()))))
        .property("sparkSession", "The session.", |_, df| Ok(super::session::session_value(this(df).session())))
        .property("isStreaming", "Always False.", |_, _| Ok(Value::Bool(false)))
        .property("is_cached", "Whether cache() was called on this frame, and unpersist() not since.", |_, df| {
            Ok(Value::Bool(df.as_native::<FrameObject>().is_some_and(|object| object.1.get())))
        })
        .method("isLocal(self)", "Always True.", |_, _| Ok(Value::Bool(true)))
        .method("printSchema(self, level=None)", "Prints the names and types of the columns as a tree.", |vm, values| {
            let tree = this(&values[0]).schema().tree_string();
            let most = if values[1].is_none() { usize::MAX } else { args::count(vm, &values[1], "level")? };
            // Each level is five characters further in.
            let shown = |line: &&str| line.find("|--").is_none_or(|at| at / 5 < most);
            let lines: String = tree.lines().filter(shown).map(|line| format!("{line}\n")).collect();
            let text = format!("{lines}\n");
            vm.print(&text);
            Ok(Value::None)
        })
        .method("explain(self, extended=None, mode=None)", "Prints the plan; mode: simple, extended, formatted, cost.", |vm, values| {
            let mode = explain_mode(vm, &values[1], &values[2])?;
            // Spark's text, and print()'s own line end.
            let text = format!("{}\n", this(&values[0]).explain(mode));
            vm.print(&text);
            Ok(Value::None)
        })
}

/// What `explain(extended, mode)` asks for: `extended` may be the mode, as in Databricks.
fn explain_mode(vm: &mut Vm, extended: &Value, mode: &Value) -> PyResult<ExplainMode> {
    if !extended.is_none() && !mode.is_none() {
        return Err(spark_error("PySparkValueError", "CANNOT_SET_TOGETHER", "extended and mode should not be set together."));
    }
    match (extended, mode) {
        (Value::None, Value::None) => Ok(ExplainMode::Simple),
        (Value::Bool(extended), Value::None) => Ok(if *extended { ExplainMode::Extended } else { ExplainMode::Simple }),
        (Value::None, mode) => ExplainMode::parse(&args::text(vm, mode, "mode")?).or_raise(),
        (extended, _) => match extended.as_str() {
            Some(name) => ExplainMode::parse(name).or_raise(),
            None => Err(not_expected(vm, "extended", "bool or str", extended)),
        },
    }
}

fn choosing(builder: ClassBuilder) -> ClassBuilder {
    let filter = |vm: &mut Vm, values: Vec<Value>| {
        if let Some(text) = values[1].as_str() {
            let condition = kindling_frame::sql::column(text).or_raise()?;
            return framed(this(&values[0]).filter(&condition));
        }
        let condition = only_column(vm, &values[1], "condition", "Column or str")?;
        framed(this(&values[0]).filter(&condition))
    };
    builder
        .method("select(self, *cols) -> DataFrame", "A frame of these columns: names, columns, expressions, or \"*\".", |vm, values| {
            let columns = columns(vm, &values[1])?;
            framed(this(&values[0]).select(&columns))
        })
        .method(
            "selectExpr(self, *expr) -> DataFrame",
            "A frame of these columns, each SQL text such as \"age * 2 AS twice\".",
            |vm, values| {
                let texts = args::spread(&values[1]).iter().map(|item| args::text(vm, item, "expr")).collect::<PyResult<Vec<_>>>()?;
                framed(this(&values[0]).select_expr(&args::strs(&texts)))
            },
        )
        .method(
            "colRegex(self, colName) -> Column",
            "The columns whose names a regular expression in backticks describes, for a select.",
            |vm, values| {
                let name = args::text(vm, &values[1], "colName")?;
                this(&values[0]).col_regex(&name).or_raise().map(column_value)
            },
        )
        .method("filter(self, condition) -> DataFrame", "The rows where the condition holds.", filter)
        .method("where(self, condition) -> DataFrame", "As filter().", filter)
        .method("withColumn(self, colName, col) -> DataFrame", "With a column more, or one in the place of another.", |vm, values| {
            let name = args::text(vm, &values[1], "colName")?;
            let column = only_column(vm, &values[2], "col", "Column")?;
            framed(this(&values[0]).with_column(&name, &column))
        })
        .method("withColumns(self, *colsMap) -> DataFrame", "With several columns more: a dict of names and columns.", |vm, values| {
            let given = values[1].as_sequence().unwrap_or_default();
            let Some(dict) = given.first().and_then(Value::as_dict).cloned() else {
                return Err(not_expected(vm, "colsMap", "dict", given.first().unwrap_or(&Value::None)));
            };
            let mut named = Vec::new();
            for (name, column) in dict.items() {
                named.push((args::text(vm, &name, "colsMap")?, only_column(vm, &column, "col", "Column")?));
            }
            framed(this(&values[0]).with_columns(&named))
        })
        .method("withColumnRenamed(self, existing, new) -> DataFrame", "With another name for a column.", |vm, values| {
            let (old, new) = (args::text(vm, &values[1], "existing")?, args::text(vm, &values[2], "new")?);
            framed(this(&values[0]).with_column_renamed(&old, &new))
        })
        .method("withColumnsRenamed(self, colsMap) -> DataFrame", "With other names for columns: a dict.", |vm, values| {
            let Some(dict) = values[1].as_dict().cloned() else { return Err(not_expected(vm, "colsMap", "dict", &values[1])) };
            let mut frame = this(&values[0]).clone();
            for (old, new) in dict.items() {
                let (old, new) = (args::text(vm, &old, "colsMap")?, args::text(vm, &new, "colsMap")?);
                frame = frame.with_column_renamed(&old, &new).or_raise()?;
            }
            Ok(frame_value(frame))
        })
        .method("withMetadata(self, columnName, metadata) -> DataFrame", "With other metadata for a column.", |vm, values| {
            let name = args::text(vm, &values[1], "columnName")?;
            match types::to_json(vm, &values[2])? {
                serde_json::Value::Object(map) => framed(this(&values[0]).with_metadata(&name, map.into())),
                _ => Err(not_expected(vm, "metadata", "dict", &values[2])),
            }
        })
        .method("drop(self, *cols) -> DataFrame", "Without these columns; a name that isn't there is no error.", |vm, values| {
            let items = values[1].as_sequence().unwrap_or_default();
            if items.iter().all(|item| item.as_str().is_some()) {
                let names = args::texts(vm, &values[1], "cols")?;
                return framed(this(&values[0]).drop(&args::strs(&names)));
            }
            let columns = items.iter().map(|item| column_or_name(vm, item, "cols")).collect::<PyResult<Vec<_>>>()?;
            framed(this(&values[0]).drop_columns(&columns))
        })
        .method("toDF(self, *cols) -> DataFrame", "With these names for all columns.", |vm, values| {
            let names = args::texts(vm, &values[1], "cols")?;
            framed(this(&values[0]).to_df(&args::strs(&names)))
        })
        .method("alias(self, alias) -> DataFrame", "The frame under a name, for columns such as \"t.id\".", |vm, values| {
            let name = args::text(vm, &values[1], "alias")?;
            Ok(frame_value(this(&values[0]).alias(&name)))
        })
        .method("limit(self, num) -> DataFrame", "The first rows.", |vm, values| {
            let n = args::count(vm, &values[1], "num")?;
            framed(this(&values[0]).limit(n))
        })
        .method("offset(self, num) -> DataFrame", "Without the first rows.", |vm, values| {
            let n = args::count(vm, &values[1], "num")?;
            framed(this(&values[0]).offset(n))
        })
        .method("distinct(self) -> DataFrame", "Without repeated rows.", |_, values| framed(this(&values[0]).distinct()))
        .method("dropDuplicates(self, subset=None) -> DataFrame", "Without rows that repeat others in these columns.", drop_duplicates)
        .method("drop_duplicates(self, subset=None) -> DataFrame", "As dropDuplicates().", drop_duplicates)
        .method("transform(self, func, *args, **kwargs) -> DataFrame", "What a function makes of the frame.", |vm, values| {
            let mut positional = vec![values[0].clone()];
            positional.extend(values[2].as_sequence().unwrap_or_default());
            let mut call = Args::new(positional);
            for (name, value) in values[3].as_dict().map(|dict| dict.items()).unwrap_or_default() {
                call = call.keyword(name.as_str().unwrap_or_default(), value);
            }
            vm.call(&values[1], call)
        })
}

fn drop_duplicates(vm: &mut Vm, values: Vec<Value>) -> PyResult<Value> {
    let subset = args::optional_texts(vm, &values[1], "subset")?;
    let subset = subset.as_deref().map(args::strs);
    framed(this(&values[0]).drop_duplicates(subset.as_deref()))
}

fn combining(builder: ClassBuilder) -> ClassBuilder {
    let group = |vm: &mut Vm, values: Vec<Value>| {
        let frame = this(&values[0]).clone();
        let keys = keys(vm, &frame, &values[1])?;
        frame.group_by(&keys).or_raise()?;
        Ok(Value::native(GroupObject::new(frame, keys)))
    };
    let union = |vm: &mut Vm, values: Vec<Value>| {
        let other = frame_of(vm, &values[1], "other")?;
        framed(this(&values[0]).union(&other))
    };
    builder
        .method("groupBy(self, *cols) -> GroupedData", "Groups rows with equal keys, for agg(), count(), mean() …", group)
        .method("groupby(self, *cols) -> GroupedData", "As groupBy().", group)
        .method("rollup(self, *cols) -> GroupedData", "Groups by all keys, then by one less each time, down to none.", |vm, values| {
            grouped(vm, &values, Sets::Rollup)
        })
        .method("cube(self, *cols) -> GroupedData", "Groups by every choice of the keys.", |vm, values| grouped(vm, &values, Sets::Cube))
        .method("groupingSets(self, groupingSets, *cols) -> GroupedData", "Groups by each of these sets of keys.", |vm, values| {
            let items = vm.collect(&values[1])?;
            let mut sets = Vec::new();
            for item in items {
                let keys = vm.collect(&item)?;
                sets.push(keys.iter().map(|key| column_or_name(vm, key, "groupingSets")).collect::<PyResult<Vec<_>>>()?);
            }
            grouped(vm, &[values[0].clone(), values[2].clone()], Sets::These(sets))
        })
        .method("agg(self, *exprs) -> DataFrame", "Aggregates of all rows.", |vm, values| {
            let aggregates = aggregates(vm, &values[1])?;
            this(&values[0]).check_times().or_raise()?;
            framed(this(&values[0]).agg(&aggregates))
        })
        .method(
            "join(self, other, on=None, how=None) -> DataFrame",
            "Joins two frames on names or a condition; how is inner, left, right, outer, left_semi, left_anti or cross.",
            join,
        )
        .method("crossJoin(self, other) -> DataFrame", "Every row with every row of the other.", |vm, values| {
            let other = frame_of(vm, &values[1], "other")?;
            framed(this(&values[0]).cross_join(&other))
        })
        .method("union(self, other) -> DataFrame", "The rows of both, columns by position.", union)
        .method("unionAll(self, other) -> DataFrame", "As union().", union)
        .method("intersect(self, other) -> DataFrame", "The different rows that both have.", |vm, values| {
            let other = frame_of(vm, &values[1], "other")?;
            framed(this(&values[0]).intersect(&other))
        })
        .method("intersectAll(self, other) -> DataFrame", "The rows that both have, as often as both have them.", |vm, values| {
            let other = frame_of(vm, &values[1], "other")?;
            framed(this(&values[0]).intersect_all(&other))
        })
        .method("subtract(self, other) -> DataFrame", "The different rows that the other doesn't have.", |vm, values| {
            let other = frame_of(vm, &values[1], "other")?;
            framed(this(&values[0]).subtract(&other))
        })
        .method("exceptAll(self, other) -> DataFrame", "The rows without as many of those of the other.", |vm, values| {
            let other = frame_of(vm, &values[1], "other")?;
            framed(this(&values[0]).except_all(&other))
        })
        .method("unionByName(self, other, allowMissingColumns=False) -> DataFrame", "The rows of both, columns by name.", |vm, values| {
            let other = frame_of(vm, &values[1], "other")?;
            let allow = vm.truth(&values[2])?;
            framed(this(&values[0]).union_by_name(&other, allow))
        })
        .method("orderBy(self, *cols, ascending=True) -> DataFrame", "Sorted by these columns.", |vm, values| {
            let orders = orders(vm, this(&values[0]), &values[1], &values[2])?;
            framed(this(&values[0]).sort(&orders))
        })
        .method("sort(self, *cols, ascending=True) -> DataFrame", "As orderBy().", |vm, values| {
            let orders = orders(vm, this(&values[0]), &values[1], &values[2])?;
            framed(this(&values[0]).sort(&orders))
        })
        .method("sortWithinPartitions(self, *cols, ascending=True) -> DataFrame", "Each partition sorted by itself.", |vm, values| {
            let orders = orders(vm, this(&values[0]), &values[1], &values[2])?;
            framed(this(&values[0]).sort_within_partitions(&orders))
        })
}

fn grouped(vm: &mut Vm, values: &[Value], sets: Sets) -> PyResult<Value> {
    let keys = keys(vm, this(&values[0]), &values[1])?;
    let group = GroupObject::over_sets(this(&values[0]).clone(), keys, sets);
    group.grouped()?;
    Ok(Value::native(group))
}

/// `agg({"x": "max"})` or `agg(F.max("x"), …)`.
pub(super) fn aggregates(vm: &mut Vm, value: &Value) -> PyResult<Vec<Column>> {
    let items = args::spread(value);
    if let [Value::Dict(dict)] = items.as_slice() {
        let mut columns = Vec::new();
        for (column, function) in in_java_order(dict.items()) {
            let (column, function) = (args::text(vm, &column, "exprs")?, args::text(vm, &function, "exprs")?);
            let made = functions::aggregate(&function, &column)?;
            columns.extend(functions::column_of(&made));
        }
        return Ok(columns);
    }
    if items.is_empty() {
        return Err(spark_error("PySparkValueError", "CANNOT_BE_EMPTY", "At least one exprs must be specified."));
    }
    items.iter().map(|item| only_column(vm, item, "exprs", "all Columns")).collect()
}

/// Spark gets the dict as a Java map, and takes its entries in that map's order: by the hash of the column's name.
fn in_java_order(mut items: Vec<(Value, Value)>) -> Vec<(Value, Value)> {
    let hash = |key: &Value| {
        let code =
            key.as_str().unwrap_or_default().encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
        code ^ code >> 16
    };
    // java.util.HashMap keeps at least a third more buckets than entries. Of more than four entries Spark's order is another one.
    let buckets = (items.len() * 4 / 3 + 1).next_power_of_two().max(16) as u32;
    items.sort_by_key(|(key, _)| hash(key) & (buckets - 1));
    items
}

/// The column at a place, counted from 1.
fn at_place(frame: &DataFrame, place: i64, index: &str) -> PyResult<Column> {
    let columns = frame.columns();
    if place == 0 {
        return Err(spark_error("PySparkIndexError", "ZERO_INDEX", "Index must be non-zero."));
    }
    match usize::try_from(place - 1).ok().and_then(|i| columns.get(i)) {
        Some(name) => frame.col(&format!("`{}`", name.replace('`', "``"))).or_raise(),
        None => {
            let text = format!("{index} index out of range, got '{place}': the DataFrame has {} columns.", columns.len());
            Err(spark_error("PySparkIndexError", "INDEX_OUT_OF_RANGE", text))
        }
    }
}

fn orders(vm: &mut Vm, frame: &DataFrame, cols: &Value, ascending: &Value) -> PyResult<Vec<Column>> {
    let items = args::spread(cols);
    if items.is_empty() {
        return Err(spark_error("PySparkValueError", "CANNOT_BE_EMPTY", "At least one column must be specified."));
    }
    let columns = items.iter().map(|item| match (item, item.as_i64()) {
        // A negative place sorts down.
        (Value::Int(_), Some(place)) if place < 0 => Ok(at_place(frame, -place, "col")?.sort(SortOrder::DESCENDING)),
        (Value::Int(_), Some(place)) => at_place(frame, place, "col"),
        _ => column_or_name(vm, item, "col"),
    });
    let columns = columns.collect::<PyResult<Vec<_>>>()?;
    let directions = match ascending.as_sequence() {
        Some(each) => each.iter().map(|value| vm.truth(value)).collect::<PyResult<Vec<_>>>()?,
        None => vec![vm.truth(ascending)?; columns.len()],
    };
    Ok(columns.into_iter().zip(directions).map(|(column, up)| if up { column } else { column.sort(SortOrder::DESCENDING) }).collect())
}

/// The columns that rows are grouped by: names, columns, or places from 1 on.
fn keys(vm: &mut Vm, frame: &DataFrame, value: &Value) -> PyResult<Vec<Column>> {
    let items = args::spread(value);
    let key = |vm: &mut Vm, item: &Value| match (item, item.as_i64()) {
        (Value::Int(_), Some(place)) => at_place(frame, place, "col"),
        _ => column_or_name(vm, item, "col"),
    };
    items.iter().map(|item| key(vm, item)).collect()
}

fn join(vm: &mut Vm, values: Vec<Value>) -> PyResult<Value> {
    let left = this(&values[0]).clone();
    let right = frame_of(vm, &values[1], "other")?;
    let kind = match args::optional_text(vm, &values[3], "how")? {
        Some(how) => JoinKind::parse(&how).or_raise()?,
        None => JoinKind::Inner,
    };
    let items = match &values[2] {
        Value::None => Vec::new(),
        list @ (Value::List(_) | Value::Tuple(_)) => list.as_sequence().unwrap_or_default(),
        one => vec![one.clone()],
    };
    if items.is_empty() {
        return framed(left.cross_join(&right));
    }
    if items.iter().all(|item| item.as_str().is_some()) {
        let names = items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
        return framed(left.join(&right, &JoinOn::Names(names), kind));
    }
    let conditions = items.iter().map(|item| only_column(vm, item, "on", "str, Column or list of them")).collect::<PyResult<Vec<_>>>()?;
    match conditions.into_iter().reduce(|a, b| a.and(&b)) {
        Some(condition) => framed(left.join(&right, &JoinOn::Condition(condition), kind)),
        None => framed(left.cross_join(&right)),
    }
}

fn sampling(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("randomSplit(self, weights, seed=None)", "Frames with random parts of the rows, in these proportions.", |vm, values| {
            let items = vm.collect(&values[1])?;
            let weights = items.iter().map(|item| args::float(vm, item, "weights")).collect::<PyResult<Vec<_>>>()?;
            let seed = seed(vm, &values[2])?;
            let parts = this(&values[0]).random_split(&weights, seed).or_raise()?;
            Ok(Value::list(parts.into_iter().map(frame_value).collect::<Vec<_>>()))
        })
        .method("sample(self, withReplacement=None, fraction=None, seed=None) -> DataFrame", "A random part of the rows.", sample)
        .method("repartition(self, numPartitions, *cols) -> DataFrame", "The rows in other partitions.", |vm, values| {
            let rest = values[2].as_sequence().unwrap_or_default();
            let (n, keys) = match values[1].as_i64() {
                Some(n) => (Some(usize::try_from(n).unwrap_or(0)), rest),
                None => (None, std::iter::once(values[1].clone()).chain(rest).collect()),
            };
            let keys = keys.iter().map(|item| column_or_name(vm, item, "cols")).collect::<PyResult<Vec<_>>>()?;
            framed(this(&values[0]).repartition(n, &keys))
        })
        .method("coalesce(self, numPartitions) -> DataFrame", "The rows in fewer partitions.", |vm, values| {
            let n = args::count(vm, &values[1], "numPartitions")?;
            framed(this(&values[0]).coalesce(n))
        })
        .method(
            "hint(self, name, *parameters) -> DataFrame",
            "\"broadcast\" says which side of a join goes to every task; Kindling needs no other hints.",
            |vm, values| {
                let name = args::text(vm, &values[1], "name")?;
                let broadcast = ["broadcast", "broadcastjoin", "mapjoin"].contains(&name.to_lowercase().as_str());
                Ok(if broadcast { frame_value(this(&values[0]).broadcast()) } else { values[0].clone() })
            },
        )
}

pub(super) fn seed(vm: &mut Vm, value: &Value) -> PyResult<i64> {
    if value.is_none() { Ok(vm.host().entropy() as i64) } else { args::int(vm, value, "seed") }
}

/// `sample(0.5)`, `sample(0.5, seed)`, `sample(False, 0.5, seed)`, `sample(fraction=0.5)`.
fn sample(vm: &mut Vm, values: Vec<Value>) -> PyResult<Value> {
    let (replace, fraction, given) = match (&values[1], &values[2]) {
        (Value::Float(_) | Value::Int(_), second) => {
            (false, values[1].clone(), if values[3].is_none() { second.clone() } else { values[3].clone() })
        }
        (first, second) => (first.as_bool() == Some(true), second.clone(), values[3].clone()),
    };
    let fraction = args::float(vm, &fraction, "fraction")?;
    let seed = seed(vm, &given)?;
    framed(this(&values[0]).sample(replace, fraction, seed))
}

fn cleaning(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method(
            "dropna(self, how='any', thresh=None, subset=None) -> DataFrame",
            "Without rows where any (or all) of the columns are missing.",
            |vm, values| super::missing::drop(vm, this(&values[0]), &values[1..]),
        )
        .method(
            "fillna(self, value, subset=None) -> DataFrame",
            "With a value, or a dict of values by column, in the place of what is missing.",
            |vm, values| super::missing::fill(vm, this(&values[0]), &values[1..]),
        )
        .method("replace(self, to_replace, value=None, subset=None) -> DataFrame", "With values in the place of others.", |vm, values| {
            super::missing::replace(vm, this(&values[0]), &values[1..])
        })
        .method("corr(self, col1, col2, method=None)", "Pearson's correlation of two columns.", |vm, values| {
            super::missing::correlation(vm, this(&values[0]), &values[1..])
        })
        .method("cov(self, col1, col2)", "The sample covariance of two columns.", |vm, values| {
            super::missing::covariance(vm, this(&values[0]), &values[1..])
        })
        .method(
            "approxQuantile(self, col, probabilities, relativeError)",
            "Quantiles of columns, off by at most relativeError in rank.",
            |vm, values| super::missing::quantiles(vm, this(&values[0]), &values[1..]),
        )
        .method(
            "describe(self, *cols) -> DataFrame",
            "Count, mean, standard deviation, least and greatest value of columns.",
            |vm, values| {
                let names = text_list(vm, &values[1])?;
                framed(this(&values[0]).describe(&args::strs(&names)))
            },
        )
        .method("summary(self, *statistics) -> DataFrame", "As describe(), with quartiles, or with the statistics named.", |vm, values| {
            let names = text_list(vm, &values[1])?;
            framed(this(&values[0]).summary(&args::strs(&names)))
        })
}

fn text_list(vm: &mut Vm, value: &Value) -> PyResult<Vec<String>> {
    args::spread(value).iter().map(|item| args::text(vm, item, "cols")).collect()
}

fn acting(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("show(self, n=20, truncate=True, vertical=False)", "Prints the first rows as a table.", |vm, values| {
            let n = match &values[1] {
                Value::Bool(_) => return Err(not_expected(vm, "n", "int", &values[1])),
                other => args::count(vm, other, "n")?,
            };
            let truncate = match &values[2] {
                Value::Bool(true) => 20,
                Value::Bool(false) => 0,
                other => args::count(vm, other, "truncate")?,
            };
            let vertical = vm.truth(&values[3])?;
            let text = this(&values[0]).show_string(n, truncate, vertical).or_raise()?;
            // The note that there is more stands for the empty line.
            let whole = !text.lines().last().is_some_and(|line| line.starts_with("only showing top "));
            vm.print(&format!("{}\n{}", text.trim_end_matches('\n'), if whole { "\n" } else { "" }));
            Ok(Value::None)
        })
        .method("collect(self)", "All rows, as a list.", |vm, values| {
            let rows = this(&values[0]).collect().or_raise()?;
            row_list(vm, &rows)
        })
        .method("toLocalIterator(self, prefetchPartitions=False)", "All rows, one after the other.", |vm, values| {
            let rows = this(&values[0]).collect().or_raise()?;
            let list = row_list(vm, &rows)?;
            vm.iter(&list)
        })
        .method("take(self, num)", "The first rows, as a list.", |vm, values| {
            let n = args::count(vm, &values[1], "num")?;
            let rows = this(&values[0]).take(n).or_raise()?;
            row_list(vm, &rows)
        })
        .method("tail(self, num)", "The last rows, as a list.", |vm, values| {
            let n = args::count(vm, &values[1], "num")?;
            let rows = this(&values[0]).tail(n).or_raise()?;
            row_list(vm, &rows)
        })
        .method("head(self, n=None)", "The first row; with n a list of the first rows.", |vm, values| {
            if values[1].is_none() {
                return first(vm, this(&values[0]));
            }
            let n = args::count(vm, &values[1], "n")?;
            let rows = this(&values[0]).take(n).or_raise()?;
            row_list(vm, &rows)
        })
        .method("first(self) -> Row", "The first row, or None.", |vm, values| first(vm, this(&values[0])))
        .method("count(self)", "The number of rows.", |_, values| {
            this(&values[0]).check_times().and_then(|()| this(&values[0]).count()).or_raise().map(Value::from)
        })
        .method("isEmpty(self)", "Whether there are no rows.", |_, values| this(&values[0]).is_empty().or_raise().map(Value::Bool))
        .method("cache(self) -> DataFrame", "Keeps the rows in memory once they are computed.", |_, values| Ok(keep(&values[0], true)))
        .method("persist(self, storageLevel=None) -> DataFrame", "As cache().", |_, values| Ok(keep(&values[0], true)))
        .method("unpersist(self, blocking=False) -> DataFrame", "Forgets what cache() kept.", |_, values| Ok(keep(&values[0], false)))
        .method("createOrReplaceTempView(self, name)", "Names the frame for spark.table(name).", |vm, values| {
            let name = args::text(vm, &values[1], "name")?;
            this(&values[0]).create_or_replace_temp_view(&name);
            Ok(Value::None)
        })
        .method("createTempView(self, name)", "As createOrReplaceTempView(); an error when the name is taken.", |vm, values| {
            let name = args::text(vm, &values[1], "name")?;
            let frame = this(&values[0]);
            if frame.session().views().contains(&name.to_lowercase()) {
                let text = format!("Cannot create the temporary view `{name}` because it already exists.");
                return Err(spark_error("AnalysisException", "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", text));
            }
            frame.create_or_replace_temp_view(&name);
            Ok(Value::None)
        })
}

fn row_list(vm: &mut Vm, rows: &[kindling_frame::Row]) -> PyResult<Value> {
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        vm.tick()?;
        list.push(row_to_python(vm, row)?);
    }
    Ok(Value::list(list))
}

fn first(vm: &mut Vm, frame: &DataFrame) -> PyResult<Value> {
    match frame.first().or_raise()? {
        Some(row) => row_to_python(vm, &row),
        None => Ok(Value::None),
    }
}
