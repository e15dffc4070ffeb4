"""Writes xgboost_models.json: models that real XGBoost trains on small data, as its own model files, with predictions and metrics.

Needs `pip install xgboost==3.2.0`. One thread, on the CPU, tree_method hist: what xgboost.spark runs with one worker.
"""

import json
import math
import os

import numpy as np
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))


def rows(seed, count, width, holes=0.0, digits=None):
    """Numbers of a plain generator that every language has."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(count, width)).astype(np.float32)
    if digits is not None:
        values = np.round(values, digits).astype(np.float32)
    values[rng.random(values.shape) < holes] = np.nan
    return values, rng


def number(value):
    value = float(value)
    return "NaN" if math.isnan(value) else value


CASES = []


def case(name, values, labels, params, rounds=5, weights=None, qid=None, margins=None, valid=None, stop=None):
    train = np.ones(len(labels), dtype=bool) if valid is None else ~valid
    objective = params["objective"]

    def matrix(chosen, ref=None):
        order = np.arange(len(labels))[chosen]
        if qid is not None:
            order = order[np.argsort(qid[chosen], kind="stable")]
        group_weights = weights
        if qid is not None and weights is not None:
            _, first = np.unique(qid[order], return_index=True)
            group_weights = weights[order][first]
        elif weights is not None:
            group_weights = weights[order]
        return xgb.QuantileDMatrix(
            values[order],
            labels[order],
            weight=group_weights,
            base_margin=None if margins is None else margins[order],
            qid=None if qid is None else qid[order],
            max_bin=params.get("max_bin", 256),
            ref=ref,
        )

    data = matrix(train)
    evals = [(data, "training")]
    if valid is not None:
        evals.append((matrix(valid, data), "validation"))
    history = {}
    booster = xgb.train(
        {"nthread": 1, "tree_method": "hist", **params},
        data,
        rounds,
        evals=evals,
        evals_result=history,
        early_stopping_rounds=stop,
        verbose_eval=False,
    )
    if stop:
        last = booster.best_iteration + 1
    else:
        last = 0
    full = xgb.DMatrix(values, base_margin=margins)
    output = booster.predict(full, iteration_range=(0, last))
    raw = booster.predict(full, output_margin=True, iteration_range=(0, last))
    CASES.append(
        {
            "name": name,
            "objective": objective,
            "params": {k: v for k, v in params.items() if k not in ("objective", "num_class")},
            "rounds": rounds,
            "stop": stop,
            "features": [[number(v) for v in row] for row in values],
            "labels": [float(v) for v in labels],
            "weights": None if weights is None else [float(v) for v in weights],
            "qid": None if qid is None else [int(v) for v in qid],
            "margins": None if margins is None else [float(v) for v in margins],
            "valid": None if valid is None else [bool(v) for v in valid],
            "missing": bool(np.isnan(values).any()),
            "model": booster.save_raw("json").decode(),
            "predictions": np.asarray(output, dtype=float).tolist(),
            "raw": np.asarray(raw, dtype=float).tolist(),
            "history": {name: dict(scores) for name, scores in history.items()},
            "importances": {
                kind: booster.get_score(importance_type=kind) for kind in ("weight", "gain", "cover", "total_gain", "total_cover")
            },
            "dump": booster.get_dump(with_stats=True)[0],
            "dump_json": booster.get_dump(dump_format="json", with_stats=True)[0],
        }
    )


def main():
    values, rng = rows(1, 120, 4)
    labels = np.round(2 * values[:, 0] - values[:, 1] ** 2 + rng.normal(size=120) * 0.3, 3)
    case("regression", values, labels, {"objective": "reg:squarederror"}, 6)
    case("penalties", values, labels, {
        "objective": "reg:squarederror", "reg_alpha": 1.5, "reg_lambda": 3.0, "gamma": 0.7, "min_child_weight": 4.0, "learning_rate": 0.5,
        "max_depth": 4, "eval_metric": ["mae", "rmse"],
    })
    case("steps", values, labels, {"objective": "reg:squarederror", "max_delta_step": 0.4, "max_leaves": 9, "base_score": 0.25})
    weights = np.round(rng.random(120) * 3, 2)
    case("weights", values, labels, {"objective": "reg:squarederror", "max_bin": 16}, weights=weights)
    margins = np.round(rng.normal(size=120), 2)
    case("margins", values, labels, {"objective": "reg:squarederror", "max_depth": 3}, margins=margins)

    holes, rng = rows(2, 150, 5, holes=0.25)
    filled = np.nan_to_num(holes)
    binary = (filled[:, 0] + 0.7 * np.isnan(holes[:, 1]) - filled[:, 2] * filled[:, 3] + rng.normal(size=150) * 0.5 > 0.2).astype(float)
    case("binary", holes, binary, {"objective": "binary:logistic", "eval_metric": ["error", "auc", "logloss"]}, 8)
    case("uneven", holes, binary, {"objective": "binary:logistic", "scale_pos_weight": 2.5, "max_depth": 3})
    case("weighted classes", holes, binary, {"objective": "binary:logistic", "max_depth": 3}, weights=np.round(rng.random(150) * 2 + 0.1, 2))
    case("few values", np.round(holes, 0), binary, {"objective": "binary:logistic", "max_depth": 4})

    three = np.clip(np.round(filled[:, 0] + filled[:, 1] + 1), 0, 2)
    case("classes", holes, three, {"objective": "multi:softprob", "num_class": 3, "eval_metric": ["merror", "mlogloss"]}, 5)
    case("classes by area", holes, three, {"objective": "multi:softprob", "num_class": 3, "max_depth": 2, "eval_metric": "auc"}, 3)

    many, rng = rows(3, 3000, 2)
    case("many values", many, np.round(np.sin(2 * many[:, 0]) + many[:, 1], 3), {"objective": "reg:squarederror", "max_depth": 5, "max_bin": 32}, 3)

    valid = rng.random(150) < 0.3
    case("early", holes, binary, {"objective": "binary:logistic", "max_depth": 4, "learning_rate": 0.8}, 40, valid=valid, stop=4)

    grades, rng = rows(4, 160, 4, digits=2)
    qid = np.sort(rng.integers(0, 12, size=160))
    relevance = np.clip(np.round(grades[:, 0] + 0.5 * rng.normal(size=160) + 1), 0, 3)
    case("ranking", grades, relevance, {"objective": "rank:ndcg", "max_depth": 3, "eval_metric": ["ndcg@5", "ndcg"]}, 5, qid=qid)
    case("pairs", grades, relevance, {"objective": "rank:pairwise", "max_depth": 3}, 5, qid=qid)
    order = rng.permutation(160)
    case("queries apart", grades[order], relevance[order], {"objective": "rank:ndcg", "max_depth": 2}, 3, qid=qid[order])

    with open(os.path.join(HERE, "xgboost_models.json"), "w") as file:
        json.dump(CASES, file, separators=(",", ":"))
        file.write("\n")


main()
