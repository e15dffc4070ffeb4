"""What scikit-learn raises and warns of."""


class NotFittedError(ValueError, AttributeError):
    """An estimator was used before it was fitted."""


class UndefinedMetricWarning(UserWarning):
    """A metric has no value for these predictions."""


class DataConversionWarning(UserWarning):
    """Data had to be turned into another form."""
