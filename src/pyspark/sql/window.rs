//! `pyspark.sql.Window`, and the functions that need one.

use std::rc::Rc;

use kindling_frame::{Column, Expr, FrameBound, FrameKind, WindowFrame, WindowSpec};
use kindling_python::{ClassBuilder, NativeObject, PyClass, PyError, PyModule, PyResult, Value, Vm};

use super::column::{column_or_literal, column_or_name, column_value};
use crate::args;
use crate::errors::not_expected;

/// Partitions, order and frame of a window under construction.
pub(crate) struct SpecObject(pub(crate) WindowSpec);

impl NativeObject for SpecObject {
    fn class_name(&self) -> &str {
        "WindowSpec"
    }
}

/// The window of an argument.
pub(crate) fn spec_of(vm: &mut Vm, value: &Value) -> PyResult<WindowSpec> {
    match value.as_native::<SpecObject>() {
        Some(object) => Ok(object.0.clone()),
        None => Err(not_expected(vm, "window", "WindowSpec", value)),
    }
}

type Change = fn(&mut Vm, &mut WindowSpec, &[Value]) -> PyResult<()>;

const METHODS: [(&str, &str, Change); 4] = [
    ("partitionBy(*cols)", "A window for each value of these columns.", |vm, spec, values| {
        spec.partition = args::spread(&values[0])
            .iter()
            .map(|item| column_or_name(vm, item, "cols").map(|c| c.expr().clone()))
            .collect::<PyResult<_>>()?;
        Ok(())
    }),
    ("orderBy(*cols)", "The order of the rows within the window.", |vm, spec, values| {
        spec.orders = args::spread(&values[0])
            .iter()
            .map(|item| column_or_name(vm, item, "cols").map(|c| c.expr().clone()))
            .collect::<PyResult<_>>()?;
        Ok(())
    }),
    ("rowsBetween(start, end)", "The rows of the frame, counted from the current row, which is 0.", |vm, spec, values| {
        spec.frame = Some(frame(vm, FrameKind::Rows, values)?);
        Ok(())
    }),
    ("rangeBetween(start, end)", "The frame by the difference of the ordering value from that of the current row.", |vm, spec, values| {
        spec.frame = Some(frame(vm, FrameKind::Range, values)?);
        Ok(())
    }),
];

fn frame(vm: &mut Vm, kind: FrameKind, values: &[Value]) -> PyResult<WindowFrame> {
    let (start, end) = (args::int(vm, &values[0], "start")?, args::int(vm, &values[1], "end")?);
    // PySpark takes the last but one for the end of the integers too.
    let bound = |n: i64| if n <= i64::MIN + 1 { FrameBound::UnboundedPreceding } else { FrameBound::at(n) };
    Ok(WindowFrame { kind, start: bound(start), end: bound(end) })
}

/// Makes `Window` and `WindowSpec`.
pub(crate) fn install(vm: &mut Vm) -> (Rc<PyClass>, Rc<PyClass>) {
    let mut window = ClassBuilder::new("Window", "pyspark.sql")
        .doc("Makes windows for Column.over: Window.partitionBy(\"k\").orderBy(\"t\").")
        .attribute("unboundedPreceding", Value::Int(i64::MIN))
        .attribute("unboundedFollowing", Value::Int(i64::MAX))
        .attribute("currentRow", Value::Int(0));
    let mut spec = ClassBuilder::new("WindowSpec", "pyspark.sql").doc("A window: partitions, order and frame.");
    for (signature, doc, change) in METHODS {
        window = window.static_method(&format!("{signature} -> WindowSpec"), doc, move |vm, values| {
            let mut spec = WindowSpec::default();
            change(vm, &mut spec, &values)?;
            Ok(Value::native(SpecObject(spec)))
        });
        let signature = signature.replacen('(', "(self, ", 1);
        spec = spec.method(&format!("{signature} -> WindowSpec"), doc, move |vm, values| {
            let object = values[0].as_native::<SpecObject>().ok_or_else(|| PyError::type_error("not a WindowSpec"))?;
            let mut spec = object.0.clone();
            change(vm, &mut spec, &values[1..])?;
            Ok(Value::native(SpecObject(spec)))
        });
    }
    let (window, spec) = (window.build(), spec.build());
    vm.register_class(&window);
    vm.register_class(&spec);
    (window, spec)
}

/// The functions of `pyspark.sql.functions` that go over a window alone.
pub(crate) fn functions(module: &PyModule) {
    let ranks = [
        ("row_number", "The number of the row in its window, from 1."),
        ("rank", "The number of the first of the row's equals, so that ties leave gaps."),
        ("dense_rank", "The number of the row's value among the different ones."),
        ("percent_rank", "The rank as a share from 0 to 1."),
        ("cume_dist", "The share of rows that come not after the row."),
    ];
    for (name, doc) in ranks {
        module.set(name, Value::function(&format!("{name}() -> Column"), doc, move |_, _| Ok(column_value(Column::call(name, [])))));
    }
    module.set(
        "ntile",
        Value::function("ntile(n) -> Column", "Which of so many parts of nearly equal size the row is in.", |vm, values| {
            let n = args::int(vm, &values[0], "n")?;
            Ok(column_value(Column::call("ntile", [Column::lit(i32::try_from(n).unwrap_or(i32::MAX))])))
        }),
    );
    for (name, doc) in [("lag", "The value so many rows before."), ("lead", "The value so many rows after.")] {
        module.set(
            name,
            Value::function(&format!("{name}(col, offset=1, default=None) -> Column"), doc, move |vm, values| {
                let column = column_or_name(vm, &values[0], "col")?;
                let offset = args::int(vm, &values[1], "offset")?;
                let offset = Column::lit(i32::try_from(offset).unwrap_or(i32::MAX));
                Ok(column_value(Column::call(name, [column, offset, column_or_literal(vm, &values[2])?])))
            }),
        );
    }
    module.set(
        "nth_value",
        Value::function("nth_value(col, offset, ignoreNulls=False) -> Column", "The n-th value of the frame.", |vm, values| {
            let column = column_or_name(vm, &values[0], "col")?;
            let offset = args::int(vm, &values[1], "offset")?;
            let mut all = vec![column, Column::lit(i32::try_from(offset).unwrap_or(i32::MAX))];
            if vm.truth(&values[2])? {
                all.push(Column::lit(true));
            }
            Ok(column_value(Column::call("nth_value", all)))
        }),
    );
    module.set(
        "counter_diff",
        Value::function(
            "counter_diff(value, start_time=None) -> Column",
            "By how much a counter grew since the row before; null where it began anew.",
            |vm, values| {
                let mut all = vec![column_or_name(vm, &values[0], "value")?];
                if !values[1].is_none() {
                    all.push(column_or_name(vm, &values[1], "start_time")?);
                }
                Ok(column_value(Column::call("counter_diff", all)))
            },
        ),
    );
    for name in ["grouping", "grouping_id"] {
        module.set(
            name,
            Value::function(
                &format!("{name}(*cols) -> Column"),
                "Which keys a group of cube() or rollup() leaves out.",
                move |vm, values| {
                    let columns =
                        args::spread(&values[0]).iter().map(|item| column_or_name(vm, item, "cols")).collect::<PyResult<Vec<_>>>()?;
                    Ok(column_value(Column::call(name, columns)))
                },
            ),
        );
    }
}

/// `column.over(window)`; a name stays outside.
pub(crate) fn over(column: &Column, spec: WindowSpec) -> Column {
    match &**column.expr() {
        Expr::Alias { child, name, .. } => Column::from(child.clone()).over(spec).alias(name.clone()),
        _ => column.over(spec),
    }
}
