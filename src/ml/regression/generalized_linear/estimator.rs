use std::sync::Arc;

use kindling_frame::{DataFrame, DataType, Schema};
use kindling_partition::{Error, Result};

use super::declare::{FAMILY, GENERALIZED_LINEAR_REGRESSION_MODEL, LINK, LINK_POWER, LINK_PREDICTION_COL, OFFSET_COL, VARIANCE_POWER};
use super::family::{Family, Link};
use super::irls::{Glm, Part};
use super::model::GeneralizedLinearRegressionModel;
use crate::check;
use crate::dataset::{Instances, LabelKind, doubles};
use crate::param::{Checked, Params, shared};
use crate::regression::regressor::{fit_schema, number_field};
use crate::stage::{Estimator, Model};
use crate::task::Task;

/// `pyspark.ml.regression.GeneralizedLinearRegression` with checked params.
pub struct GeneralizedLinearRegression {
    params: Params,
    glm: Glm,
}

impl GeneralizedLinearRegression {
    /// # Errors
    /// When a param is out of its range, or the family doesn't go with the link.
    pub fn new(params: &Params) -> Result<Self> {
        Ok(Self { glm: glm(params.checked()?)?, params: params.clone() })
    }
}

pub(super) fn glm(params: Checked<'_>) -> Result<Glm> {
    let name = params.choice(&FAMILY)?;
    let power = params.float(&VARIANCE_POWER)?;
    if power > 0.0 && power < 1.0 {
        return Err(Error::illegal_argument(format!(
            "GeneralizedLinearRegression.variancePower must be 0 or at least 1, found {power:?}."
        )));
    }
    let family = Family::named(&name, power);
    let link = if name == "tweedie" {
        params.opt_float(&LINK_POWER).map(Link::of_power)
    } else {
        params.opt_text(&LINK).map(|link| Link::named(&link.to_lowercase()))
    };
    if let Some(link) = link
        && name != "tweedie"
        && !family.supports(link)
    {
        return Err(Error::illegal_argument(format!(
            "requirement failed: Generalized Linear Regression with {} family does not support {} link function.",
            params.text(&FAMILY)?,
            params.text(&LINK)?
        )));
    }
    Ok(Glm {
        family,
        link: link.unwrap_or(family.default_link()),
        dispersed: name != "binomial" && name != "poisson",
        fit_intercept: params.bool(&shared::FIT_INTERCEPT)?,
        reg_param: params.float(&shared::REG_PARAM)?,
        max_iter: params.count(&shared::MAX_ITER)?,
        tol: params.float(&shared::TOL)?,
    })
}

/// A column of offsets, checked.
fn offsets(data: &DataFrame, name: &str) -> Result<Vec<Vec<f64>>> {
    check::numeric_column(data.schema(), name)?;
    let batches = data.select(&[data.col(name)?.cast(DataType::Double)])?.partitions()?;
    let part = |values: Vec<f64>| {
        if values.iter().any(|v| v.is_nan()) {
            return Err(Error::runtime(format!("Column {name}: Offsets MUST NOT be Null or NaN.")));
        }
        Ok(values)
    };
    batches.iter().map(|batch| part(doubles(&batch.columns[0]))).collect()
}

impl Estimator for GeneralizedLinearRegression {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let params = self.params.checked()?;
        let schema = fit_schema(schema, params)?;
        match params.opt_column(&LINK_PREDICTION_COL) {
            Some(name) => check::append(&schema, number_field(&name)),
            None => Ok(schema),
        }
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let params = self.params.checked()?;
        let instances = Instances::labelled(data, params, LabelKind::Regression)?;
        let offsets = params.opt_column(&OFFSET_COL).map(|name| offsets(data, &name)).transpose()?;
        let part = |(i, block): (usize, _)| Part { task: Task::from(block), offsets: offsets.as_ref().map(|offsets| offsets[i].clone()) };
        let parts: Vec<Part<'_>> = instances.blocks.iter().enumerate().map(part).collect();
        let (fitted, iterations) = self.glm.fit(data.session().executor(), &parts, instances.width)?;
        let params = self.params.for_model(&GENERALIZED_LINEAR_REGRESSION_MODEL);
        let model = GeneralizedLinearRegressionModel::new(params, fitted.coefficients, fitted.intercept)?;
        Ok(Arc::new(model.with_training(data, fitted.inverse_diagonal, iterations)?))
    }
}
