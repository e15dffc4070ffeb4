"""How good predictions are."""

import warnings as _warnings

import numpy as _np

import _sklearn_checks as _checks

from _sklearn_displays import ConfusionMatrixDisplay, PrecisionRecallDisplay, PredictionErrorDisplay, RocCurveDisplay
from sklearn.exceptions import UndefinedMetricWarning as _Undefined


def _weights(sample_weight, rows):
    if sample_weight is None:
        return _np.ones(rows)
    weights = _np.asarray(sample_weight, float)
    if weights.ndim != 1:
        raise ValueError("Sample weights must be 1D array or scalar")
    if len(weights) != rows:
        raise ValueError(f"sample_weight.shape == {weights.shape}, expected {(rows,)}!")
    return weights


def _mean(values, weights):
    return float(_np.sum(values * weights) / _np.sum(weights))


def _targets(y_true, y_pred):
    """Two columns of classes, and whether there are two classes or more."""
    _checks.same_length(y_true, y_pred)
    kinds = [_checks.kind_of_target(y) for y in (y_true, y_pred)]
    if len(set(kinds)) > 1 and set(kinds) != {"binary", "multiclass"}:
        raise ValueError(f"Classification metrics can't handle a mix of {kinds[0]} and {kinds[1]} targets")
    if "continuous" in kinds:
        raise ValueError("continuous is not supported")
    if "multi" in kinds[0] and kinds[0] != "multiclass":
        raise NotImplementedError("metrics of several labels for each row are not supported here")
    y_true, y_pred = _checks.column(y_true, "y_true"), _checks.column(y_pred, "y_pred")
    texts = [any(isinstance(item, str) for item in y.tolist()) for y in (y_true, y_pred)]
    if texts[0] != texts[1] and len(y_true):
        raise ValueError("Mix of label input types (string and number)")
    kind = "binary" if len(_np.union1d(y_true, y_pred)) <= 2 else "multiclass"
    return kind, y_true, y_pred


def accuracy_score(y_true, y_pred, *, normalize=True, sample_weight=None):
    """The share of the rows whose class was told."""
    _, y_true, y_pred = _targets(y_true, y_pred)
    right = (y_true == y_pred) * 1.0
    weights = _weights(sample_weight, len(right))
    return _mean(right, weights) if normalize else float(_np.sum(right * weights))


def confusion_matrix(y_true, y_pred, *, labels=None, sample_weight=None, normalize=None):
    """How many rows of each class (down) were told to be of each (across)."""
    _, y_true, y_pred = _targets(y_true, y_pred)
    known = _np.union1d(y_true, y_pred) if labels is None else _np.asarray(labels)
    if labels is not None and len(known) == 0:
        raise ValueError("'labels' should contain at least one label.")
    if labels is not None and len(y_true) and not set(known.tolist()) & set(y_true.tolist()):
        raise ValueError("At least one label specified must be in y_true")
    place = {label: i for i, label in enumerate(known.tolist())}
    weights = _weights(sample_weight, len(y_true))
    counts = _np.zeros((len(known), len(known)))
    for true, told, weight in zip(y_true.tolist(), y_pred.tolist(), weights.tolist()):
        if true in place and told in place:
            counts[place[true], place[told]] += weight
    if normalize is None:
        return counts if sample_weight is not None and weights.dtype == float and _np.any(weights != _np.floor(weights)) else counts.astype(int)
    _checks.one_of("confusion_matrix", "normalize", normalize, ("true", "pred", "all", None))
    total = _np.sum(counts) if normalize == "all" else _np.sum(counts, axis=1 if normalize == "true" else 0, keepdims=True)
    return _np.nan_to_num(_np.where(total == 0, 0.0, counts / _np.where(total == 0, 1.0, total)))


def balanced_accuracy_score(y_true, y_pred, *, sample_weight=None, adjusted=False):
    """The mean recall of the classes."""
    counts = confusion_matrix(y_true, y_pred, sample_weight=sample_weight).astype(float)
    rows = _np.sum(counts, axis=1)
    each = (_np.diag(counts) / _np.where(rows == 0, 1.0, rows))[rows > 0]
    score = _np.mean(each)
    if adjusted:
        chance = 1 / len(each)
        score = (score - chance) / (1 - chance)
    return float(score)


def _divided(a, b, what, zero_division):
    zero = b == 0
    if zero_division == "warn" and _np.any(zero):
        _warnings.warn(f"{what} is ill-defined and being set to 0.0 in labels with no samples. Use `zero_division` parameter to control this behavior.", _Undefined)
    return _np.where(zero, 0.0 if zero_division == "warn" else float(zero_division), a / _np.where(zero, 1.0, b))


def precision_recall_fscore_support(
    y_true, y_pred, *, beta=1.0, labels=None, pos_label=1, average=None, warn_for=(), sample_weight=None, zero_division="warn"
):
    """Precision, recall, F and the rows of each class, or their average."""
    if average not in (None, "micro", "macro", "weighted", "binary", "samples"):
        raise _checks.InvalidParameterError(
            "The 'average' parameter of precision_recall_fscore_support must be a str among "
            f"{{'binary', 'macro', 'micro', 'samples', 'weighted'}} or None. Got {average!r} instead."
        )
    kind, y_true, y_pred = _targets(y_true, y_pred)
    present = _np.union1d(y_true, y_pred)
    if average == "binary":
        if kind != "binary":
            raise ValueError(
                "Target is multiclass but average='binary'. Please choose another average setting, one of [None, 'micro', 'macro', 'weighted']."
            )
        if pos_label not in present.tolist() and len(present) >= 2:
            raise ValueError(f"pos_label={pos_label} is not a valid label. It should be one of {present}")
        labels = [pos_label]
    known = present.tolist() if labels is None else list(labels)
    weights = _weights(sample_weight, len(y_true))
    right = y_true == y_pred
    of = lambda which, y, label: _np.sum(weights * ((y == label) & which))
    everything = _np.ones(len(right), bool)
    hits = _np.array([of(right, y_true, label) for label in known], float)
    told = _np.array([of(everything, y_pred, label) for label in known], float)
    there = _np.array([of(everything, y_true, label) for label in known], float)
    if average == "micro":
        hits, told, there = (_np.array([_np.sum(x)]) for x in (hits, told, there))
    precision = _divided(hits, told, "Precision", zero_division)
    recall = _divided(hits, there, "Recall", zero_division)
    square = beta * beta
    f = _divided((1 + square) * hits, square * there + told, "F-score", zero_division)
    support = there.astype(int) if sample_weight is None else there
    if average is None:
        return precision, recall, f, support
    if average == "weighted":
        total = _np.sum(there)
        if total == 0:
            each = 0.0 if zero_division == "warn" else float(zero_division)
            return each, each, each, None
        return (*(float(_np.sum(x * there) / total) for x in (precision, recall, f)), None)
    return (*(float(_np.mean(x)) for x in (precision, recall, f)), None)


def precision_score(y_true, y_pred, *, labels=None, pos_label=1, average="binary", sample_weight=None, zero_division="warn"):
    """Of what was told to be of a class, the share that is."""
    return precision_recall_fscore_support(
        y_true, y_pred, labels=labels, pos_label=pos_label, average=average, sample_weight=sample_weight, zero_division=zero_division
    )[0]


def recall_score(y_true, y_pred, *, labels=None, pos_label=1, average="binary", sample_weight=None, zero_division="warn"):
    """Of what is of a class, the share that was told."""
    return precision_recall_fscore_support(
        y_true, y_pred, labels=labels, pos_label=pos_label, average=average, sample_weight=sample_weight, zero_division=zero_division
    )[1]


def f1_score(y_true, y_pred, *, labels=None, pos_label=1, average="binary", sample_weight=None, zero_division="warn"):
    """The harmonic mean of precision and recall."""
    return fbeta_score(
        y_true, y_pred, beta=1, labels=labels, pos_label=pos_label, average=average, sample_weight=sample_weight, zero_division=zero_division
    )


def fbeta_score(y_true, y_pred, *, beta, labels=None, pos_label=1, average="binary", sample_weight=None, zero_division="warn"):
    """The harmonic mean of precision and recall, recall counting `beta` times."""
    return precision_recall_fscore_support(
        y_true,
        y_pred,
        beta=beta,
        labels=labels,
        pos_label=pos_label,
        average=average,
        sample_weight=sample_weight,
        zero_division=zero_division,
    )[2]


def matthews_corrcoef(y_true, y_pred, *, sample_weight=None):
    """The correlation of what is and what was told."""
    c = confusion_matrix(y_true, y_pred, sample_weight=sample_weight).astype(float)
    there, told, right, total = _np.sum(c, axis=1), _np.sum(c, axis=0), _np.sum(_np.diag(c)), _np.sum(c)
    both = right * total - _np.dot(there, told)
    spread = (total**2 - _np.dot(told, told)) * (total**2 - _np.dot(there, there))
    return 0.0 if spread == 0 else float(both / _np.sqrt(spread))


def classification_report(
    y_true, y_pred, *, labels=None, target_names=None, sample_weight=None, digits=2, output_dict=False, zero_division="warn"
):
    """Precision, recall and F of each class as a table."""
    _, true, pred = _targets(y_true, y_pred)
    given = labels is not None
    known = _np.union1d(true, pred).tolist() if labels is None else list(labels)
    if target_names is not None and len(known) != len(target_names):
        if given:
            _warnings.warn(f"labels size, {len(known)}, does not match size of target_names, {len(target_names)}")
        else:
            raise ValueError(
                f"Number of classes, {len(known)}, does not match size of target_names, {len(target_names)}. Try specifying the labels parameter"
            )
    names = [str(label) for label in known] if target_names is None else list(target_names)
    options = {"labels": known, "sample_weight": sample_weight, "zero_division": zero_division}
    columns = precision_recall_fscore_support(true, pred, average=None, **options)
    rows = [(name, *(column[i].item() for column in columns)) for i, name in enumerate(names)]
    total = _np.sum(columns[3]).item()
    averages = ["micro", "macro", "weighted"]
    micro_is_accuracy = not given or set(known) >= set(_np.union1d(true, pred).tolist())
    heads = ("precision", "recall", "f1-score", "support")
    if output_dict:
        told = {row[0]: dict(zip(heads, map(float, row[1:]))) for row in rows}
        for average in averages:
            values = [*precision_recall_fscore_support(true, pred, average=average, **options)[:3], float(total)]
            if average == "micro" and micro_is_accuracy:
                told["accuracy"] = values[0]
            else:
                told[average + " avg"] = dict(zip(heads, values))
        return told
    wide = max(max(len(name) for name in names), len("weighted avg"), digits)
    text = f"{'':>{wide}s} " + "".join(f" {head:>9}" for head in heads) + "\n\n"
    line = lambda row: f"{row[0]:>{wide}s} " + "".join(f" {value:>9.{digits}f}" for value in row[1:4]) + f" {row[4]:>9}\n"
    text += "".join(line(row) for row in rows) + "\n"
    for average in averages:
        values = precision_recall_fscore_support(true, pred, average=average, **options)[:3]
        if average == "micro" and micro_is_accuracy:
            text += f"{'accuracy':>{wide}s} " + f" {'':>9.{digits}} {'':>9.{digits}} {values[2]:>9.{digits}f} {total:>9}\n"
        else:
            text += line((average + " avg", *values, total))
    return text


def _binary_scores(y_true, y_score, pos_label, sample_weight):
    """Whether each row is positive, its score and weight."""
    kind = _checks.kind_of_target(y_true)
    if not (kind == "binary" or kind == "multiclass" and pos_label is not None):
        raise ValueError(f"{kind} format is not supported")
    _checks.same_length(y_true, y_score, sample_weight)
    y_true, y_score = _checks.column(y_true, "y_true"), _checks.column(y_score, "y_score")
    _checks.finite(_np.asarray(y_score, float), "")
    if pos_label is None:
        known = _np.unique(y_true).tolist()
        if any(isinstance(label, str) for label in known) or not (set(known) <= {0, 1} or set(known) <= {-1, 1}):
            shown = ", ".join(repr(label) for label in known)
            raise ValueError(
                f"y_true takes value in {{{shown}}} and pos_label is not specified: either make y_true take value in {{0, 1}} or {{-1, 1}} or "
                "pass pos_label explicitly."
            )
        pos_label = 1
    return y_true == pos_label, _np.asarray(y_score, float), _weights(sample_weight, len(y_true))


def _counts(y_true, y_score, pos_label, sample_weight):
    """False and true positives at each score, the highest first."""
    positive, score, weights = _binary_scores(y_true, y_score, pos_label, sample_weight)
    order = _np.argsort(-score)
    positive, score, weights = positive[order], score[order], weights[order]
    ends = _np.append(_np.nonzero(_np.diff(score))[0], len(score) - 1)
    hits = _np.cumsum(positive * weights)[ends]
    return _np.cumsum((1 - positive * 1) * weights)[ends], hits, score[ends]


def roc_curve(y_true, y_score, *, pos_label=None, sample_weight=None, drop_intermediate=True):
    """False and true positive rates, and the score from which each is."""
    misses, hits, scores = _counts(y_true, y_score, pos_label, sample_weight)
    if drop_intermediate and len(misses) > 2:
        bends = (_np.diff(misses, 2) != 0) | (_np.diff(hits, 2) != 0)
        kept = [0, *(_np.flatnonzero(bends) + 1).tolist(), len(misses) - 1]
        misses, hits, scores = misses[kept], hits[kept], scores[kept]
    misses, hits, scores = _np.append(0.0, misses), _np.append(0.0, hits), _np.append(_np.inf, scores)

    def rate(counts, what, other):
        if counts[-1] <= 0:
            _warnings.warn(f"No {what} samples in y_true, {other} positive value should be meaningless", _Undefined)
            return _np.full(len(counts), _np.nan)
        return counts / counts[-1]

    return rate(misses, "negative", "false"), rate(hits, "positive", "true"), scores


def auc(x, y):
    """The area under a curve by trapezoids."""
    _checks.same_length(x, y)
    x, y = _checks.column(x, "x"), _checks.column(y, "y")
    if len(x) < 2:
        raise ValueError(f"At least 2 points are needed to compute area under curve, but x.shape = {x.shape}")
    steps = _np.diff(x)
    sign = 1
    if _np.any(steps < 0):
        if not _np.all(steps <= 0):
            raise ValueError(f"x is neither increasing nor decreasing : {x}.")
        sign = -1
    return float(sign * _np.trapezoid(y, x))


def _binary_auc(positive, score, sample_weight):
    if len(_np.unique(positive)) != 2:
        _warnings.warn("Only one class is present in y_true. ROC AUC score is not defined in that case.", _Undefined)
        return float("nan")
    misses, hits, _ = roc_curve(positive, score, sample_weight=sample_weight)
    return auc(misses, hits)


def roc_auc_score(y_true, y_score, *, average="macro", sample_weight=None, max_fpr=None, multi_class="raise", labels=None):
    """The area under the ROC curve; of more than two classes, the mean of each against the rest (`ovr`) or of each pair (`ovo`)."""
    if max_fpr is not None and max_fpr != 1:
        raise NotImplementedError("max_fpr is not supported here")
    y_true, y_score = _checks.plain(y_true), _checks.plain(y_score)
    kind = _checks.kind_of_target(y_true)
    if kind == "multiclass" or kind == "binary" and y_score.ndim == 2 and y_score.shape[1] > 2:
        if multi_class not in ("ovo", "ovr"):
            raise ValueError("multi_class must be in ('ovo', 'ovr')")
        if not _np.allclose(1, _np.sum(y_score, axis=1)):
            raise ValueError("Target scores need to be probabilities for multiclass roc_auc, i.e. they should sum up to 1.0 over classes")
        known = _np.unique(y_true) if labels is None else _np.asarray(labels)
        if len(known) != y_score.shape[1]:
            given = "Number of given labels, {}, not equal to the number of columns in 'y_score', {}"
            raise ValueError(
                "Number of classes in y_true not equal to the number of columns in 'y_score'"
                if labels is None
                else given.format(len(known), y_score.shape[1])
            )
        scores, shares = [], []
        if multi_class == "ovr":
            for i, label in enumerate(known.tolist()):
                is_it = (y_true == label).astype(int)
                scores.append(_binary_auc(is_it, y_score[:, i], sample_weight))
                shares.append(_np.mean(is_it))
        else:
            for i in range(len(known)):
                for j in range(i + 1, len(known)):
                    part = (y_true == known[i]) | (y_true == known[j])
                    first = (y_true[part] == known[i]).astype(int)
                    pair = _binary_auc(first, y_score[part, i], None), _binary_auc(1 - first, y_score[part, j], None)
                    scores.append((pair[0] + pair[1]) / 2)
                    shares.append(_np.mean(part))
        return float(_np.average(scores, weights=shares) if average == "weighted" else _np.mean(scores))
    if kind != "binary":
        raise ValueError(f"{kind} format is not supported")
    known = _np.unique(y_true)
    _checks.same_length(y_true, y_score)
    if y_score.ndim == 2:
        raise ValueError(f"y should be a 1d array, got an array of shape {y_score.shape} instead.")
    _checks.finite(_np.asarray(y_score, float), "")
    return _binary_auc((y_true == known[-1]).astype(int) if len(known) == 2 else y_true, _np.asarray(y_score, float), sample_weight)


def precision_recall_curve(y_true, y_score, *, pos_label=None, sample_weight=None, drop_intermediate=False):
    """Precision and recall from each score on."""
    misses, hits, scores = _counts(y_true, y_score, pos_label, sample_weight)
    told = hits + misses
    precision = _np.where(told == 0, 0.0, hits / _np.where(told == 0, 1.0, told))
    if hits[-1] == 0:
        _warnings.warn("No positive class found in y_true, recall is set to one for all thresholds.")
        recall = _np.ones(len(hits))
    else:
        recall = hits / hits[-1]
    return _np.append(precision[::-1], 1.0), _np.append(recall[::-1], 0.0), scores[::-1].copy()


def average_precision_score(y_true, y_score, *, average="macro", pos_label=1, sample_weight=None):
    """The mean of the precisions at each step of recall."""
    precision, recall, _ = precision_recall_curve(y_true, y_score, pos_label=pos_label, sample_weight=sample_weight)
    return float(max(0.0, -_np.sum(_np.diff(recall) * precision[:-1])))


def log_loss(y_true, y_pred, *, normalize=True, sample_weight=None, labels=None):
    """Minus the logarithm of the probability that the true class was given."""
    _checks.same_length(y_true, y_pred, sample_weight)
    y_true, y_pred = _checks.column(y_true, "y_true"), _np.asarray(_checks.plain(y_pred), float)
    _checks.finite(y_pred, "")
    known = _np.unique(y_true) if labels is None else _np.unique(_np.asarray(labels))
    if len(known) == 1:
        if labels is None:
            raise ValueError(
                f"y_true contains only one label ({known[0]}). Please provide the list of all expected class labels explicitly through the "
                "labels argument."
            )
        raise ValueError(f"The labels array needs to contain at least two labels for log_loss, got {known}.")
    if _np.any(y_pred > 1):
        raise ValueError(f"y_prob contains values greater than 1: {_np.max(y_pred)}")
    if _np.any(y_pred < 0):
        raise ValueError(f"y_prob contains values less than 0: {_np.min(y_pred)}")
    if y_pred.ndim == 1:
        y_pred = y_pred.reshape(-1, 1)
    if y_pred.shape[1] == 1:
        y_pred = _np.column_stack([1 - y_pred, y_pred])
    if len(known) != y_pred.shape[1]:
        raise ValueError(
            f"y_true and y_prob contain different number of classes: {len(known)} vs {y_pred.shape[1]}. Please provide the true labels "
            f"explicitly through the labels argument. Classes found in y_true: {known}"
            if labels is None
            else f"The number of classes in labels is different from that in y_prob. Classes found in labels: {known}"
        )
    place = {label: i for i, label in enumerate(known.tolist())}
    right = y_pred[_np.arange(len(y_true)), [place[label] for label in y_true.tolist()]]
    loss = -_np.log(_np.clip(right, 2.220446049250313e-16, 1 - 2.220446049250313e-16))
    weights = _weights(sample_weight, len(loss))
    return _mean(loss, weights) if normalize else float(_np.sum(loss * weights))


def brier_score_loss(y_true, y_proba, *, sample_weight=None, pos_label=None, labels=None, scale_by_half="auto"):
    """The mean squared distance of the probability from what is."""
    kind = _checks.kind_of_target(y_true)
    if kind != "binary":
        raise ValueError(f"The type of the target inferred from y_true is {kind} but should be binary according to the shape of y_prob.")
    y_proba = _np.asarray(_checks.plain(y_proba), float)
    if _np.any(y_proba > 1):
        raise ValueError(f"y_prob contains values greater than 1: {_np.max(y_proba)}")
    if _np.any(y_proba < 0):
        raise ValueError(f"y_prob contains values less than 0: {_np.min(y_proba)}")
    if y_proba.ndim == 2:
        y_proba = y_proba[:, 1]
    known = _np.unique(_checks.plain(y_true)).tolist()
    if pos_label is None and any(isinstance(label, str) for label in known):
        pos_label = known[-1]
    positive, score, weights = _binary_scores(y_true, y_proba, pos_label, sample_weight)
    return _mean((positive - score) ** 2, weights)


def _numbers(y_true, y_pred):
    _checks.same_length(y_true, y_pred)
    arrays = []
    for name, y in (("y_true", y_true), ("y_pred", y_pred)):
        y = _checks.plain(y)
        if y.dtype == object:
            y = _np.array(y.tolist(), float)
        _checks.finite(y, "")
        arrays.append(_np.asarray(y, float))
    widths = [1 if y.ndim == 1 else y.shape[1] for y in arrays]
    if widths[0] != widths[1]:
        raise ValueError(f"y_true and y_pred have different number of output ({widths[0]}!={widths[1]})")
    return [y.ravel() if widths[0] == 1 else y for y in arrays]


def _over(errors, sample_weight, multioutput="uniform_average"):
    """The mean over the rows, then over the outputs."""
    weights = _weights(sample_weight, len(errors))
    if errors.ndim == 1:
        each = _np.array([_mean(errors, weights)])
    else:
        each = _np.sum(errors * weights.reshape(-1, 1), axis=0) / _np.sum(weights)
    if isinstance(multioutput, str):
        return each if multioutput == "raw_values" else float(_np.mean(each))
    return float(_np.average(each, weights=multioutput))


def mean_squared_error(y_true, y_pred, *, sample_weight=None, multioutput="uniform_average"):
    """The mean of the squared errors."""
    y_true, y_pred = _numbers(y_true, y_pred)
    return _over((y_true - y_pred) ** 2, sample_weight, multioutput)


def root_mean_squared_error(y_true, y_pred, *, sample_weight=None, multioutput="uniform_average"):
    """The root of the mean of the squared errors."""
    each = _np.sqrt(mean_squared_error(y_true, y_pred, sample_weight=sample_weight, multioutput="raw_values"))
    if isinstance(multioutput, str):
        return each if multioutput == "raw_values" else float(_np.mean(each))
    return float(_np.average(each, weights=multioutput))


def mean_absolute_error(y_true, y_pred, *, sample_weight=None, multioutput="uniform_average"):
    """The mean size of the errors."""
    y_true, y_pred = _numbers(y_true, y_pred)
    return _over(_np.abs(y_true - y_pred), sample_weight, multioutput)


def mean_absolute_percentage_error(y_true, y_pred, *, sample_weight=None, multioutput="uniform_average"):
    """The mean size of the errors as shares of what is."""
    y_true, y_pred = _numbers(y_true, y_pred)
    return _over(_np.abs(y_true - y_pred) / _np.maximum(_np.abs(y_true), 2.220446049250313e-16), sample_weight, multioutput)


def median_absolute_error(y_true, y_pred, *, multioutput="uniform_average", sample_weight=None):
    """The median size of the errors."""
    y_true, y_pred = _numbers(y_true, y_pred)
    return float(_np.mean(_np.median(_np.abs(y_true - y_pred), 0)))


def max_error(y_true, y_pred):
    """The greatest error."""
    y_true, y_pred = _numbers(y_true, y_pred)
    return float(_np.max(_np.abs(y_true - y_pred)))


def _explained(y_true, errors, sample_weight, centred, force_finite):
    weights = _weights(sample_weight, len(y_true))
    scores, spreads = [], []
    for true, error in zip(y_true.reshape(len(y_true), -1).T, errors.reshape(len(y_true), -1).T):
        if centred:
            error = error - _mean(error, weights)
        spread = float(_np.sum(weights * (true - _mean(true, weights)) ** 2))
        rest = float(_np.sum(weights * error**2))
        if spread == 0:
            score = (1.0 if rest == 0 else 0.0) if force_finite else (float("nan") if rest == 0 else float("-inf"))
        else:
            score = 1 - rest / spread
        scores.append(score)
        spreads.append(spread)
    return scores, spreads


def r2_score(y_true, y_pred, *, sample_weight=None, multioutput="uniform_average", force_finite=True):
    """The share of the variance that the predictions explain: 1 for perfect ones, 0 for the mean."""
    y_true, y_pred = _numbers(y_true, y_pred)
    if len(y_pred) < 2:
        _warnings.warn("R^2 score is not well-defined with less than two samples.", _Undefined)
        return float("nan")
    scores, spreads = _explained(y_true, y_true - y_pred, sample_weight, False, force_finite)
    return _combined(scores, spreads, multioutput)


def explained_variance_score(y_true, y_pred, *, sample_weight=None, multioutput="uniform_average", force_finite=True):
    """As R², of errors without their mean."""
    y_true, y_pred = _numbers(y_true, y_pred)
    scores, spreads = _explained(y_true, y_true - y_pred, sample_weight, True, force_finite)
    return _combined(scores, spreads, multioutput)


def _combined(scores, spreads, multioutput):
    if multioutput == "raw_values":
        return _np.array(scores)
    weights = None
    if multioutput == "variance_weighted":
        weights = spreads if any(spreads) else None
    elif not isinstance(multioutput, str):
        weights = multioutput
    return float(_np.average(scores, weights=weights))


def _distances(rows, one, metric):
    if metric == "cosine":
        lengths = _np.sqrt(_np.sum(rows * rows, axis=1))
        size = _np.sqrt(_np.dot(one, one))
        return 1 - rows @ one / (_np.where(lengths == 0, 1.0, lengths) * (1.0 if size == 0 else size))
    gaps = rows - one
    if metric in ("manhattan", "cityblock", "l1"):
        return _np.sum(_np.abs(gaps), axis=1)
    squares = _np.sum(gaps * gaps, axis=1)
    return squares if metric == "sqeuclidean" else _np.sqrt(squares)


def silhouette_samples(X, labels, *, metric="euclidean"):
    """How much nearer each row is to its own cluster than to the next: from -1 to 1."""
    X, labels = _np.asarray(_checks.matrix(X, "", 1), float), _checks.column(labels, "labels")
    _checks.same_length(X, labels)
    if metric not in ("euclidean", "l2", "sqeuclidean", "manhattan", "cityblock", "l1", "cosine"):
        raise NotImplementedError(f"metric={metric!r} is not supported here: there are euclidean, sqeuclidean, manhattan and cosine")
    known, place = _np.unique(labels, return_inverse=True)
    if not 1 < len(known) < len(labels):
        raise ValueError(f"Number of labels is {len(known)}. Valid values are 2 to n_samples - 1 (inclusive)")
    clusters = [X[place == i] for i in range(len(known))]
    found = []
    for row, own in zip(X, place.tolist()):
        if len(clusters[own]) == 1:
            found.append(0.0)
            continue
        sums = [_np.sum(_distances(cluster, row, metric)).item() for cluster in clusters]
        inside = sums[own] / (len(clusters[own]) - 1)
        outside = min(total / len(cluster) for i, (total, cluster) in enumerate(zip(sums, clusters)) if i != own)
        wider = max(inside, outside)
        found.append(0.0 if wider == 0 else (outside - inside) / wider)
    return _np.array(found)


def silhouette_score(X, labels, *, metric="euclidean", sample_size=None, random_state=None):
    """The mean silhouette."""
    if sample_size is not None:
        from sklearn.utils import check_random_state

        X, labels = _checks.matrix(X), _checks.plain(labels)
        rows = check_random_state(random_state).permutation(X.shape[0])[:sample_size]
        X, labels = X[rows], labels[rows]
    return float(_np.mean(silhouette_samples(X, labels, metric=metric)))


class _Scorer:
    """What gives an estimator one number on data; more is better."""

    def __init__(self, function, sign, options, response):
        self._function, self._sign, self._options, self._response = function, sign, options, response

    def __call__(self, estimator, X, y_true, sample_weight=None):
        options = dict(self._options)
        if sample_weight is not None:
            options["sample_weight"] = sample_weight
        return self._sign * self._function(y_true, _response(estimator, X, self._response), **options)

    def __repr__(self):
        return f"make_scorer({self._function.__name__}" + (", greater_is_better=False" if self._sign < 0 else "") + ")"


def _response(estimator, X, wanted):
    """What an estimator says of rows: classes, probabilities (of the second of two classes) or decisions."""
    for method in [wanted] if isinstance(wanted, str) else list(wanted):
        if method == "decision_function" and hasattr(estimator, method):
            return estimator.decision_function(X)
        if method == "predict_proba" and hasattr(estimator, method):
            told = _np.asarray(estimator.predict_proba(X))
            return told[:, 1] if told.ndim == 2 and told.shape[1] == 2 else told
        if method == "predict":
            return estimator.predict(X)
    raise AttributeError(f"{type(estimator).__name__} has none of the following attributes: {wanted if isinstance(wanted, str) else ', '.join(wanted)}.")


def make_scorer(score_func, *, response_method="predict", greater_is_better=True, **kwargs):
    """A scorer of a metric."""
    return _Scorer(score_func, 1 if greater_is_better else -1, kwargs, response_method)


_THRESHOLD = ("decision_function", "predict_proba")
_SCORERS = {
    "accuracy": make_scorer(accuracy_score),
    "balanced_accuracy": make_scorer(balanced_accuracy_score),
    "matthews_corrcoef": make_scorer(matthews_corrcoef),
    "roc_auc": make_scorer(roc_auc_score, response_method=_THRESHOLD),
    "roc_auc_ovr": make_scorer(roc_auc_score, response_method="predict_proba", multi_class="ovr"),
    "roc_auc_ovo": make_scorer(roc_auc_score, response_method="predict_proba", multi_class="ovo"),
    "average_precision": make_scorer(average_precision_score, response_method=_THRESHOLD),
    "neg_log_loss": make_scorer(log_loss, response_method="predict_proba", greater_is_better=False),
    "neg_brier_score": make_scorer(brier_score_loss, response_method="predict_proba", greater_is_better=False),
    "r2": make_scorer(r2_score),
    "explained_variance": make_scorer(explained_variance_score),
    "neg_max_error": make_scorer(max_error, greater_is_better=False),
    "neg_mean_squared_error": make_scorer(mean_squared_error, greater_is_better=False),
    "neg_root_mean_squared_error": make_scorer(root_mean_squared_error, greater_is_better=False),
    "neg_mean_absolute_error": make_scorer(mean_absolute_error, greater_is_better=False),
    "neg_median_absolute_error": make_scorer(median_absolute_error, greater_is_better=False),
    "neg_mean_absolute_percentage_error": make_scorer(mean_absolute_percentage_error, greater_is_better=False),
}
for _name, _metric in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
    _SCORERS[_name] = make_scorer(_metric, average="binary")
    for _average in ("macro", "micro", "weighted"):
        _SCORERS[f"{_name}_{_average}"] = make_scorer(_metric, average=_average)


def get_scorer_names():
    return sorted(_SCORERS)


def get_scorer(scoring):
    """The scorer of a name; a function is one already."""
    if not isinstance(scoring, str):
        return scoring
    if scoring not in _SCORERS:
        raise ValueError(
            f"{scoring!r} is not a valid scoring value. Use sklearn.metrics.get_scorer_names() to get valid options."
        )
    return _SCORERS[scoring]


def check_scoring(estimator=None, scoring=None):
    """The scorer to use: the named one, or the estimator's own `score`."""
    if scoring is not None:
        return get_scorer(scoring)
    if hasattr(estimator, "score"):
        return lambda estimator, X, y, **options: estimator.score(X, y, **options)
    raise TypeError(f"If no scoring is specified, the estimator passed should have a 'score' method. The estimator {estimator!r} does not.")
