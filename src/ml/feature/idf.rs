use std::sync::Arc;

use kindling_frame::{DataFrame, VectorColumn};
use kindling_linalg::Vector;
use kindling_partition::{Error, Result};

use super::learned::{Fitted, Learned, Learner};
use super::mapped::{Mapped, each_row, expect_size, scaled, sized, vectors};
use super::standard_scaler::scaled_schema;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{MemberDecl, Model, StageDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] = &[MIN_DOC_FREQ, shared::INPUT_COL, shared::OUTPUT_COL];
const MIN_DOC_FREQ: ParamDecl = ParamDecl::new(
    "minDocFreq",
    "minimum number of documents in which a term should appear for filtering",
    ParamKind::Int(Range::at_least(0.0)),
)
.default_int(0);

/// Weighs words by how few documents have them. Spark's `org.apache.spark.ml.feature.IDF`: log((m + 1) / (d + 1)) for d of m documents.
pub static IDF: StageDecl = StageDecl::estimator(
    "IDF",
    "feature",
    "Compute the Inverse Document Frequency (IDF) given a collection of documents.",
    PARAMS,
    |params| Learner::make(params, |params, schema| scaled_schema(params, schema, None), fit),
    &IDF_MODEL,
);

/// What an [`IDF`] learned.
pub static IDF_MODEL: StageDecl = StageDecl::model("IDFModel", "feature", "Model fitted by IDF.", PARAMS)
    .members(&[
        MemberDecl::attribute("idf", "Returns the IDF vector."),
        MemberDecl::attribute("docFreq", "Returns the document frequency."),
        MemberDecl::attribute("numDocs", "Returns number of documents evaluated to compute idf."),
    ])
    .saved("idf vector, docFreq array<bigint>, numDocs bigint", |params, stored| {
        let row = stored.row()?;
        let documents_with = row.numbers("docFreq")?.into_iter().map(|count| count as i64).collect();
        Fitted::loaded(params, Frequencies { idf: row.numbers("idf")?, documents_with, documents: row.int("numDocs")? })
    });

struct Frequencies {
    idf: Vec<f64>,
    documents_with: Vec<i64>,
    documents: i64,
}

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let (input, least) = (checked.text(&shared::INPUT_COL)?, checked.int(&MIN_DOC_FREQ)?);
    let batches = data.select(&[data.col(&input)?])?.partitions()?;
    let Some(width) = batches.iter().find_map(|batch| VectorColumn::new(&batch.columns[0]).ok()?.size()) else {
        return Err(Error::runtime(format!("Haven't seen any document yet: column {input} has no vector.")));
    };
    let executor = data.session().executor();
    let (documents, documents_with) = executor.aggregate(
        "document frequencies",
        &batches,
        || (0, vec![0_i64; width]),
        |(mut documents, mut with), _, batch| {
            let column = VectorColumn::new(&batch.columns[0])?;
            each_row(executor, batch.rows, &mut |row| {
                if column.is_null(row) {
                    return Err(Error::runtime("Vectors MUST NOT be Null."));
                }
                expect_size(column.row(row), width)?;
                column.row(row).active().filter(|(_, value)| *value > 0.0).for_each(|(word, _)| with[word] += 1);
                documents += 1;
                Ok(())
            })?;
            Ok((documents, with))
        },
        |(documents, mut with), (more, later)| {
            with.iter_mut().zip(later).for_each(|(a, b)| *a += b);
            (documents + more, with)
        },
    )?;
    let weight = |with: &i64| if *with < least { 0.0 } else { libm::log((documents as f64 + 1.0) / (*with as f64 + 1.0)) };
    let idf = documents_with.iter().map(weight).collect();
    let documents_with = documents_with.iter().map(|with| if *with < least { 0 } else { *with }).collect();
    Fitted::model(params, &IDF_MODEL, Frequencies { idf, documents_with, documents })
}

impl Learned for Frequencies {
    fn transformer(self: Arc<Self>, params: &Params) -> Result<Arc<dyn Transformer>> {
        let size = self.idf.len();
        let map = vectors(move |vector, out| {
            expect_size(vector, size)?;
            scaled(out, vector, &self.idf);
            Ok(())
        });
        Ok(Mapped::single(params, sized(size), map)?.arc())
    }

    fn member(&self, name: &str, _params: &Params) -> Option<MlValue> {
        match name {
            "idf" => Some(Vector::Dense(self.idf.clone()).into()),
            "docFreq" => Some(self.documents_with.clone().into()),
            "numDocs" => Some(self.documents.into()),
            _ => None,
        }
    }

    fn describe(&self, _params: &Params) -> String {
        format!(", numDocs={}, numFeatures={}", self.documents, self.idf.len())
    }
}
