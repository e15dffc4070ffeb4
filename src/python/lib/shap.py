"""SHAP values of the tree models of `pyspark.ml`: what each feature adds to a prediction.

`shap.TreeExplainer(model)` takes a decision tree, a random forest or boosted trees, for classification or regression, and explains rows of
features (an array or a frame of pandas). The values are those of the path-dependent algorithm, as the shap package gives them.
"""

import numpy as _np

import _beyond

__version__ = "0.51.0"


class InvalidModelError(Exception):
    """A model that can't be explained here."""

    __module__ = "shap.utils._exceptions"


class Explanation:
    """SHAP values with the rows that they explain."""

    def __init__(self, values, base_values=None, data=None, display_data=None, feature_names=None, output_names=None, compute_time=None):
        self.values, self.base_values, self.data = values, base_values, data
        self.display_data, self.feature_names, self.output_names = display_data, feature_names, output_names
        self.compute_time = compute_time

    @property
    def shape(self):
        return self.values.shape

    def __len__(self):
        return len(self.values)

    def __repr__(self):
        return f".values =\n{self.values!r}\n\n.base_values =\n{self.base_values!r}\n\n.data =\n{self.data!r}"

    def __getitem__(self, at):
        at = at if isinstance(at, tuple) else (at,)
        at = tuple(list(self.feature_names).index(one) if isinstance(one, str) else one for one in at)
        base, names = self.base_values, self.feature_names
        if isinstance(base, _np.ndarray):
            # A base value for each row and output, none for each feature.
            base = base[(at[0], *at[2:])[: base.ndim]]
        if len(at) > 1 and names is not None:
            names = _np.asarray(names, object)[at[1]] if not isinstance(at[1], slice) else list(names)[at[1]]
        data = None if self.data is None else _np.asarray(self.data)[at[:2]]
        return Explanation(self.values[at], base, data, feature_names=names)

    def _over(self, what, axis):
        return Explanation(what(self.values, axis), self.base_values, self.data, feature_names=self.feature_names)

    def mean(self, axis=0):
        return self._over(_np.mean, axis)

    def max(self, axis=0):
        return self._over(_np.max, axis)

    def sum(self, axis=0):
        return self._over(_np.sum, axis)

    @property
    def abs(self):
        return Explanation(_np.abs(self.values), self.base_values, self.data, feature_names=self.feature_names)


class TreeExplainer:
    """Explains the predictions of trees: probabilities of the classes of a tree or forest, margins of boosted classifiers, predictions of
    regressions."""

    def __init__(self, model, data=None, model_output="raw", feature_perturbation="auto", feature_names=None, **options):
        if feature_perturbation not in ("auto", "interventional", "tree_path_dependent"):
            raise ValueError(
                "feature_perturbation must be 'auto', 'interventional', or 'tree_path_dependent'. " f"Got {feature_perturbation} instead."
            )
        if model_output != "raw":
            raise ValueError('Only model_output="raw" is supported for feature_perturbation="tree_path_dependent"')
        if data is not None and feature_perturbation != "tree_path_dependent":
            raise NotImplementedError(
                "Predict with pyspark isn't implemented. Don't run 'interventional' as feature_perturbation."
            )
        told = _beyond.tree_shap(model)
        if told is None:
            if "pyspark.ml" in str(type(model)):
                raise NotImplementedError(f"Unsupported Spark model type: {type(model)}")
            raise InvalidModelError(f"Model type not yet supported by TreeExplainer: {type(model)}")
        self.model = model
        self.data_feature_names = feature_names
        self.feature_perturbation = "tree_path_dependent"
        self.expected_value, self._outputs, self._width = told
        self._classes = "Classification" in str(type(model)) and "GBT" not in str(type(model))

    def shap_values(self, X, y=None, tree_limit=None, approximate=False, check_additivity=True, from_call=False):
        """An array of rows by features, and by classes for trees and forests that classify."""
        if approximate or tree_limit is not None:
            raise NotImplementedError("approximate and tree_limit are not supported here")
        X = X.to_numpy() if hasattr(X, "to_numpy") else _np.asarray(X)
        X = _np.asarray(X, float)
        single = X.ndim == 1
        X = X.reshape(1, -1) if single else X
        if X.ndim != 2:
            raise AssertionError("Passed input data matrix X must have 1 or 2 dimensions!")
        if X.shape[1] != self._width:
            raise ValueError(f"The model has {self._width} features, the rows to explain have {X.shape[1]}.")
        flat = _beyond.tree_shap(self.model, X)[3]
        values = flat.reshape(*X.shape, self._outputs) if self._classes else flat.reshape(X.shape)
        return values[0] if single else values

    def __call__(self, X, y=None, interactions=False, check_additivity=True, approximate=False):
        """The values with rows, names and the expected value of each row."""
        if interactions:
            raise NotImplementedError("SHAP interaction values are not supported here")
        names = list(X.columns) if hasattr(X, "columns") else self.data_feature_names
        values = self.shap_values(X, approximate=approximate)
        base = _np.tile(self.expected_value, (values.shape[0], 1)) if self._classes else _np.tile(self.expected_value, values.shape[0])
        return Explanation(values, base, X.to_numpy() if hasattr(X, "to_numpy") else X, feature_names=names)

    def shap_interaction_values(self, X, y=None, tree_limit=None):
        raise NotImplementedError("SHAP interaction values are not supported here")


Explainer = TreeExplainer


def sample(X, nsamples=100, random_state=0):
    """Some rows."""
    from sklearn.utils import resample

    return X if X.shape[0] <= nsamples else resample(X, n_samples=nsamples, random_state=random_state)


def summary_plot(shap_values, features=None, feature_names=None, max_display=20, plot_type=None, show=True, class_names=None, **options):
    """The features that matter most: a dot for each row, or with `plot_type="bar"` the mean size of the values."""
    from shap import plots

    return plots._summary(shap_values, features, feature_names, max_display, plot_type, show, class_names)


def dependence_plot(ind, shap_values, features, feature_names=None, show=True, **options):
    """The SHAP value of one feature against the feature."""
    from shap import plots

    return plots._dependence(ind, shap_values, features, feature_names, show)


def initjs():
    """The page draws without scripts of shap's own."""


def __getattr__(name):
    if name == "plots":
        import shap.plots

        return shap.plots
    if name.startswith("_"):
        raise AttributeError(f"module 'shap' has no attribute '{name}'")
    raise NotImplementedError(
        f"shap.{name} is not here: there are TreeExplainer, Explanation, summary_plot, dependence_plot and shap.plots.bar, beeswarm, waterfall "
        "and scatter"
    )
