use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::{Error, Executor, Result};

use super::declare::{EPSILON, LINEAR_REGRESSION_MODEL, LOSS, SOLVER};
use super::fitted::{Fitted, Settings};
use super::model::LinearRegressionModel;
use super::normal::{self, Moments};
use super::{huber, iterative};
use crate::dataset::{Instances, LabelKind};
use crate::param::{ParamMap, Params, shared};
use crate::regression::regressor::fit_schema;
use crate::stage::{Estimator, Model};
use crate::task::Task;

/// `pyspark.ml.regression.LinearRegression` with checked params.
pub struct LinearRegression {
    params: Params,
    method: Method,
    settings: Settings,
}

/// How a fit goes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// The normal equations while there are not too many features, else L-BFGS.
    Auto,
    Normal,
    LBfgs,
    Huber,
}

impl LinearRegression {
    /// # Errors
    /// When a param is out of its range, or the Huber loss is asked for with the normal solver or an L1 penalty.
    pub fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        let settings = Settings {
            reg_param: checked.float(&shared::REG_PARAM)?,
            elastic_net_param: checked.float(&shared::ELASTIC_NET_PARAM)?,
            fit_intercept: checked.bool(&shared::FIT_INTERCEPT)?,
            standardization: checked.bool(&shared::STANDARDIZATION)?,
            standardize_label: true,
            max_iter: checked.count(&shared::MAX_ITER)?,
            tol: checked.float(&shared::TOL)?,
            epsilon: checked.float(&EPSILON)?,
        };
        let solver = checked.text(&SOLVER)?;
        let method = match (&*checked.text(&LOSS)?, &*solver) {
            ("huber", "normal") => {
                return Err(Error::illegal_argument(
                    "requirement failed: LinearRegression with huber loss doesn't support normal solver, please change solver to auto or l-bfgs.",
                ));
            }
            ("huber", _) if settings.elastic_net_param != 0.0 => {
                return Err(Error::illegal_argument(format!(
                    "requirement failed: LinearRegression with huber loss only supports L2 regularization, but got elasticNetParam = {}.",
                    settings.elastic_net_param
                )));
            }
            ("huber", _) => Method::Huber,
            (_, "normal") => Method::Normal,
            (_, "l-bfgs") => Method::LBfgs,
            _ => Method::Auto,
        };
        Ok(Self { params: params.clone(), method, settings })
    }
}

/// The fit itself. The moments are read once for all fits of the same rows.
pub(super) fn fit(
    executor: &Executor,
    partitions: &[Task<'_>],
    width: usize,
    method: Method,
    settings: &Settings,
    moments: &mut Option<Moments>,
) -> Result<Fitted> {
    match method {
        Method::Huber => huber::fit(executor, partitions, width, settings),
        Method::LBfgs => iterative::fit(executor, partitions, width, settings),
        Method::Auto if width > normal::MOST_FEATURES => iterative::fit(executor, partitions, width, settings),
        Method::Auto | Method::Normal => {
            let moments = match moments {
                Some(moments) => moments,
                None => moments.insert(Moments::read(executor, partitions, width)?),
            };
            normal::solve_moments(executor, moments, settings)
        }
    }
}

/// Rows that were read, and what fits of them share.
struct Read {
    columns: [Option<Arc<str>>; 3],
    instances: Instances,
    moments: Option<Moments>,
}

impl LinearRegression {
    /// Fits to the rows that another fit has read, when they are of the same columns.
    fn fit_sharing(&self, data: &DataFrame, read: &mut Option<Read>) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let checked = self.params.checked()?;
        let columns =
            [Some(checked.text(&shared::FEATURES_COL)?), Some(checked.text(&shared::LABEL_COL)?), checked.opt_column(&shared::WEIGHT_COL)];
        let read = match read.take() {
            Some(same) if same.columns == columns => read.insert(same),
            _ => {
                let instances = Instances::labelled(data, checked, LabelKind::Regression)?;
                read.insert(Read { columns, instances, moments: None })
            }
        };
        let (partitions, width) = (read.instances.tasks(), read.instances.width);
        let fitted = fit(data.session().executor(), &partitions, width, self.method, &self.settings, &mut read.moments)?;
        let model = LinearRegressionModel::new(
            self.params.for_model(&LINEAR_REGRESSION_MODEL),
            fitted.coefficients.clone(),
            fitted.intercept,
            fitted.scale,
        )?;
        Ok(Arc::new(model.with_training(data, fitted.objective_history, fitted.inverse_diagonal)?))
    }
}

impl Estimator for LinearRegression {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        fit_schema(schema, self.params.checked()?)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.fit_sharing(data, &mut None)
    }

    /// A path of regularisations reads its rows once, and by the normal equations also multiplies them once.
    fn fit_multiple(&self, data: &DataFrame, maps: &[ParamMap]) -> Result<Vec<Arc<dyn Model>>> {
        let mut read = None;
        maps.iter().map(|map| Self::new(&self.params.copy(map)?)?.fit_sharing(data, &mut read)).collect()
    }
}
