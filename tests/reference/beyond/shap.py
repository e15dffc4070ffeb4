# --- trees and forests that classify
import numpy as np
import shap
from pyspark.ml.classification import DecisionTreeClassifier, RandomForestClassifier
from pyspark.ml.linalg import Vectors
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
rng = np.random.RandomState(0)
X = rng.normal(size=(120, 4)).round(3)
y = (X[:, 0] + X[:, 1] * X[:, 2] > 0).astype(int) + (X[:, 3] > 1)
rows = [(Vectors.dense(row.tolist()), float(label)) for row, label in zip(X, y)]
data = spark.createDataFrame(rows, ["features", "label"]).coalesce(1)
for model in (
    DecisionTreeClassifier(maxDepth=4).fit(data),
    RandomForestClassifier(numTrees=6, maxDepth=5, seed=3).fit(data),
    DecisionTreeClassifier(maxDepth=0).fit(data),
):
    explainer = shap.TreeExplainer(model)
    values = explainer.shap_values(X[:5], check_additivity=False)
    print(values.shape, np.asarray(explainer.expected_value).round(9).tolist(), values.round(9).tolist())
    told = np.array([model.predictProbability(Vectors.dense(row.tolist())).toArray() for row in X[:5]])
    print(np.allclose(values.sum(axis=1) + explainer.expected_value, told))

# --- regressions and boosting
import numpy as np
import pandas as pd
import shap
from pyspark.ml.classification import GBTClassifier
from pyspark.ml.linalg import Vectors
from pyspark.ml.regression import DecisionTreeRegressor, GBTRegressor, RandomForestRegressor
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
rng = np.random.RandomState(1)
X = rng.normal(size=(150, 3)).round(3)
y = (X[:, 0] * 2 + X[:, 1] ** 2).round(3)
rows = [(Vectors.dense(row.tolist()), float(label), float(label > 1)) for row, label in zip(X, y)]
data = spark.createDataFrame(rows, ["features", "label", "high"]).coalesce(1)
for model in (
    DecisionTreeRegressor(maxDepth=5).fit(data),
    RandomForestRegressor(numTrees=5, maxDepth=6, seed=2).fit(data),
    GBTRegressor(maxIter=4, maxDepth=3, seed=4).fit(data),
    GBTClassifier(labelCol="high", maxIter=3, maxDepth=4, seed=5).fit(data),
):
    explainer = shap.TreeExplainer(model)
    values = explainer.shap_values(X[:4], check_additivity=False)
    print(values.shape, np.asarray(explainer.expected_value).round(9).tolist(), values.round(9).tolist())
frame = pd.DataFrame(X, columns=["a", "b", "c"])
model = DecisionTreeRegressor(maxDepth=3).fit(data)
told = shap.TreeExplainer(model)(frame.iloc[:6], check_additivity=False)
print(told.values.shape, told.base_values.round(9).tolist(), told.feature_names, told[2].values.round(9).tolist(), told[:, "b"].values.round(9).tolist())
print(round(float(told.abs.mean(0).values[0]), 9), told.shape)

# --- categories
import shap
from pyspark.ml.classification import DecisionTreeClassifier
from pyspark.ml.feature import StringIndexer, VectorAssembler
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
data = spark.createDataFrame([("a", 0.0), ("b", 1.0), ("c", 0.0), ("a", 0.0), ("b", 1.0)], ["k", "label"])
data = StringIndexer(inputCol="k", outputCol="i").fit(data).transform(data)
data = VectorAssembler(inputCols=["i"], outputCol="features").transform(data)
shap.TreeExplainer(DecisionTreeClassifier().fit(data))

# --- no tree
import shap
shap.TreeExplainer(3).shap_values([[1.0]])
