//! The stages that tidy up behind a formula: Spark's `VectorAttributeRewriter` and `ColumnPruner`, which only saved formulas name.

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::Result;

use crate::attribute::AttributeGroup;
use crate::param::Params;
use crate::persist::Saved;
use crate::stage::{Model, Object, Stage, StageDecl, Transformer};
use crate::value::MlValue;

/// Puts other prefixes to the names of a vector's features. Spark's `org.apache.spark.ml.feature.VectorAttributeRewriter`.
pub static VECTOR_ATTRIBUTE_REWRITER: StageDecl = StageDecl::model("VectorAttributeRewriter", "feature", "Renames features.", &[]).saved(
    "vectorCol string, prefixesToRewrite map<string,string>",
    |params, stored| {
        let row = stored.row()?;
        let MlValue::Map(prefixes) = row.get("prefixesToRewrite")? else { return Err(stored.broken("has no prefixes")) };
        let text = |value: &MlValue| if let MlValue::Text(text) = value { text.to_string() } else { String::new() };
        let prefixes = prefixes.iter().map(|(from, to)| (text(from), text(to))).collect();
        Ok(Arc::new(Tidy { params, work: Arc::new(Work::Rename { column: row.text("vectorCol")?, prefixes }) }))
    },
);

/// Drops columns. Spark's `org.apache.spark.ml.feature.ColumnPruner`.
pub static COLUMN_PRUNER: StageDecl =
    StageDecl::model("ColumnPruner", "feature", "Drops columns.", &[]).saved("columnsToPrune array<string>", |params, stored| {
        let columns = stored.row()?.texts("columnsToPrune")?;
        Ok(Arc::new(Tidy { params, work: Arc::new(Work::Drop(columns)) }))
    });

/// What is done.
enum Work {
    Rename { column: Arc<str>, prefixes: Vec<(String, String)> },
    Drop(Vec<Arc<str>>),
}

struct Tidy {
    params: Params,
    work: Arc<Work>,
}

/// Renames the features of a vector by prefixes, and drops the columns that the features were made of.
pub(super) fn tidy(column: Arc<str>, prefixes: Vec<(String, String)>, dropped: Vec<Arc<str>>) -> [Stage; 2] {
    let stage = |decl, work| Stage::from_model(Arc::new(Tidy { params: Params::new(decl), work: Arc::new(work) }));
    [stage(&VECTOR_ATTRIBUTE_REWRITER, Work::Rename { column, prefixes }), stage(&COLUMN_PRUNER, Work::Drop(dropped))]
}

impl Transformer for Tidy {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        Ok(match &*self.work {
            Work::Rename { .. } => schema.clone(),
            Work::Drop(columns) => schema.iter().filter(|field| !columns.contains(&field.name)).cloned().collect(),
        })
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let (column, prefixes) = match &*self.work {
            Work::Rename { column, prefixes } => (column, prefixes),
            Work::Drop(columns) => return data.drop(&columns.iter().map(|name| &**name).collect::<Vec<_>>()),
        };
        let Some(mut group) = AttributeGroup::of(data.schema().field(column)?) else { return Ok(data.clone()) };
        for attribute in group.attributes.iter_mut().flatten() {
            let renamed = |name: &Arc<str>| prefixes.iter().fold(name.to_string(), |text, (from, to)| text.replace(from, to)).into();
            attribute.name = attribute.name.as_ref().map(renamed);
        }
        data.with_metadata(column, group.to_metadata(None))
    }
}

impl Object for Tidy {
    fn decl(&self) -> &'static StageDecl {
        self.params.decl()
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        Err(self.no_member(name))
    }

    fn describe(&self) -> String {
        self.params.uid().to_string()
    }
}

impl Model for Tidy {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self { params, work: self.work.clone() }))
    }

    fn saved(&self) -> Result<Saved> {
        match &*self.work {
            Work::Rename { column, prefixes } => {
                let prefixes = prefixes.iter().map(|(from, to)| (from.as_str().into(), to.as_str().into())).collect();
                Saved::row(self.decl(), [column.clone().into(), MlValue::Map(prefixes)])
            }
            Work::Drop(columns) => Saved::row(self.decl(), [columns.clone().into()]),
        }
    }
}
