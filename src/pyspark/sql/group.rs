//! `pyspark.sql.GroupedData`.

use std::rc::Rc;

use kindling_frame::{Column, DataFrame, GroupedData, Value as Cell};
use kindling_python::{ClassBuilder, NativeObject, PyClass, PyResult, Value, Vm};

use super::column::column_or_name;
use super::frame::frame_value;
use super::frame_methods::aggregates;
use super::pandas_udf::{self, Cogrouped};
use crate::args;
use crate::convert::literal;
use crate::errors::OrRaise;

/// A frame grouped by keys, waiting for its aggregates.
pub(crate) struct GroupObject {
    frame: DataFrame,
    keys: Vec<Column>,
    sets: Option<Sets>,
    pivot: Option<(Column, Option<Vec<Cell>>)>,
}

/// Which sets of the keys are grouped by.
#[derive(Clone)]
pub(crate) enum Sets {
    Rollup,
    Cube,
    These(Vec<Vec<Column>>),
}

impl GroupObject {
    pub(crate) fn new(frame: DataFrame, keys: Vec<Column>) -> Self {
        Self { frame, keys, sets: None, pivot: None }
    }

    pub(crate) fn over_sets(frame: DataFrame, keys: Vec<Column>, sets: Sets) -> Self {
        Self { frame, keys, sets: Some(sets), pivot: None }
    }

    pub(crate) fn grouped(&self) -> PyResult<GroupedData> {
        self.frame.check_times().or_raise()?;
        let grouped = match &self.sets {
            None => self.frame.group_by(&self.keys),
            Some(Sets::Rollup) => self.frame.rollup(&self.keys),
            Some(Sets::Cube) => self.frame.cube(&self.keys),
            Some(Sets::These(sets)) => self.frame.grouping_sets(&self.keys, sets),
        }
        .or_raise()?;
        match &self.pivot {
            Some((column, values)) => grouped.pivot(column, values.clone()).or_raise(),
            None => Ok(grouped),
        }
    }
}

impl NativeObject for GroupObject {
    fn class_name(&self) -> &str {
        "GroupedData"
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        let keys: Vec<String> = self.keys.iter().map(|key| key.expr().column_name()).collect();
        let columns: Vec<String> = self.frame.schema().fields().iter().map(|f| format!("{}: {}", f.name, f.data_type)).collect();
        Ok(format!("GroupedData[grouping expressions: [{}], value: [{}], type: GroupBy]", keys.join(", "), columns.join(", ")))
    }
}

fn this(value: &Value) -> PyResult<&GroupObject> {
    value.as_native::<GroupObject>().ok_or_else(|| kindling_python::PyError::type_error("not a GroupedData"))
}

/// Makes the class.
pub(crate) fn install(vm: &mut Vm) -> Rc<PyClass> {
    let mut builder = ClassBuilder::new("GroupedData", "pyspark.sql")
        .doc("Rows grouped by keys, waiting for aggregates.")
        .method("agg(self, *exprs) -> DataFrame", "Aggregates of each group: F.mean(\"x\"), or a dict {\"x\": \"mean\"}.", |vm, values| {
            let aggregates = aggregates(vm, &values[1])?;
            this(&values[0])?.grouped()?.agg(&aggregates).or_raise().map(frame_value)
        })
        .method(
            "applyInPandas(self, func, schema) -> DataFrame",
            "The rows that a function makes of the pandas frame of each group; of its key and its frame when it takes two.",
            |vm, values| {
                let group = this(&values[0])?;
                pandas_udf::apply_in_pandas(vm, &group.frame, &group.keys, &values[1], &values[2])
            },
        )
        .method("cogroup(self, other) -> PandasCogroupedOps", "With the groups of another frame, for applyInPandas().", |_, values| {
            let (left, right) = (this(&values[0])?, this(&values[1])?);
            Ok(Value::native(Cogrouped { left: (left.frame.clone(), left.keys.clone()), right: (right.frame.clone(), right.keys.clone()) }))
        })
        .method("count(self) -> DataFrame", "The number of rows of each group.", |_, values| {
            this(&values[0])?.grouped()?.count().or_raise().map(frame_value)
        })
        .method("pivot(self, pivot_col, values=None) -> GroupedData", "A column for each value of another column.", |vm, values| {
            let column = column_or_name(vm, &values[1], "pivot_col")?;
            let cells = match values[2].as_sequence() {
                Some(items) => Some(items.iter().map(|item| literal(vm, item)).collect::<PyResult<Vec<_>>>()?),
                None => None,
            };
            let group = this(&values[0])?;
            Ok(Value::native(GroupObject {
                frame: group.frame.clone(),
                keys: group.keys.clone(),
                sets: group.sets.clone(),
                pivot: Some((column, cells)),
            }))
        });
    for (name, doc) in [
        ("sum", "The sum of numeric columns for each group."),
        ("avg", "The mean of numeric columns for each group."),
        ("mean", "The mean of numeric columns for each group."),
        ("min", "The least value of numeric columns for each group."),
        ("max", "The greatest value of numeric columns for each group."),
    ] {
        builder = builder.method(&format!("{name}(self, *cols)"), doc, move |vm, values| {
            let names = args::spread(&values[1]).iter().map(|item| args::text(vm, item, "cols")).collect::<PyResult<Vec<_>>>()?;
            this(&values[0])?.grouped()?.each(name, &args::strs(&names)).or_raise().map(frame_value)
        });
    }
    let class = builder.build();
    vm.register_class(&class);
    class
}
