use std::sync::Arc;

use kindling_frame::sql::Parameters;
use kindling_frame::{DataFrame, Schema, Session};
use kindling_partition::Result;

use crate::param::{ParamDecl, ParamKind, Params};
use crate::stage::{StageDecl, Transformer};

/// A SQL query as a stage. Spark's `org.apache.spark.ml.feature.SQLTransformer`.
pub static SQL_TRANSFORMER: StageDecl = StageDecl::transformer(
    "SQLTransformer",
    "feature",
    "Implements the transforms which are defined by SQL statement. Currently we only support SQL syntax like 'SELECT ... FROM __THIS__' where \
     '__THIS__' represents the underlying table of the input dataset.",
    &[STATEMENT],
    |params| Ok(Arc::new(SqlTransformer { statement: params.checked()?.text(&STATEMENT)?, params: params.clone() })),
);

const STATEMENT: ParamDecl = ParamDecl::new("statement", "SQL statement", ParamKind::Text);

struct SqlTransformer {
    params: Params,
    statement: Arc<str>,
}

impl Transformer for SqlTransformer {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let session = Session::in_memory(1);
        let empty = session.create_dataframe(&[], schema.clone())?;
        Ok(self.transform(&empty)?.schema().as_ref().clone())
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let table = self.params.uid();
        data.create_or_replace_temp_view(table);
        let result = data.session().sql(&self.statement.replace("__THIS__", table), &Parameters::default());
        data.session().drop_view(table);
        result
    }
}
