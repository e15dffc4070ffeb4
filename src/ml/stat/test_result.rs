use kindling_frame::DataFrame;
use kindling_partition::Result;

use crate::dataset::{InstanceColumns, Instances, LabelKind};

/// What a test says of one feature.
#[derive(Clone, Copy, Debug)]
pub struct TestResult {
    /// How probable so great a statistic is when feature and label have nothing to do with each other.
    pub p_value: f64,
    pub degrees: i64,
    pub statistic: f64,
}

/// The features and labels of a test.
pub(super) fn read(data: &DataFrame, features: &str, label: &str) -> Result<Instances> {
    Instances::read(data, &InstanceColumns { features, label: Some((label, LabelKind::Regression)), weight: None })
}
