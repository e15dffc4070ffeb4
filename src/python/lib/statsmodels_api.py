"""`sm.add_constant`; the models of statsmodels are not here."""

from statsmodels.tools.tools import add_constant


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'statsmodels.api' has no attribute '{name}'")
    raise NotImplementedError(
        f"statsmodels.api.{name} is not here: there are add_constant and variance_inflation_factor; pyspark.ml.regression has "
        "LinearRegression and GeneralizedLinearRegression with their summaries"
    )
