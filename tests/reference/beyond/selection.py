# --- training and test rows
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
print(train_test_split(np.arange(10), random_state=42))
print(train_test_split(list(range(7)), list("abcdefg"), test_size=0.3, random_state=0))
print(train_test_split(np.arange(10), test_size=3, train_size=4, random_state=1), train_test_split(np.arange(6), shuffle=False))
y = np.array([0] * 12 + [1] * 8)
print(train_test_split(np.arange(20), y, test_size=0.25, stratify=y, random_state=7))
frame = pd.DataFrame({"a": range(6), "b": list("uvwxyz")})
train, test = train_test_split(frame, test_size=2, random_state=3)
print(train.index.tolist(), test["b"].tolist(), train_test_split(frame["a"], random_state=3)[1].tolist())

# --- folds
import numpy as np
from sklearn.model_selection import GroupKFold, KFold, LeaveOneOut, ShuffleSplit, StratifiedKFold, StratifiedShuffleSplit, TimeSeriesSplit
X, y = np.arange(11), np.array([1, 0, 1, 1, 0, 2, 2, 1, 0, 2, 1])
for splitter in (
    KFold(3), KFold(4, shuffle=True, random_state=5), StratifiedKFold(3), StratifiedKFold(3, shuffle=True, random_state=2),
    ShuffleSplit(2, test_size=0.3, random_state=0), StratifiedShuffleSplit(2, test_size=4, random_state=0), TimeSeriesSplit(3),
    TimeSeriesSplit(2, test_size=2, gap=1, max_train_size=4),
):
    print(splitter, splitter.get_n_splits(X, y))
    for train, test in splitter.split(X, y):
        print(train.tolist(), test.tolist())
print([test.tolist() for _, test in GroupKFold(2).split(X, y, [0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3])], LeaveOneOut().get_n_splits(X))

# --- cross-validation
import numpy as np
from sklearn.model_selection import GridSearchCV, KFold, cross_val_predict, cross_val_score, cross_validate
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
rng = np.random.RandomState(0)
X = rng.normal(size=(120, 3))
y = (X[:, 0] + 0.3 * rng.normal(size=120) > 0).astype(int)
model = KNeighborsClassifier(5)
print(cross_val_score(model, X, y).round(9))
for scoring in ("f1", "roc_auc", "neg_log_loss", "neg_brier_score", "precision_macro", "average_precision"):
    print(scoring, cross_val_score(model, X, y, cv=3, scoring=scoring).round(9))
print(cross_val_score(KNeighborsRegressor(4), X, X[:, 1] * 2, cv=KFold(4, shuffle=True, random_state=1), scoring="r2").round(9))
found = cross_validate(model, X, y, cv=3, scoring=["accuracy", "recall"], return_train_score=True)
print(sorted(found), found["test_recall"].round(9), found["train_accuracy"].round(9))
print(cross_val_predict(model, X, y, cv=3)[:20], cross_val_predict(model, X, y, cv=3, method="predict_proba")[:3])
search = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1, 5, 9], "weights": ["uniform", "distance"]}, cv=3).fit(X, y)
print(search.best_params_, round(search.best_score_, 9), search.cv_results_["mean_test_score"].round(9), search.cv_results_["rank_test_score"])

# --- learning and validation curves
import numpy as np
from sklearn.model_selection import learning_curve, validation_curve
from sklearn.neighbors import KNeighborsClassifier
rng = np.random.RandomState(0)
X = rng.normal(size=(100, 2))
y = (X[:, 0] > 0).astype(int)
sizes, train, test = learning_curve(KNeighborsClassifier(3), X, y, cv=3, train_sizes=[0.2, 0.5, 1.0], shuffle=True, random_state=4)
print(sizes, train.round(9).tolist(), test.round(9).tolist())
print(learning_curve(KNeighborsClassifier(3), X, y, cv=2, train_sizes=[10, 30])[0])
train, test = validation_curve(KNeighborsClassifier(), X, y, param_name="n_neighbors", param_range=[1, 5, 15], cv=3)
print(train.round(9).tolist(), test.round(9).tolist())

# --- permutation importance and partial dependence
import numpy as np
import pandas as pd
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
rng = np.random.RandomState(0)
X = rng.normal(size=(80, 3))
y = 3 * X[:, 0] + X[:, 1]
model = KNeighborsRegressor(4).fit(X, y)
found = permutation_importance(model, X, y, random_state=0, n_repeats=4)
print(sorted(found), found.importances_mean.round(9), found["importances_std"].round(9), found.importances.shape)
frame = pd.DataFrame(X, columns=["a", "b", "c"])
named = KNeighborsRegressor(4).fit(frame, y)
print(permutation_importance(named, frame, y, random_state=1, n_repeats=2, scoring="neg_mean_absolute_error").importances.round(9).tolist())
found = partial_dependence(model, X, [0], grid_resolution=5)
print(found["grid_values"][0].round(9), found["average"].round(9), found.average.shape)
found = partial_dependence(model, X, [0, 2], grid_resolution=3)
print([axis.round(9).tolist() for axis in found["grid_values"]], found["average"].round(9).tolist())
found = partial_dependence(named, frame, ["b"], kind="both", grid_resolution=4, percentiles=(0, 1))
print(found["individual"].shape, found["individual"][0, 3].round(9), found["average"].round(9))
classes = KNeighborsClassifier(5).fit(X, (y > 0).astype(int))
print(partial_dependence(classes, X, 0, grid_resolution=4)["average"].round(9))
few = np.column_stack([X[:, 0], rng.randint(0, 3, size=80)])
print(partial_dependence(KNeighborsRegressor(3).fit(few, y), few, [1])["grid_values"])

# --- an estimator of a cell
import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, clone, is_classifier, is_regressor
from sklearn.model_selection import cross_val_score
class Threshold(ClassifierMixin, BaseEstimator):
    def __init__(self, column=0, cut=0.5, *, name="t"):
        self.column = column
        self.cut = cut
        self.name = name
    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self
    def predict(self, X):
        return (np.asarray(X)[:, self.column] > self.cut).astype(int)
class Mean(RegressorMixin, BaseEstimator):
    def fit(self, X, y):
        self.mean_ = float(np.mean(y))
        return self
    def predict(self, X):
        return np.full(len(X), self.mean_)
model = Threshold(cut=0.25)
print(model, clone(model), clone(model) is model, model.get_params(), is_classifier(model), is_regressor(Mean()), Mean())
model.set_params(column=1, cut=0.75)
X = np.array([[0.1, 0.9], [0.2, 0.8], [0.9, 0.1], [0.6, 0.2], [0.3, 0.95], [0.7, 0.5]])
y = np.array([1, 1, 0, 0, 1, 0])
print(model, model.fit(X, y).score(X, y), cross_val_score(model, X, y, cv=3), Mean().fit(X, y).score(X, y))

# --- a parameter that isn't there
from sklearn.neighbors import KNeighborsClassifier
KNeighborsClassifier().set_params(k=3)

# --- no estimator to clone
from sklearn.base import clone
clone(3)

# --- too many folds
from sklearn.model_selection import KFold
list(KFold(5).split([1, 2, 3]))

# --- more folds than rows of any class
from sklearn.model_selection import StratifiedKFold
list(StratifiedKFold(5).split([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1]))

# --- one row of a class
from sklearn.model_selection import train_test_split
train_test_split([1, 2, 3], stratify=[0, 0, 1])

# --- shares beyond one
from sklearn.model_selection import train_test_split
train_test_split([1, 2, 3], test_size=1.5)

# --- an unknown score
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier
cross_val_score(KNeighborsClassifier(), [[0], [1]], [0, 1], scoring="acc")

# --- bagging
import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.ensemble import BaggingClassifier, BaggingRegressor
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
rng = np.random.RandomState(0)
X = rng.normal(size=(90, 4))
y = np.where(X[:, 0] + X[:, 1] > 0, "yes", "no")
model = BaggingClassifier(KNeighborsClassifier(3), n_estimators=7, max_samples=0.6, max_features=0.5, random_state=0).fit(X, y)
print(model.predict(X[:8]).tolist(), model.predict_proba(X[:3]).round(9).tolist(), round(model.score(X, y), 9), model.classes_)
print([part.tolist() for part in model.estimators_features_], model.estimators_samples_[0][:10].tolist())
model = BaggingClassifier(KNeighborsClassifier(3), n_estimators=12, oob_score=True, random_state=5).fit(X, y)
print(round(model.oob_score_, 9), model.oob_decision_function_[:2].round(9).tolist())
class Line(RegressorMixin, BaseEstimator):
    def fit(self, X, y, sample_weight=None):
        w = np.ones(len(y)) if sample_weight is None else sample_weight
        self.slope_ = float(np.sum(w * X[:, 0] * y) / np.sum(w * X[:, 0] ** 2))
        return self
    def predict(self, X):
        return X[:, 0] * self.slope_
target = 2 * X[:, 0] + X[:, 1]
model = BaggingRegressor(Line(), n_estimators=4, random_state=1).fit(X, target)
print(model.predict(X[:4]).round(9), [round(one.slope_, 9) for one in model.estimators_], BaggingRegressor().get_params()["n_estimators"])
model = BaggingRegressor(KNeighborsRegressor(2), n_estimators=9, bootstrap=False, max_samples=30, random_state=2).fit(X, target)
print(model.predict(X[:4]).round(9), round(model.score(X, target), 9))

# --- bagging of nothing that fits
from sklearn.ensemble import BaggingRegressor
BaggingRegressor(3).fit([[0.0], [1.0]], [0, 1])

# --- more features than there are
from sklearn.ensemble import BaggingClassifier
from sklearn.neighbors import KNeighborsClassifier
BaggingClassifier(KNeighborsClassifier(1), max_features=3).fit([[0.0], [1.0]], [0, 1])

# --- percentiles the wrong way
from sklearn.inspection import partial_dependence
from sklearn.neighbors import KNeighborsRegressor
partial_dependence(KNeighborsRegressor(1).fit([[0.0], [1.0]], [0, 1]), [[0.0], [1.0]], [0], percentiles=(0.9, 0.1))

# --- scores that fail count nothing
import warnings
import numpy as np
from sklearn.model_selection import cross_val_score, learning_curve
from sklearn.neighbors import KNeighborsClassifier
X = np.arange(24.0).reshape(12, 2)
y = np.array([0, 1] * 6)
warnings.simplefilter("ignore")
print(learning_curve(KNeighborsClassifier(5), X, y, cv=2, train_sizes=[2, 4, 6])[2])
print(cross_val_score(KNeighborsClassifier(5), X, y, cv=4, error_score=0.0))

# --- a fit that fails
from sklearn.base import BaseEstimator
from sklearn.model_selection import cross_val_score
class Broken(BaseEstimator):
    def fit(self, X, y):
        raise ArithmeticError("no fit")
    def score(self, X, y):
        return 1.0
cross_val_score(Broken(), [[0], [1], [2], [3]], [0, 1, 0, 1], cv=2, error_score="raise")
