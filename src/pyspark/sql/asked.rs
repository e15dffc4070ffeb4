//! Frames within frames: `scalar()`, `exists()`, `lateralJoin()`, `Column.outer()`, and table functions, `spark.tvf`.

use kindling_frame::{Column, Expr, JoinKind, Session, functions, table_function};
use kindling_python::{ClassBuilder, NativeObject, PyError, PyResult, Value, Vm};

use super::column::{column_or_literal, column_or_name, column_value, only_column};
use super::frame::{FrameObject, frame_of, frame_value};
use crate::args;
use crate::errors::OrRaise;

/// `spark.tvf`
struct TableFunctions(Session);

impl NativeObject for TableFunctions {
    fn class_name(&self) -> &str {
        "TableValuedFunction"
    }

    fn repr(&self, _: &mut Vm) -> PyResult<String> {
        Ok(format!("<pyspark.sql.tvf.TableValuedFunction object at {:p}>", std::ptr::from_ref(self)))
    }
}

/// The table functions of one column, as in `spark.tvf.explode(column)`.
const OF_A_COLUMN: [&str; 8] =
    ["explode", "explode_outer", "inline", "inline_outer", "posexplode", "posexplode_outer", "variant_explode", "variant_explode_outer"];

fn session(value: &Value) -> PyResult<Session> {
    let object = value.as_native::<TableFunctions>();
    object.map(|functions| functions.0.clone()).ok_or_else(|| PyError::type_error("not a TableValuedFunction"))
}

pub(super) fn table_functions(session: &Session) -> Value {
    Value::native(TableFunctions(session.clone()))
}

/// Makes the class of `spark.tvf`.
pub(super) fn install(vm: &mut Vm) {
    let mut builder = ClassBuilder::new("TableValuedFunction", "pyspark.sql.tvf").doc("Functions whose results are tables.");
    for name in OF_A_COLUMN {
        let doc = functions::lookup(functions::table_name(name)).map_or("", |function| function.doc);
        let parameter = if name.starts_with("inline") || name.starts_with("variant") { "input" } else { "collection" };
        builder = builder.method(&format!("{name}(self, {parameter}) -> DataFrame"), doc, move |vm, values| {
            let column = only_column(vm, &values[1], parameter, "Column")?;
            table_function(&session(&values[0])?, name, &[column]).or_raise().map(frame_value)
        });
    }
    for (name, parameters) in [("json_tuple", "input, *fields"), ("stack", "n, *fields")] {
        let doc = kindling_frame::functions::lookup(name).map_or("", |function| function.doc);
        builder = builder.method(&format!("{name}(self, {parameters}) -> DataFrame"), doc, move |vm, values| {
            let mut columns = vec![only_column(vm, &values[1], "input", "Column")?];
            for item in args::spread(&values[2]) {
                columns.push(column_or_literal(vm, &item)?);
            }
            table_function(&session(&values[0])?, name, &columns).or_raise().map(frame_value)
        });
    }
    let class = builder
        .method(
            "range(self, start, end=None, step=1, numPartitions=None) -> DataFrame",
            "A frame of one column `id` of numbers.",
            |vm, values| {
                let spark = super::session::session_value(&session(&values[0])?);
                let range = vm.get_attr_str(&spark, "range")?;
                vm.call(&range, kindling_python::Args::new(values[1..].to_vec()))
            },
        )
        .build();
    vm.register_class(&class);
}

/// The column with its names those of the frame around.
pub(super) fn outer(column: &Column) -> Column {
    column.renamed_names(&|name| Expr::Outer(name.into()))
}

pub(super) fn all(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("scalar(self) -> Column", "The one value of the one row, for expressions of other frames.", |vm, values| {
            Ok(column_value(frame_of(vm, &values[0], "self")?.scalar()))
        })
        .method("exists(self) -> Column", "Whether there is a row, for conditions of other frames.", |vm, values| {
            Ok(column_value(frame_of(vm, &values[0], "self")?.exists()))
        })
        .method(
            "lateralJoin(self, other, on=None, how=None) -> DataFrame",
            "Each row with the rows of a frame that may have outer() columns of it; how is inner, cross or left.",
            |vm, values| {
                let (left, right) = (frame_of(vm, &values[0], "self")?, frame_of(vm, &values[1], "other")?);
                let on = if values[2].is_none() { None } else { Some(only_column(vm, &values[2], "on", "Column")?) };
                let kind = match args::optional_text(vm, &values[3], "how")? {
                    Some(how) => JoinKind::parse(&how).or_raise()?,
                    None => JoinKind::Inner,
                };
                left.lateral_join(&right, on.as_ref(), kind).or_raise().map(frame_value)
            },
        )
        .method("zip(self, other) -> DataFrame", "The columns of both side by side, of frames that choose columns of one.", |vm, values| {
            let (left, right) = (frame_of(vm, &values[0], "self")?, frame_of(vm, &values[1], "other")?);
            left.zip(&right).or_raise().map(frame_value)
        })
        .method(
            "repartitionById(self, numPartitions, partitionIdCol) -> DataFrame",
            "The rows in the partitions that a column of numbers says.",
            |vm, values| {
                let partitions = args::count(vm, &values[1], "numPartitions")?;
                let id = column_or_name(vm, &values[2], "partitionIdCol")?;
                frame_of(vm, &values[0], "self")?.repartition_by_id(partitions, &id).or_raise().map(frame_value)
            },
        )
}

/// `column.isin(df)`: a struct stands for as many columns.
pub(super) fn is_in_frame(column: &Column, options: &[Value]) -> Option<Column> {
    let [only] = options else { return None };
    let frame = &only.as_native::<FrameObject>()?.0;
    let values = match &**column.expr() {
        Expr::Call { function, args, .. } if &**function == "struct" => args.iter().map(|a| a.clone().into()).collect(),
        _ => vec![column.clone()],
    };
    Some(frame.has(&values))
}
