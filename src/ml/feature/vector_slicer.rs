use std::sync::Arc;

use kindling_frame::{DataFrame, Schema, VectorBuilder};
use kindling_linalg::VectorRef;
use kindling_partition::{Error, Result, did_you_mean};

use super::columns::with_native;
use super::mapped::{new_output, vector_field, vectors};
use crate::attribute::AttributeGroup;
use crate::check::{append, vector_column};
use crate::param::{ParamDecl, ParamDefault, ParamKind, Params, Range, shared};
use crate::stage::{StageDecl, Transformer};

/// Takes some features of each vector. Spark's `org.apache.spark.ml.feature.VectorSlicer`.
pub static VECTOR_SLICER: StageDecl = StageDecl::transformer(
    "VectorSlicer",
    "feature",
    "This class takes a feature vector and outputs a new feature vector with a subarray of the original features. The subset of features can be \
     specified with either indices (setIndices()) or names (setNames()). At least one feature must be selected. Duplicate features are not \
     allowed, so there can be no overlap between selected indices and names. The output vector will order features with the selected indices \
     first (in the order given), followed by the selected names (in the order given).",
    &[shared::INPUT_COL, shared::OUTPUT_COL, INDICES, NAMES],
    |params| {
        let checked = params.checked()?;
        let indices: Vec<usize> = checked.opt_floats(&INDICES).unwrap_or_default().into_iter().map(|i| i as usize).collect();
        let names = checked.opt_texts(&NAMES).unwrap_or_default();
        if indices.is_empty() && names.is_empty() {
            return Err(Error::illegal_argument("requirement failed: VectorSlicer requires that at least one feature be selected."));
        }
        Ok(Arc::new(VectorSlicer {
            input: checked.text(&shared::INPUT_COL)?,
            output: checked.text(&shared::OUTPUT_COL)?,
            params: params.clone(),
            indices,
            names,
        }))
    },
);

const INDICES: ParamDecl = ParamDecl::new(
    "indices",
    "An array of indices to select features from a vector column. There can be no overlap with names.",
    ParamKind::IntList(Range::at_least(0.0)),
)
.default(ParamDefault::TextList(&[]));
const NAMES: ParamDecl = ParamDecl::new(
    "names",
    "An array of feature names to select features from a vector column. These names must be specified by ML \
     org.apache.spark.ml.attribute.Attribute. There can be no overlap with indices.",
    ParamKind::TextList,
)
.default(ParamDefault::TextList(&[]));

struct VectorSlicer {
    params: Params,
    input: Arc<str>,
    output: Arc<str>,
    indices: Vec<usize>,
    names: Vec<Arc<str>>,
}

impl VectorSlicer {
    /// The places of the features, and what is known of them.
    fn places(&self, group: Option<AttributeGroup>) -> Result<(Vec<usize>, AttributeGroup)> {
        let attributes = group.as_ref().and_then(|group| group.attributes.as_deref());
        let mut places = self.indices.clone();
        for name in &self.names {
            let known = || attributes.into_iter().flatten().filter_map(|attribute| attribute.name.as_deref());
            let place = attributes.and_then(|all| all.iter().position(|attribute| attribute.name.as_ref() == Some(name)));
            places.push(place.ok_or_else(|| {
                Error::illegal_argument(format!(
                    "requirement failed: getFeatureIndicesFromNames found no feature with name {name} in column {}.{}",
                    self.input,
                    did_you_mean(name, known())
                ))
            })?);
        }
        if (1..places.len()).any(|i| places[..i].contains(&places[i])) {
            let list = |parts: Vec<String>| parts.join(",");
            return Err(Error::illegal_argument(format!(
                "requirement failed: VectorSlicer requires indices and names to be disjoint sets of features, but they overlap. indices: [{}]. \
                 names: [{}].",
                list(self.indices.iter().map(usize::to_string).collect()),
                list(places[self.indices.len()..].iter().zip(&self.names).map(|(place, name)| format!("{place}:{name}")).collect())
            )));
        }
        if let (Some(size), Some(greatest)) = (group.as_ref().and_then(|group| group.size), places.iter().max())
            && *greatest >= size
        {
            return Err(out_of(*greatest, size));
        }
        let sliced = match attributes {
            Some(all) => AttributeGroup::new(places.iter().map(|place| all[*place].clone()).collect()),
            None => AttributeGroup::of_size(places.len()),
        };
        Ok((places, sliced))
    }
}

fn out_of(index: usize, size: usize) -> Error {
    Error::illegal_argument(format!("requirement failed: Selected feature index {index} invalid for only {size} input features."))
}

impl Transformer for VectorSlicer {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        vector_column(schema, &self.input)?;
        new_output(schema, &self.output)?;
        append(schema, vector_field(&self.output, Some(self.indices.len() + self.names.len())))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let (places, group) = self.places(AttributeGroup::of(data.schema().field(&self.input)?))?;
        let field = vector_field(&self.output, None).with_metadata(Some(group.to_metadata(None)));
        let map = vectors(move |vector, out| match places.iter().max().filter(|place| **place >= vector.size()) {
            Some(place) => Err(out_of(*place, vector.size())),
            None => {
                append_slice(out, vector, &places);
                Ok(())
            }
        });
        with_native(data, "VectorSlicer", vec![data.col(&self.input)?], field, move |executor, arrays, rows| map(executor, arrays, rows))
    }
}

/// The features at these places in this order; sparse when the vector is.
pub(super) fn append_slice(out: &mut VectorBuilder, vector: VectorRef<'_>, places: &[usize]) {
    match vector {
        VectorRef::Dense(values) => out.append_dense(&places.iter().map(|place| values[*place]).collect::<Vec<_>>()),
        VectorRef::Sparse { indices, values, .. } => {
            let stored = places.iter().enumerate().filter_map(|(i, place)| {
                let at = indices.binary_search_by(|index| (*index as usize).cmp(place)).ok()?;
                Some((i as i32, values[at]))
            });
            let (indices, values): (Vec<i32>, Vec<f64>) = stored.unzip();
            out.append_sparse(places.len(), &indices, &values);
        }
    }
}
