use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::{Error, Result};

use super::declare::{
    DISTRIBUTED_LDA_MODEL, DOC_CONCENTRATION, K, LEARNING_DECAY, LEARNING_OFFSET, LOCAL_LDA_MODEL, OPTIMIZE_DOC_CONCENTRATION, OPTIMIZER,
    SUBSAMPLING_RATE, TOPIC_CONCENTRATION, TOPIC_DISTRIBUTION_COL,
};
use super::em::Counts;
use super::model::{LdaModel, Topics, distribution_field};
use super::online::Online;
use crate::check;
use crate::dataset::{InstanceColumns, Instances};
use crate::param::{Params, shared};
use crate::stage::{Estimator, Model};

/// `pyspark.ml.clustering.LDA` with checked params.
pub struct Lda {
    params: Params,
    k: usize,
    em: bool,
    max_iter: usize,
    seed: i64,
    alpha: Option<Vec<f64>>,
    eta: Option<f64>,
}

impl Lda {
    /// # Errors
    /// When a param is out of its range, or `docConcentration` has neither one number nor one for each topic.
    pub fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        let (k, alpha) = (checked.count(&K)?, checked.opt_floats(&DOC_CONCENTRATION));
        if let Some(alpha) = alpha.as_ref().filter(|alpha| alpha.len() != 1 && alpha.len() != k) {
            return Err(Error::illegal_argument(format!(
                "requirement failed: LDA docConcentration was of length {}, but k = {k}.  docConcentration must be an array of length either 1 \
                 (scalar) or k (num topics).",
                alpha.len()
            )));
        }
        Ok(Self {
            k,
            em: checked.choice(&OPTIMIZER)? == "em",
            max_iter: checked.count(&shared::MAX_ITER)?,
            seed: checked.int(&shared::SEED)?,
            alpha,
            eta: checked.opt_float(&TOPIC_CONCENTRATION),
            params: params.clone(),
        })
    }

    /// The priors of the `em` optimiser, which must be over 1.
    fn em_priors(&self) -> Result<(f64, f64)> {
        let over_one = |name: &str, value: f64| {
            if value > 1.0 {
                return Ok(value);
            }
            Err(Error::illegal_argument(format!(
                "requirement failed: LDA {name} must be > 1.0 (or -1 for auto) for EM Optimizer, but was set to {}",
                kindling_linalg::number::java_double(value)
            )))
        };
        let alpha = match self.alpha.as_deref() {
            None => 50.0 / self.k as f64 + 1.0,
            Some([first, rest @ ..]) if rest.iter().all(|a| a == first) => over_one("docConcentration", *first)?,
            Some(_) => {
                let text = "requirement failed: LDA docConcentration must be the same for all topics for EM Optimizer.";
                return Err(Error::illegal_argument(text));
            }
        };
        Ok((alpha, self.eta.map_or(Ok(1.1), |eta| over_one("topicConcentration", eta))?))
    }
}

impl Estimator for Lda {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let checked = self.params.checked()?;
        check::vector_column(schema, &checked.text(&shared::FEATURES_COL)?)?;
        check::append(schema, distribution_field(&checked.text(&TOPIC_DISTRIBUTION_COL)?, None))
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let checked = self.params.checked()?;
        let features = checked.text(&shared::FEATURES_COL)?;
        let (executor, k) = (data.session().executor(), self.k);
        if self.em {
            let priors = self.em_priors()?;
            let instances = Instances::read(data, &InstanceColumns { features: &features, label: None, weight: None })?;
            let words = instances.width;
            let counts = Counts::fit(executor, &instances.blocks, (k, words), priors, self.max_iter, self.seed)?;
            let graph = counts.graph(executor, &instances.blocks)?;
            return Ok(Arc::new(LdaModel::distributed(self.params.for_model(&DISTRIBUTED_LDA_MODEL), graph, vec![0.0; self.max_iter])?));
        }
        let instances = Instances::read(data, &InstanceColumns { features: &features, label: None, weight: None })?;
        let eta = self.eta.unwrap_or(1.0 / k as f64);
        let online = Online {
            topics: k,
            max_iter: self.max_iter,
            seed: self.seed,
            alpha: match self.alpha.as_deref() {
                None => vec![1.0 / k as f64; k],
                Some([one]) => vec![*one; k],
                Some(all) => all.to_vec(),
            },
            eta,
            offset: checked.float(&LEARNING_OFFSET)?,
            decay: checked.float(&LEARNING_DECAY)?,
            rate: checked.float(&SUBSAMPLING_RATE)?,
            learn_alpha: checked.bool(&OPTIMIZE_DOC_CONCENTRATION)?,
        };
        let learned = online.fit(executor, &instances.blocks, instances.width)?;
        let topics = Topics::new(learned.lambda, learned.alpha, eta);
        Ok(Arc::new(LdaModel::local(self.params.for_model(&LOCAL_LDA_MODEL), topics)?))
    }
}
