# --- class weights
import numpy as np
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight
y = np.array([0, 0, 0, 0, 1, 1, 2])
print(compute_class_weight("balanced", classes=np.unique(y), y=y))
print(compute_class_weight({0: 2.0, 1: 3.0, 2: 0.5}, classes=np.unique(y), y=y))
print(compute_class_weight({0: 2.0}, classes=np.unique(y), y=y))
print(compute_class_weight(None, classes=np.unique(y), y=y))
print(compute_sample_weight("balanced", y), compute_sample_weight({0: 1, 1: 5, 2: 10}, y))
print(compute_sample_weight("balanced", y, indices=[0, 1, 4]))
print(compute_class_weight("balanced", classes=np.array(["a", "b"]), y=["a", "a", "b"]), compute_sample_weight("balanced", ["a", "a", "b"]))

# --- a class that is not known
import numpy as np
from sklearn.utils.class_weight import compute_class_weight
compute_class_weight("balanced", classes=np.array([0, 1]), y=[0, 1, 2])

# --- a weight of no class
import numpy as np
from sklearn.utils.class_weight import compute_class_weight
compute_class_weight({0: 1.0, 7: 2.0}, classes=np.array([0, 1]), y=[0, 1, 1])

# --- unknown weights
import numpy as np
from sklearn.utils.class_weight import compute_class_weight
compute_class_weight("even", classes=np.array([0, 1]), y=[0, 1, 1])

# --- smote
import numpy as np
from imblearn.over_sampling import SMOTE
rng = np.random.RandomState(3)
X = rng.normal(size=(60, 3))
y = np.array([0] * 40 + [1] * 13 + [2] * 7)
new, labels = SMOTE(random_state=42).fit_resample(X, y)
print(new.shape, np.bincount(labels), new[60:66].round(12).tolist(), new[-3:].round(12).tolist(), round(new.sum(), 9))
sampler = SMOTE(sampling_strategy={1: 20}, random_state=0, k_neighbors=3)
new, labels = sampler.fit_resample(X, y)
print(sampler, new.shape, np.bincount(labels), new[60:].round(12).tolist(), list(sampler.sampling_strategy_))
new, labels = SMOTE(sampling_strategy="minority", random_state=np.random.RandomState(5)).fit_resample(X, y)
print(new.shape, np.bincount(labels), new[-2:].round(12).tolist())
new, labels = SMOTE(sampling_strategy=0.5, random_state=1).fit_resample(X[:53], y[:53])
print(new.shape, np.bincount(labels), new[-2:].round(12).tolist())

# --- smote of frames
import numpy as np
import pandas as pd
from imblearn.over_sampling import SMOTE
rng = np.random.RandomState(4)
frame = pd.DataFrame({"a": rng.normal(size=20), "b": rng.randint(0, 50, size=20)})
y = pd.Series(["no"] * 13 + ["yes"] * 7, name="left")
new, labels = SMOTE(random_state=7).fit_resample(frame, y)
print(new.shape, list(new.columns), [str(kind) for kind in new.dtypes], labels.value_counts().to_dict(), labels.name)
print(new.iloc[20:]["a"].round(9).tolist(), new.iloc[20:]["b"].tolist(), new.index.tolist()[-1])

# --- random over-sampling
import numpy as np
import pandas as pd
from imblearn.over_sampling import RandomOverSampler
X = np.arange(20).reshape(10, 2)
y = [0] * 7 + [1] * 3
sampler = RandomOverSampler(random_state=0)
new, labels = sampler.fit_resample(X, y)
print(sampler, new.tolist(), list(labels), sampler.sample_indices_)
new, labels = RandomOverSampler(sampling_strategy=0.8, random_state=2).fit_resample(X, y)
print(new[10:].tolist(), list(labels))
frame, labels = RandomOverSampler(random_state=1).fit_resample(pd.DataFrame({"t": list("abcdefghij")}), pd.Series(y))
print(frame["t"].tolist(), frame.index.tolist(), labels.tolist())

# --- random under-sampling
import numpy as np
import pandas as pd
from imblearn.under_sampling import RandomUnderSampler
X = np.arange(24).reshape(12, 2)
y = np.array([0] * 6 + [1] * 2 + [2] * 4)
for options in ({}, {"replacement": True}, {"sampling_strategy": "majority"}, {"sampling_strategy": {0: 3, 2: 1}}):
    sampler = RandomUnderSampler(random_state=0, **options)
    new, labels = sampler.fit_resample(X, y)
    print(sampler, new.tolist(), labels, sampler.sample_indices_)
frame, labels = RandomUnderSampler(random_state=3).fit_resample(pd.DataFrame({"n": range(12)}), pd.Series(y, name="y"))
print(frame["n"].tolist(), frame.index.tolist(), labels.index.tolist())

# --- one class alone
from imblearn.over_sampling import SMOTE
SMOTE().fit_resample([[0.0], [1.0]], [1, 1])

# --- too few rows for smote
from imblearn.over_sampling import SMOTE
SMOTE(random_state=0).fit_resample([[float(i)] for i in range(10)], [0] * 7 + [1] * 3)

# --- a ratio of three classes
from imblearn.over_sampling import RandomOverSampler
RandomOverSampler(sampling_strategy=0.5).fit_resample([[0], [1], [2], [3]], [0, 1, 2, 2])

# --- fewer rows by over-sampling
from imblearn.over_sampling import RandomOverSampler
RandomOverSampler(sampling_strategy={0: 1, 1: 1}).fit_resample([[0], [1], [2]], [0, 0, 1])

# --- a class that is not there
from imblearn.under_sampling import RandomUnderSampler
RandomUnderSampler(sampling_strategy={5: 1}).fit_resample([[0], [1], [2]], [0, 0, 1])

# --- the majority can't be over-sampled
from imblearn.over_sampling import RandomOverSampler
RandomOverSampler(sampling_strategy="majority").fit_resample([[0], [1], [2]], [0, 0, 1])

# --- resample and shuffle
import numpy as np
import pandas as pd
from sklearn.utils import resample, shuffle
print(resample([1, 2, 3, 4, 5], random_state=0), resample(np.arange(10), replace=False, n_samples=4, random_state=1))
print(resample(np.arange(6), np.arange(6) * 10, random_state=2), shuffle(np.arange(6), random_state=3))
print(resample(np.arange(10), n_samples=5, replace=False, stratify=[0, 0, 1, 1, 1, 1, 1, 1, 1, 1], random_state=0))
frame = pd.DataFrame({"a": range(6)})
print(resample(frame, n_samples=4, random_state=5)["a"].tolist(), resample(frame, random_state=5).index.tolist())
print(resample(np.arange(5), random_state=np.random.RandomState(1)), resample())

# --- more rows than there are
from sklearn.utils import resample
resample([1, 2], n_samples=3, replace=False)

# --- variance inflation
import numpy as np
import pandas as pd
from statsmodels.stats.outliers_influence import variance_inflation_factor
from statsmodels.tools.tools import add_constant
rng = np.random.RandomState(0)
frame = pd.DataFrame({"a": rng.normal(size=50), "b": rng.uniform(1, 9, size=50)})
frame["c"] = frame["a"] * 2 + rng.normal(size=50) * 0.1
with_constant = add_constant(frame)
print(list(with_constant.columns), [round(float(variance_inflation_factor(with_constant.values, i)), 6) for i in range(4)])
print([round(float(variance_inflation_factor(frame.values, i)), 6) for i in range(3)])
print(pd.Series([variance_inflation_factor(frame, i) for i in range(frame.shape[1])], index=frame.columns).round(4).to_dict())
frame["d"] = frame["a"] + frame["b"]
print([float(variance_inflation_factor(frame.values, i)) > 1e9 for i in range(4)], [round(float(variance_inflation_factor(frame.values[:, :3], i, standardize=False)), 6) for i in range(3)])
print(add_constant([[1.0, 2.0], [3.0, 4.0]]), add_constant(np.array([1, 2, 3]), prepend=False), add_constant(np.ones((2, 2))))
