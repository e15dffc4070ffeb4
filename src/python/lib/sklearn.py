"""The parts of scikit-learn that go with Spark's own: neighbours, metrics, model selection, inspection, calibration and bagging."""

__version__ = "1.9.1"


def clone(estimator, *, safe=True):
    from sklearn.base import clone

    return clone(estimator, safe=safe)


def __getattr__(name):
    if name in ("base", "calibration", "ensemble", "exceptions", "inspection", "metrics", "model_selection", "neighbors", "utils"):
        import _sklearn_checks

        return _sklearn_checks.module("sklearn." + name)
    raise AttributeError(f"module 'sklearn' has no attribute '{name}'")
