# --- classes
from sklearn.metrics import *
from sklearn.metrics import accuracy_score, f1_score, fbeta_score
true, told = [0, 1, 2, 2, 1, 0, 1], [0, 2, 2, 1, 1, 0, 1]
print(accuracy_score(true, told), accuracy_score(true, told, normalize=False), balanced_accuracy_score(true, told))
print(confusion_matrix(true, told), confusion_matrix(true, told, normalize="true"), confusion_matrix(true, told, labels=[2, 0]))
for average in ("micro", "macro", "weighted", None):
    print(average, precision_score(true, told, average=average), recall_score(true, told, average=average), f1_score(true, told, average=average))
print(fbeta_score([0, 1, 1, 0], [1, 1, 0, 0], beta=2), f1_score(["a", "b", "b"], ["a", "b", "a"], pos_label="b"))
print(precision_score([0, 0, 1], [0, 0, 0], zero_division=0), precision_score([0, 0, 1], [0, 0, 0], zero_division=1.0))
print(round(matthews_corrcoef(true, told), 9), accuracy_score(true, told, sample_weight=[1, 2, 3, 1, 1, 1, 1]))
print(precision_recall_fscore_support(true, told))
print(type(f1_score([0, 1], [0, 1])).__name__, type(accuracy_score([0, 1], [0, 1])).__name__)

# --- a report
from sklearn.metrics import classification_report
true, told = [0, 1, 2, 2, 1, 0, 1], [0, 2, 2, 1, 1, 0, 1]
print(classification_report(true, told))
print(classification_report(true, told, target_names=["setosa", "versicolor", "virginica"], digits=3))
print(classification_report(["n", "y", "y"], ["n", "n", "y"], output_dict=True))

# --- scores
import numpy as np
from sklearn.metrics import auc, average_precision_score, brier_score_loss, log_loss, precision_recall_curve, roc_auc_score, roc_curve
true, score = [0, 0, 1, 1, 0, 1, 1, 0], [0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.4, 0.05]
print(roc_auc_score(true, score), average_precision_score(true, score), brier_score_loss(true, score))
for part in roc_curve(true, score):
    print(part)
print(roc_curve(true, score, drop_intermediate=False))
print(precision_recall_curve(true, score))
print(round(log_loss(true, score), 12), round(log_loss([0, 1, 2], [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.3, 0.5]]), 12))
print(roc_auc_score(["n", "y", "y"], [0.2, 0.1, 0.9]), auc([0, 0.5, 1], [0, 0.8, 1]))
probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.3, 0.5], [0.4, 0.35, 0.25], [0.3, 0.3, 0.4], [0.2, 0.5, 0.3]])
for how in ("ovr", "ovo"):
    for average in ("macro", "weighted"):
        print(how, average, round(roc_auc_score([0, 1, 2, 0, 1, 2], probabilities, multi_class=how, average=average), 12))

# --- numbers
from sklearn.metrics import *
true, told = [3.0, -0.5, 2.0, 7.0], [2.5, 0.0, 2.0, 8.0]
print(mean_squared_error(true, told), root_mean_squared_error(true, told), mean_absolute_error(true, told), r2_score(true, told))
print(median_absolute_error(true, told), max_error(true, told), explained_variance_score(true, told), mean_absolute_percentage_error(true, told))
print(r2_score([1, 1, 1], [1, 1, 1]), r2_score([1, 1, 1], [1, 2, 1]), mean_squared_error(true, told, sample_weight=[1, 2, 3, 4]))
print(mean_absolute_error([[1, 2], [3, 4]], [[1, 1], [2, 2]], multioutput="raw_values"), r2_score([[1, 2], [3, 5]], [[1, 1], [2, 4]]))

# --- silhouette
import numpy as np
from sklearn.metrics import silhouette_samples, silhouette_score
X = np.array([[0.0, 0.0], [0.1, 0.2], [5.0, 5.0], [5.2, 4.9], [9.0, 0.0]])
print(round(silhouette_score(X, [0, 0, 1, 1, 2]), 12), silhouette_samples(X, [0, 0, 1, 1, 2]).round(9))
print(round(silhouette_score(X, ["a", "a", "b", "b", "b"], metric="manhattan"), 12), round(silhouette_score(X + 1, [0, 0, 1, 1, 1], metric="cosine"), 12))

# --- one cluster
from sklearn.metrics import silhouette_score
silhouette_score([[0.0], [1.0], [2.0]], [0, 0, 0])

# --- more than two classes for a binary average
from sklearn.metrics import f1_score
f1_score([0, 1, 2], [0, 1, 1])

# --- a positive class that is not there
from sklearn.metrics import recall_score
recall_score(["a", "b"], ["a", "b"])

# --- classes against numbers
from sklearn.metrics import accuracy_score
accuracy_score([0, 1], [0.2, 0.9])

# --- lengths
from sklearn.metrics import mean_squared_error
mean_squared_error([1, 2, 3], [1, 2])

# --- one label alone
from sklearn.metrics import log_loss
log_loss([1, 1], [0.5, 0.6])

# --- probabilities that are none
from sklearn.metrics import brier_score_loss
brier_score_loss([0, 1], [0.5, 1.6])

# --- several classes without a way
from sklearn.metrics import roc_auc_score
roc_auc_score([0, 1, 2], [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.3, 0.5]])

# --- calibration
import numpy as np
from sklearn.calibration import calibration_curve
rng = np.random.RandomState(0)
p = rng.uniform(size=200)
y = (rng.uniform(size=200) < p).astype(int)
print([part.round(9).tolist() for part in calibration_curve(y, p)])
print([part.round(9).tolist() for part in calibration_curve(y, p, n_bins=4, strategy="quantile")])

# --- probabilities outside
from sklearn.calibration import calibration_curve
calibration_curve([0, 1], [0.5, 1.5])
