"""The displays of scikit-learn: what was computed, and its chart."""

import numpy as np

import _sklearn_checks as checks


class _Display:
    def _axes(self, ax):
        import matplotlib.pyplot as plt

        if ax is None:
            _, ax = plt.subplots()
        self.ax_, self.figure_ = ax, ax.figure
        return ax


def _kept(options, made, names):
    return made(**{name: options[name] for name in names if name in options})


class _CurveDisplay(_Display):
    _line_of_train, _line_of_test = "Train", "Test"

    def _curves(self, ax, x, x_label, negate_score, score_name, score_type, std_display_style):
        checks.one_of(type(self).__name__, "score_type", score_type, ("train", "test", "both"))
        if std_display_style not in (None, "errorbar", "fill_between"):
            raise ValueError(
                f"Unknown std_display_style: {std_display_style}. Should be one of 'errorbar', 'fill_between', or None."
            )
        ax = self._axes(ax)
        sign = -1 if negate_score else 1
        tables = {"train": [("Train", self.train_scores)], "test": [("Test", self.test_scores)]}
        self.lines_, self.fill_between_, self.errorbar_ = [], [], []
        for label, table in tables.get(score_type, tables["train"] + tables["test"]):
            table = sign * np.asarray(table)
            mean, spread = np.mean(table, axis=1), np.std(table, axis=1)
            if std_display_style == "errorbar":
                self.errorbar_.append(ax.errorbar(x, mean, spread, label=label))
            else:
                self.lines_.extend(ax.plot(x, mean, label=label))
                if std_display_style == "fill_between":
                    self.fill_between_.append(ax.fill_between(x, mean - spread, mean + spread))
        name = self.score_name if score_name is None else score_name
        name = "Score" if name is None else name
        if negate_score and name.startswith("neg_"):
            name = name[4:].replace("_", " ").capitalize()
        ax.set_xlabel(x_label)
        ax.set_ylabel(name)
        ax.legend()
        return self


def _score_name(scoring, negate):
    if scoring is None or callable(scoring):
        return "Score" if scoring is None else getattr(scoring, "__name__", "Score")
    text = scoring[4:] if negate and scoring.startswith("neg_") else "Negative " + scoring[4:] if scoring.startswith("neg_") else scoring
    return text.replace("_", " ").capitalize()


class LearningCurveDisplay(_CurveDisplay):
    """Scores by the number of training rows."""

    __module__ = "sklearn.model_selection"

    def __init__(self, *, train_sizes, train_scores, test_scores, score_name=None):
        self.train_sizes, self.train_scores, self.test_scores, self.score_name = train_sizes, train_scores, test_scores, score_name

    def plot(self, ax=None, *, negate_score=False, score_name=None, score_type="both", std_display_style="fill_between", **options):
        return self._curves(
            ax, self.train_sizes, "Number of samples in the training set", negate_score, score_name, score_type, std_display_style
        )

    @classmethod
    def from_estimator(
        cls, estimator, X, y, *, groups=None, train_sizes=None, cv=None, scoring=None, exploit_incremental_learning=False, n_jobs=None,
        pre_dispatch="all", verbose=0, shuffle=False, random_state=None, error_score=float("nan"), fit_params=None, ax=None,
        negate_score=False, score_name=None, score_type="both", std_display_style="fill_between", line_kw=None, fill_between_kw=None,
        errorbar_kw=None,
    ):  # fmt: skip
        from sklearn.model_selection import learning_curve

        name = _score_name(scoring, negate_score) if score_name is None else score_name
        sizes, train, test = learning_curve(
            estimator, X, y, groups=groups, train_sizes=train_sizes, cv=cv, scoring=scoring, shuffle=shuffle, random_state=random_state
        )
        made = cls(train_sizes=sizes, train_scores=train, test_scores=test, score_name=name)
        return made.plot(ax, negate_score=negate_score, score_type=score_type, std_display_style=std_display_style)


class ValidationCurveDisplay(_CurveDisplay):
    """Scores by the value of a parameter."""

    __module__ = "sklearn.model_selection"

    def __init__(self, *, param_name, param_range, train_scores, test_scores, score_name=None):
        self.param_name, self.param_range = param_name, param_range
        self.train_scores, self.test_scores, self.score_name = train_scores, test_scores, score_name

    def plot(self, ax=None, *, negate_score=False, score_name=None, score_type="both", std_display_style="fill_between", **options):
        values = list(self.param_range)
        numbers = all(isinstance(value, (int, float, np.float64, np.int64)) for value in values)
        x = values if numbers else [str(value) for value in values]
        return self._curves(ax, x, self.param_name, negate_score, score_name, score_type, std_display_style)

    @classmethod
    def from_estimator(
        cls, estimator, X, y, *, param_name, param_range, groups=None, cv=None, scoring=None, n_jobs=None, pre_dispatch="all", verbose=0,
        error_score=float("nan"), fit_params=None, ax=None, negate_score=False, score_name=None, score_type="both",
        std_display_style="fill_between", line_kw=None, fill_between_kw=None, errorbar_kw=None,
    ):  # fmt: skip
        from sklearn.model_selection import validation_curve

        name = _score_name(scoring, negate_score) if score_name is None else score_name
        train, test = validation_curve(
            estimator, X, y, param_name=param_name, param_range=param_range, groups=groups, cv=cv, scoring=scoring
        )
        made = cls(param_name=param_name, param_range=np.asarray(param_range), train_scores=train, test_scores=test, score_name=name)
        return made.plot(ax, negate_score=negate_score, score_type=score_type, std_display_style=std_display_style)


class CalibrationDisplay(_Display):
    """The share of positive rows against the probability that was given."""

    __module__ = "sklearn.calibration"

    def __init__(self, prob_true, prob_pred, y_prob, *, estimator_name=None, pos_label=None):
        self.prob_true, self.prob_pred, self.y_prob = prob_true, prob_pred, y_prob
        self.estimator_name, self.pos_label = estimator_name, pos_label

    def plot(self, *, ax=None, name=None, ref_line=True, **options):
        ax = self._axes(ax)
        name = self.estimator_name if name is None else name
        about = f"(Positive class: {self.pos_label})" if self.pos_label is not None else ""
        if ref_line:
            ax._layers.append(("reference", "Perfectly calibrated", [0.0, 0.0], [1.0, 1.0]))
        (self.line_,) = ax.plot(self.prob_pred, self.prob_true, label=name)
        ax.scatter(self.prob_pred, self.prob_true, label=name)
        ax.set_xlabel(f"Mean predicted probability {about}".strip())
        ax.set_ylabel(f"Fraction of positives {about}".strip())
        ax.legend()
        return self

    @classmethod
    def from_estimator(cls, estimator, X, y, *, n_bins=5, strategy="uniform", pos_label=None, name=None, ax=None, ref_line=True, **options):
        probability = np.asarray(estimator.predict_proba(X))
        classes = list(estimator.classes_)
        pos_label = classes[-1] if pos_label is None else pos_label
        name = type(estimator).__name__ if name is None else name
        return cls.from_predictions(
            y, probability[:, classes.index(pos_label)], n_bins=n_bins, strategy=strategy, pos_label=pos_label, name=name, ax=ax,
            ref_line=ref_line,
        )  # fmt: skip

    @classmethod
    def from_predictions(cls, y_true, y_prob, *, n_bins=5, strategy="uniform", pos_label=None, name=None, ax=None, ref_line=True, **options):
        from sklearn.calibration import calibration_curve

        true, told = calibration_curve(y_true, y_prob, n_bins=n_bins, strategy=strategy, pos_label=pos_label)
        made = cls(true, told, y_prob, estimator_name="Classifier" if name is None else name, pos_label=1 if pos_label is None else pos_label)
        return made.plot(ax=ax, ref_line=ref_line)


class PredictionErrorDisplay(_Display):
    """Errors, or what was against what was predicted."""

    __module__ = "sklearn.metrics"

    def __init__(self, *, y_true, y_pred):
        self.y_true, self.y_pred = y_true, y_pred

    def plot(self, ax=None, *, kind="residual_vs_predicted", **options):
        if kind not in ("actual_vs_predicted", "residual_vs_predicted"):
            raise ValueError(f"`kind` must be one of 'actual_vs_predicted', 'residual_vs_predicted'. Got {kind!r} instead.")
        ax = self._axes(ax)
        true, told = np.asarray(self.y_true, float), np.asarray(self.y_pred, float)
        if kind == "actual_vs_predicted":
            low, high = min(np.min(true), np.min(told)).item(), max(np.max(true), np.max(told)).item()
            ax._layers.append(("reference", "", [low, low], [high, high]))
            self.scatter_ = ax.scatter(told, true)
        else:
            ax.axhline(0)
            self.scatter_ = ax.scatter(told, true - told)
        ax.set_xlabel("Predicted values")
        ax.set_ylabel("Actual values" if kind == "actual_vs_predicted" else "Residuals (actual - predicted)")
        return self

    @classmethod
    def from_estimator(cls, estimator, X, y, **options):
        return cls.from_predictions(y, estimator.predict(X), **options)

    @classmethod
    def from_predictions(cls, y_true, y_pred, *, kind="residual_vs_predicted", subsample=1000, random_state=None, ax=None, **options):
        from sklearn.utils import check_random_state

        true, told = checks.plain(y_true), checks.plain(y_pred)
        checks.same_length(true, told)
        if subsample is not None:
            count = int(subsample * len(true)) if isinstance(subsample, float) else subsample
            if len(true) > count:
                rows = check_random_state(random_state).choice(len(true), size=count)
                true, told = true[rows], told[rows]
        return cls(y_true=true, y_pred=told).plot(ax, kind=kind)


class PartialDependenceDisplay(_Display):
    """Partial dependence, a chart for each feature."""

    __module__ = "sklearn.inspection"

    def __init__(self, pd_results, *, features, feature_names, target_idx, kind="average"):
        self.pd_results, self.features, self.feature_names = pd_results, features, feature_names
        self.target_idx, self.kind = target_idx, kind

    def plot(self, *, ax=None, n_cols=3, **options):
        import matplotlib.pyplot as plt

        self.figure_ = plt.figure() if ax is None else ax.figure
        self.axes_ = []
        for result, feature in zip(self.pd_results, self.features):
            axes = ax if ax is not None else self.figure_.add_subplot()
            self.axes_.append(axes)
            names = [self.feature_names[place] for place in feature]
            if len(feature) == 2:
                cells = result["average"][self.target_idx]
                axes.imshow(cells.T[::-1])
                axes._x_names = [f"{value:.4g}" for value in result["grid_values"][0].tolist()]
                axes._y_names = [f"{value:.4g}" for value in result["grid_values"][1].tolist()[::-1]]
                axes.set_xlabel(names[0])
                axes.set_ylabel(names[1])
                continue
            grid = result["grid_values"][0]
            if self.kind in ("individual", "both"):
                for line in result["individual"][self.target_idx][:50]:
                    axes.plot(grid, line)
            if self.kind in ("average", "both"):
                axes.plot(grid, result["average"][self.target_idx], label="average" if self.kind == "both" else None)
            axes.set_xlabel(names[0])
            axes.set_ylabel("Partial dependence")
        return self

    @classmethod
    def from_estimator(
        cls, estimator, X, features, *, sample_weight=None, categorical_features=None, feature_names=None, target=None,
        response_method="auto", n_cols=3, grid_resolution=100, percentiles=(0.05, 0.95), custom_values=None, method="auto", n_jobs=None,
        verbose=0, line_kw=None, ice_lines_kw=None, pd_line_kw=None, contour_kw=None, ax=None, kind="average", centered=False,
        subsample=1000, random_state=None,
    ):  # fmt: skip
        from sklearn.inspection import partial_dependence

        if centered:
            raise NotImplementedError("centered=True is not supported here")
        known = checks.names_of(X)
        width = np.asarray(X).shape[1] if not hasattr(X, "shape") else X.shape[1]
        names = feature_names if feature_names is not None else known.tolist() if known is not None else [f"x{j}" for j in range(width)]
        names = list(names)
        target_at = 0
        classes = getattr(estimator, "classes_", None)
        if classes is not None and len(classes) > 2:
            if target is None:
                raise ValueError("target must be specified for multi-class")
            if target not in list(classes):
                raise ValueError(f"target not in est.classes_, got {target}")
            target_at = list(classes).index(target)
        results, places = [], []
        for feature in features:
            pair = feature if isinstance(feature, (tuple, list)) else (feature,)
            results.append(
                partial_dependence(
                    estimator, X, list(pair), sample_weight=sample_weight, categorical_features=categorical_features,
                    response_method=response_method, percentiles=percentiles, grid_resolution=grid_resolution,
                    custom_values=custom_values, method=method, kind="average" if len(pair) == 2 else kind,
                )
            )  # fmt: skip
            places.append(tuple(names.index(one) if isinstance(one, str) else one for one in pair))
        return cls(results, features=places, feature_names=names, target_idx=target_at, kind=kind).plot(ax=ax, n_cols=n_cols)


class ConfusionMatrixDisplay(_Display):
    """How many rows of each class were told to be of each."""

    __module__ = "sklearn.metrics"

    def __init__(self, confusion_matrix, *, display_labels=None):
        self.confusion_matrix, self.display_labels = confusion_matrix, display_labels

    def plot(self, *, ax=None, **options):
        ax = self._axes(ax)
        ax.imshow(self.confusion_matrix)
        if self.display_labels is not None:
            ax._x_names = [str(label) for label in self.display_labels]
            ax._y_names = list(ax._x_names)
        ax.set_xlabel("Predicted label")
        ax.set_ylabel("True label")
        return self

    @classmethod
    def from_estimator(cls, estimator, X, y, **options):
        return cls.from_predictions(y, estimator.predict(X), **options)

    @classmethod
    def from_predictions(cls, y_true, y_pred, *, labels=None, sample_weight=None, normalize=None, display_labels=None, ax=None, **options):
        from sklearn.metrics import confusion_matrix

        counts = confusion_matrix(y_true, y_pred, labels=labels, sample_weight=sample_weight, normalize=normalize)
        if display_labels is None:
            display_labels = np.union1d(checks.plain(y_true), checks.plain(y_pred)) if labels is None else labels
        return cls(counts, display_labels=display_labels).plot(ax=ax)


class RocCurveDisplay(_Display):
    """True against false positive rates."""

    __module__ = "sklearn.metrics"

    def __init__(self, *, fpr, tpr, roc_auc=None, name=None, pos_label=None):
        self.fpr, self.tpr, self.roc_auc, self.name, self.pos_label = fpr, tpr, roc_auc, name, pos_label

    def plot(self, ax=None, *, name=None, plot_chance_level=False, **options):
        ax = self._axes(ax)
        name = self.name if name is None else name
        area = "" if self.roc_auc is None else f"AUC = {self.roc_auc:0.2f}"
        label = f"{name} ({area})" if name and area else name or area
        (self.line_,) = ax.plot(self.fpr, self.tpr, label=label)
        if plot_chance_level:
            ax._layers.append(("reference", "Chance level (AUC = 0.5)", [0.0, 0.0], [1.0, 1.0]))
        ax.set_xlabel("False Positive Rate")
        ax.set_ylabel("True Positive Rate")
        return self

    @classmethod
    def from_estimator(cls, estimator, X, y, *, name=None, **options):
        from sklearn.metrics import _response

        said = _response(estimator, X, ("predict_proba", "decision_function"))
        return cls.from_predictions(y, said, name=type(estimator).__name__ if name is None else name, **options)

    @classmethod
    def from_predictions(cls, y_true, y_score=None, *, name=None, pos_label=None, plot_chance_level=False, ax=None, **options):
        from sklearn.metrics import auc, roc_curve

        misses, hits, _ = roc_curve(y_true, y_score, pos_label=pos_label)
        made = cls(fpr=misses, tpr=hits, roc_auc=auc(misses, hits), name="Classifier" if name is None else name, pos_label=pos_label)
        return made.plot(ax, plot_chance_level=plot_chance_level)


class PrecisionRecallDisplay(_Display):
    """Precision against recall."""

    __module__ = "sklearn.metrics"

    def __init__(self, precision, recall, *, average_precision=None, name=None, pos_label=None):
        self.precision, self.recall, self.average_precision = precision, recall, average_precision
        self.name, self.pos_label = name, pos_label

    def plot(self, ax=None, *, name=None, **options):
        ax = self._axes(ax)
        name = self.name if name is None else name
        mean = "" if self.average_precision is None else f"AP = {self.average_precision:0.2f}"
        (self.line_,) = ax.plot(self.recall, self.precision, label=f"{name} ({mean})" if name and mean else name or mean)
        ax.set_xlabel("Recall")
        ax.set_ylabel("Precision")
        return self

    @classmethod
    def from_estimator(cls, estimator, X, y, *, name=None, **options):
        from sklearn.metrics import _response

        said = _response(estimator, X, ("predict_proba", "decision_function"))
        return cls.from_predictions(y, said, name=type(estimator).__name__ if name is None else name, **options)

    @classmethod
    def from_predictions(cls, y_true, y_score=None, *, name=None, pos_label=None, ax=None, **options):
        from sklearn.metrics import average_precision_score, precision_recall_curve

        precision, recall, _ = precision_recall_curve(y_true, y_score, pos_label=pos_label)
        mean = average_precision_score(y_true, y_score, pos_label=1 if pos_label is None else pos_label)
        return cls(precision, recall, average_precision=mean, name="Classifier" if name is None else name, pos_label=pos_label).plot(ax)
