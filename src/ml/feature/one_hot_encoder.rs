use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use kindling_frame::vector_column::from_places;
use kindling_frame::{DataFrame, DataType, Field, Schema, VectorBuilder};
use kindling_linalg::number::java_double;
use kindling_partition::{Error, Result};

use super::columns::{CHUNK, Pairs, described, pairs};
use crate::attribute::{Attribute, AttributeGroup, AttributeKind};
use crate::check::{append, numeric_column};
use crate::param::{ParamDecl, ParamKind, Params, shared};
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] = &[shared::INPUT_COLS, shared::OUTPUT_COLS, HANDLE_INVALID, DROP_LAST, shared::INPUT_COL, shared::OUTPUT_COL];

const HANDLE_INVALID: ParamDecl = ParamDecl::new(
    "handleInvalid",
    "How to handle invalid data during transform(). Options are 'keep' (invalid data presented as an extra categorical feature) or error (throw \
     an error). Note that this Param is only used during transform; during fitting, invalid data will result in an error.",
    ParamKind::choice(&["keep", "error"]),
)
.default_text("error");

const DROP_LAST: ParamDecl = ParamDecl::new("dropLast", "whether to drop the last category", ParamKind::Boolean).default_bool(true);

/// Makes of a category number a vector with a single one, at the place of the category. Spark's
/// `org.apache.spark.ml.feature.OneHotEncoder`.
pub static ONE_HOT_ENCODER: StageDecl = StageDecl::estimator(
    "OneHotEncoder",
    "feature",
    "A one-hot encoder that maps a column of category indices to a column of binary vectors, with at most a single one-value per row that \
     indicates the input category index. The last category is not included by default (configurable via dropLast), because it makes the vector \
     entries sum up to one, and hence linearly dependent.",
    PARAMS,
    |params| Ok(Arc::new(OneHotEncoder { settings: Settings::of(params)?, params: params.clone() })),
    &ONE_HOT_ENCODER_MODEL,
);

/// What a [`ONE_HOT_ENCODER`] learned: how many categories each column has.
pub static ONE_HOT_ENCODER_MODEL: StageDecl = StageDecl::model("OneHotEncoderModel", "feature", "Model fitted by OneHotEncoder.", PARAMS)
    .members(&[MemberDecl::attribute("categorySizes", "Original number of categories for each feature being encoded.")])
    .saved("categorySizes array<int>", |params, stored| {
        let sizes = stored.row()?.numbers("categorySizes")?.into_iter().map(|size| size as usize).collect();
        Ok(Arc::new(OneHotEncoderModel::new(params, sizes)?))
    });

struct OneHotEncoder {
    params: Params,
    settings: Settings,
}

struct Settings {
    pairs: Pairs,
    drop_last: bool,
    keep_invalid: bool,
}

impl Settings {
    fn of(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            pairs: pairs(checked, None)?,
            drop_last: checked.bool(&DROP_LAST)?,
            keep_invalid: &*checked.text(&HANDLE_INVALID)? == "keep",
        })
    }

    /// The size of the vectors for so many categories.
    fn width(&self, categories: usize) -> usize {
        match (self.drop_last, self.keep_invalid) {
            (false, true) => categories + 1,
            (true, false) => categories.saturating_sub(1),
            _ => categories,
        }
    }

    /// One binary attribute for each place of the vectors.
    fn attributes(&self, mut names: Vec<Arc<str>>) -> AttributeGroup {
        if self.drop_last && !self.keep_invalid {
            names.pop();
        } else if !self.drop_last && self.keep_invalid {
            names.push("invalidValues".into());
        }
        AttributeGroup::new(names.into_iter().map(|name| Attribute::binary(Some(name))).collect())
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let mut out = schema.clone();
        for (input, output) in &self.pairs {
            let field = numeric_column(schema, input)?;
            let names = category_names(field)?;
            if self.drop_last && !self.keep_invalid && names.as_ref().is_some_and(|names| names.len() < 2) {
                return Err(Error::illegal_argument(format!(
                    "requirement failed: The input column {input} should have at least two distinct values."
                )));
            }
            let metadata = names.map(|names| self.attributes(names).to_metadata(None));
            out = append(&out, Field::new(output.clone(), DataType::Vector, true).with_metadata(metadata))?;
        }
        Ok(out)
    }
}

/// What a column's metadata says its categories are called; none when it says nothing.
fn category_names(field: &Field) -> Result<Option<Vec<Arc<str>>>> {
    let numbers = |n: usize| (0..n).map(|i| i.to_string().into()).collect();
    Ok(match Attribute::of(field).map(|attribute| attribute.kind) {
        Some(AttributeKind::Nominal { values: Some(values), .. }) => Some(values),
        Some(AttributeKind::Nominal { count: Some(count), .. }) => Some(numbers(count)),
        Some(AttributeKind::Binary { values }) => Some(values.unwrap_or_else(|| numbers(2))),
        Some(AttributeKind::Numeric) => {
            return Err(Error::runtime(format!("The input column {} cannot be continuous-value.", field.name)));
        }
        Some(AttributeKind::Nominal { .. }) | None => None,
    })
}

impl Estimator for OneHotEncoder {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.settings.transform_schema(schema)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let pairs = &self.settings.pairs;
        let mut sizes = Vec::with_capacity(pairs.len());
        for (input, _) in pairs {
            sizes.push(category_names(data.schema().field(input)?)?.map(|names| names.len()));
        }
        let unknown: Vec<usize> = (0..pairs.len()).filter(|i| sizes[*i].is_none()).collect();
        if !unknown.is_empty() {
            let columns = unknown.iter().map(|i| Ok(data.col(&pairs[*i].0)?.cast(DataType::Double))).collect::<Result<Vec<_>>>()?;
            let batches = data.select(&columns)?.partitions()?;
            let executor = data.session().executor();
            let counted = executor.map("count categories", &batches, |_, batch| {
                let greatest = unknown.iter().zip(&batch.columns).map(|(i, array)| categories_of(&pairs[*i].0, array));
                greatest.collect::<Result<Vec<_>>>()
            })?;
            for (k, i) in unknown.iter().enumerate() {
                sizes[*i] = counted.iter().map(|sizes| sizes[k]).max();
            }
        }
        let sizes = sizes.into_iter().map(Option::unwrap_or_default).collect();
        Ok(Arc::new(OneHotEncoderModel::new(self.params.for_model(&ONE_HOT_ENCODER_MODEL), sizes)?))
    }
}

/// One more than the greatest category number.
fn categories_of(name: &str, array: &ArrayRef) -> Result<usize> {
    let mut categories = 0;
    for value in array.as_primitive::<Float64Type>() {
        let value = value.ok_or_else(|| Error::runtime(format!("Values from column {name} must be indices, but got null.")))?;
        if value > f64::from(i32::MAX) {
            return Err(Error::runtime(format!(
                "assertion failed: OneHotEncoder only supports up to {} indices, but got {}.",
                i32::MAX,
                java_double(value)
            )));
        }
        if !(value >= 0.0 && value.fract() == 0.0) {
            return Err(Error::runtime(format!(
                "assertion failed: Values from column {name} must be indices, but got {}.",
                java_double(value)
            )));
        }
        categories = categories.max(value as usize + 1);
    }
    Ok(categories)
}

struct OneHotEncoderModel {
    params: Params,
    settings: Settings,
    sizes: Vec<usize>,
}

impl OneHotEncoderModel {
    fn new(params: Params, sizes: Vec<usize>) -> Result<Self> {
        let settings = Settings::of(&params)?;
        if settings.pairs.len() != sizes.len() {
            return Err(Error::illegal_argument(format!(
                "requirement failed: The number of input columns {} must be the same as the number of features {} during fitting.",
                settings.pairs.len(),
                sizes.len()
            )));
        }
        Ok(Self { settings, params, sizes })
    }

    /// The names of the categories of a column, which must be as many as in the fit.
    fn names(&self, i: usize, schema: &Schema) -> Result<Vec<Arc<str>>> {
        let input = &self.settings.pairs[i].0;
        match category_names(schema.field(input)?)? {
            Some(names) if self.settings.width(names.len()) != self.settings.width(self.sizes[i]) => Err(Error::illegal_argument(format!(
                "requirement failed: OneHotEncoderModel expected {} categorical values for input column {input}, but the input column had \
                     metadata specifying {} values.",
                self.settings.width(self.sizes[i]),
                self.settings.width(names.len())
            ))),
            Some(names) => Ok(names),
            None => Ok((0..self.sizes[i]).map(|i| i.to_string().into()).collect()),
        }
    }
}

impl Transformer for OneHotEncoderModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.settings.transform_schema(schema)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let mut added = Vec::with_capacity(self.sizes.len());
        for (i, (input, output)) in self.settings.pairs.iter().enumerate() {
            let metadata = self.settings.attributes(self.names(i, data.schema())?).to_metadata(None);
            let field = Field::new(output.clone(), DataType::Vector, true).with_metadata(Some(metadata));
            let (categories, width, keep) = (self.sizes[i], self.settings.width(self.sizes[i]), self.settings.keep_invalid);
            let input = data.col(input)?.cast(DataType::Double);
            let column = kindling_frame::Column::native("OneHotEncoder", [input], field, move |executor, arrays, rows| {
                encode(&arrays[0], rows, (categories, width, keep), || executor.check())
            });
            added.push((output.to_string(), column));
        }
        data.with_columns(&added)
    }
}

fn encode(
    array: &ArrayRef,
    rows: usize,
    (categories, width, keep): (usize, usize, bool),
    check: impl Fn() -> Result<()>,
) -> Result<ArrayRef> {
    let values = array.as_primitive::<Float64Type>();
    if values.null_count() == 0 {
        // Every row has its category's place, most often: then the vectors are made of whole columns.
        let most = categories.min(width) as f64;
        let places: Vec<i32> = values.values().iter().map(|value| *value as i32).collect();
        check()?;
        if values.values().iter().all(|value| *value >= 0.0 && *value < most) {
            return from_places(width, places);
        }
    }
    let mut out = VectorBuilder::with_capacity(rows, rows);
    for row in 0..rows {
        if row % CHUNK == 0 {
            check()?;
        }
        if values.is_null(row) {
            out.append_null();
            continue;
        }
        let value = values.value(row);
        let place = if value >= 0.0 && value < categories as f64 {
            value as usize
        } else if keep {
            categories
        } else if value < 0.0 {
            return Err(Error::runtime(format!(
                "Negative value: {}. Input can't be negative. To handle invalid values, set Param handleInvalid to keep",
                java_double(value)
            )));
        } else {
            return Err(Error::runtime(format!(
                "Unseen value: {}. To handle unseen values, set Param handleInvalid to keep.",
                java_double(value)
            )));
        };
        if place < width {
            out.append_sparse(width, &[place as i32], &[1.0]);
        } else {
            out.append_sparse(width, &[], &[]);
        }
    }
    Ok(out.finish())
}

impl Object for OneHotEncoderModel {
    fn decl(&self) -> &'static StageDecl {
        &ONE_HOT_ENCODER_MODEL
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        match name {
            "categorySizes" => Ok(MlValue::List(self.sizes.iter().map(|size| MlValue::Int(*size as i64)).collect())),
            _ => Err(self.no_member(name)),
        }
    }

    fn describe(&self) -> String {
        let invalid = if self.settings.keep_invalid { "keep" } else { "error" };
        format!(
            "OneHotEncoderModel: uid={}, dropLast={}, handleInvalid={invalid}{}",
            self.params.uid(),
            self.settings.drop_last,
            described(&self.params)
        )
    }
}

impl Model for OneHotEncoderModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self::new(params, self.sizes.clone())?))
    }
}
