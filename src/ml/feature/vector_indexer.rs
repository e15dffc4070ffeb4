use std::collections::BTreeMap;
use std::sync::Arc;

use kindling_frame::{DataFrame, DataType, Field, Schema, VectorColumn};
use kindling_linalg::VectorRef;
use kindling_linalg::number::java_double;
use kindling_partition::{Error, Result};

use super::columns::drop_missing;
use super::learned::{Fitted, Learned, Learner};
use super::mapped::{Mapped, each_row, vectors};
use super::standard_scaler::scaled_schema;
use crate::attribute::{Attribute, AttributeGroup, AttributeKind};
use crate::check::vector_column;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{MemberDecl, Model, StageDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] = &[MAX_CATEGORIES, shared::INPUT_COL, shared::OUTPUT_COL, HANDLE_INVALID];
const MAX_CATEGORIES: ParamDecl = ParamDecl::new(
    "maxCategories",
    "Threshold for the number of values a categorical feature can take (>= 2). If a feature is found to have > maxCategories values, \
     then it is declared continuous.",
    ParamKind::Int(Range::at_least(2.0)),
)
.default_int(20);
const HANDLE_INVALID: ParamDecl = ParamDecl::new(
    "handleInvalid",
    "How to handle invalid data (unseen labels or NULL values). Options are 'skip' (filter out rows with invalid data), 'error' \
     (throw an error), or 'keep' (put invalid data in a special additional bucket, at index of the number of categories of the \
     feature).",
    ParamKind::choice(&["skip", "error", "keep"]),
)
.default_text("error");

/// Numbers the values of the features that have few. Spark's `org.apache.spark.ml.feature.VectorIndexer`.
pub static VECTOR_INDEXER: StageDecl = StageDecl::estimator(
    "VectorIndexer",
    "feature",
    "Class for indexing categorical feature columns in a dataset of Vector. It decides which features should be categorical based on the number \
     of distinct values, where features with at most maxCategories are declared categorical, and indexes them 0, 1, … in the order of their \
     values, zero first. Features that are declared categorical get their attributes in the metadata, which trees read.",
    PARAMS,
    |params| Learner::make(params, |params, schema| scaled_schema(params, schema, None), fit),
    &VECTOR_INDEXER_MODEL,
);

/// What a [`VECTOR_INDEXER`] learned.
pub static VECTOR_INDEXER_MODEL: StageDecl = StageDecl::model(
    "VectorIndexerModel",
    "feature",
    "Model fitted by VectorIndexer. Transform categorical features to use 0-based indices instead of their original values.",
    PARAMS,
)
.members(&[
    MemberDecl::attribute("numFeatures", "Number of features, i.e., length of Vectors which this transforms."),
    MemberDecl::attribute(
        "categoryMaps",
        "Feature value index. Keys are categorical feature indices (column indices). Values are maps from original features values to 0-based \
         category indices. If a feature is not in this map, it is treated as continuous.",
    ),
])
.saved("numFeatures int, categoryMaps map<int,map<double,int>>", |params, stored| {
    let row = stored.row()?;
    let mut categories: Vec<Option<Vec<f64>>> = vec![None; row.count("numFeatures")?];
    let MlValue::Map(maps) = row.get("categoryMaps")? else { return Err(stored.broken("has no categoryMaps")) };
    for (feature, values) in maps {
        let (MlValue::Int(feature), MlValue::Map(values)) = (feature, values) else { continue };
        let mut values: Vec<(f64, f64)> = values.iter().filter_map(|(value, index)| Some((index.as_f64()?, value.as_f64()?))).collect();
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        if let Some(place) = usize::try_from(*feature).ok().and_then(|feature| categories.get_mut(feature)) {
            *place = Some(values.into_iter().map(|(_, value)| value).collect());
        }
    }
    Fitted::loaded(params, Categories(categories))
});

/// Of each feature its categories' values in order, zero first; none when it is continuous.
struct Categories(Vec<Option<Vec<f64>>>);

/// The distinct values of a feature as far as they are few, by their bits; both zeros are one.
type Values = Option<BTreeMap<u64, f64>>;

fn note(values: &mut Values, value: f64, most: usize) {
    if let Some(known) = values {
        known.insert((value + 0.0).to_bits(), value + 0.0);
        if known.len() > most {
            *values = None;
        }
    }
}

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let (most, input) = (checked.count(&MAX_CATEGORIES)?, checked.text(&shared::INPUT_COL)?);
    let batches = data.select(&[data.col(&input)?])?.partitions()?;
    let Some(width) = batches.iter().find_map(|batch| VectorColumn::new(&batch.columns[0]).ok()?.size()) else {
        return Err(Error::runtime(format!("The data set is empty: column {input} has no vector.")));
    };
    let executor = data.session().executor();
    let values = executor.aggregate(
        "distinct values",
        &batches,
        || vec![Some(BTreeMap::new()); width],
        |mut values: Vec<Values>, _, batch| {
            let column = VectorColumn::new(&batch.columns[0])?;
            let mut dense = vec![0.0; width];
            each_row(executor, batch.rows, &mut |row| {
                if column.is_null(row) {
                    return Err(Error::runtime("Vectors MUST NOT be Null."));
                }
                let vector = column.row(row);
                if vector.size() != width {
                    return Err(Error::illegal_argument(format!(
                        "VectorIndexer expected vectors of length {width} but found length {}",
                        vector.size()
                    )));
                }
                vector.write_dense(&mut dense);
                values.iter_mut().zip(&dense).for_each(|(values, value)| note(values, *value, most));
                Ok(())
            })?;
            Ok(values)
        },
        |mut a, b| {
            for (a, b) in a.iter_mut().zip(b) {
                match b {
                    None => *a = None,
                    Some(b) => b.values().for_each(|value| note(a, *value, most)),
                }
            }
            a
        },
    )?;
    let ordered = |values: Values| {
        values.map(|values| {
            let mut values: Vec<f64> = values.into_values().collect();
            values.sort_by(|a, b| (*a != 0.0).cmp(&(*b != 0.0)).then(a.total_cmp(b)));
            values
        })
    };
    Fitted::model(params, &VECTOR_INDEXER_MODEL, Categories(values.into_iter().map(ordered).collect()))
}

impl Categories {
    /// What the metadata says of the features.
    fn attributes(&self, known: Option<AttributeGroup>, keep: bool) -> Vec<Attribute> {
        let known = known.and_then(|group| group.attributes);
        let of = |i: usize| known.as_ref().and_then(|known| known.get(i));
        let attribute = |(i, values): (usize, &Option<Vec<f64>>)| {
            let Some(values) = values else { return of(i).cloned().unwrap_or_default() };
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let names = sorted.iter().map(|v| java_double(*v).into()).chain(keep.then(|| "__unknown".into())).collect();
            let kind = if values.len() == 2 && !keep {
                AttributeKind::Binary { values: Some(names) }
            } else {
                AttributeKind::Nominal { values: Some(names), count: None, ordinal: Some(false) }
            };
            Attribute { name: of(i).and_then(|attribute| attribute.name.clone()), kind }
        };
        self.0.iter().enumerate().map(attribute).collect()
    }

    /// The number of a value among a feature's categories.
    fn index(&self, feature: usize, value: f64, invalid: &str) -> Result<Option<f64>> {
        let Some(values) = &self.0[feature] else { return Ok(Some(value)) };
        let same = |known: &f64| *known == value || (known.is_nan() && value.is_nan());
        match (values.iter().position(same), invalid) {
            (Some(index), _) => Ok(Some(index as f64)),
            (None, "keep") => Ok(Some(values.len() as f64)),
            (None, "skip") => Ok(None),
            _ => Err(Error::runtime(format!(
                "VectorIndexer encountered invalid value {} on feature index {feature}. To handle or skip invalid value, try setting \
                 VectorIndexer.handleInvalid.",
                java_double(value)
            ))),
        }
    }
}

impl Learned for Categories {
    fn transformer(self: Arc<Self>, params: &Params) -> Result<Arc<dyn Transformer>> {
        let checked = params.checked()?;
        let invalid = checked.text(&HANDLE_INVALID)?;
        let size = self.0.len();
        let (own, handling) = (self.clone(), invalid.clone());
        let map = vectors(move |vector, out| {
            if vector.size() != size {
                return Err(Error::runtime(format!(
                    "VectorIndexerModel expected vector of length {size} but found length {}",
                    vector.size()
                )));
            }
            let indexed: Option<Vec<f64>> = vector.active().map(|(i, v)| own.index(i, v, &handling)).collect::<Result<_>>()?;
            match (indexed, vector) {
                (None, _) => out.append_null(),
                (Some(values), VectorRef::Dense(_)) => out.append_dense(&values),
                (Some(values), VectorRef::Sparse { size, indices, .. }) => out.append_sparse(size, indices, &values),
            }
            Ok(())
        });
        let keep = &*invalid == "keep";
        let field = move |schema: &Schema, input: &str, output: &Arc<str>| {
            let known = AttributeGroup::of(vector_column(schema, input)?);
            if let Some(found) = known.as_ref().and_then(|group| group.size).filter(|found| *found != size) {
                return Err(Error::illegal_argument(format!(
                    "requirement failed: VectorIndexerModel expected {size} features, but input column {input} had metadata specifying {found} \
                     features."
                )));
            }
            let metadata = AttributeGroup::new(self.attributes(known, keep)).to_metadata(None);
            Ok(Field::new(output.clone(), DataType::Vector, true).with_metadata(Some(metadata)))
        };
        let mapped = Mapped::single(params, field, map)?;
        Ok(Arc::new(Skipping { output: (&*invalid == "skip").then_some(checked.text(&shared::OUTPUT_COL)?), mapped }))
    }

    fn member(&self, name: &str, _params: &Params) -> Option<MlValue> {
        match name {
            "numFeatures" => Some(MlValue::Int(self.0.len() as i64)),
            "categoryMaps" => {
                let categories = self.0.iter().enumerate().filter_map(|(i, values)| {
                    let pairs = values.as_ref()?.iter().zip(0..).map(|(value, index)| (MlValue::Float(*value), MlValue::Int(index)));
                    Some((MlValue::Int(i as i64), MlValue::Map(pairs.collect())))
                });
                Some(MlValue::Map(categories.collect()))
            }
            _ => None,
        }
    }

    fn describe(&self, params: &Params) -> String {
        let invalid = params.get(HANDLE_INVALID.name).map(|invalid| crate::param::python_str(&invalid)).unwrap_or_default();
        format!(", numFeatures={}, handleInvalid={invalid}", self.0.len())
    }
}

/// The mapped rows, without those that came out null.
struct Skipping {
    mapped: Mapped,
    output: Option<Arc<str>>,
}

impl Transformer for Skipping {
    fn params(&self) -> &Params {
        self.mapped.params()
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.mapped.transform_schema(schema)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let mapped = self.mapped.transform(data)?;
        match &self.output {
            Some(output) => drop_missing(&mapped, std::slice::from_ref(output)),
            None => Ok(mapped),
        }
    }
}
