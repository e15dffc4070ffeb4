import { expect, test } from '@playwright/test';
import { colours, finished, openNew, run, text } from './page';

const DATA = `from pyspark.ml.classification import RandomForestClassifier
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import functions as F

iris = spark.read.csv("/datasets/iris.csv", header=True, inferSchema=True)
names = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
data = VectorAssembler(inputCols=names, outputCol="features").transform(
    iris.withColumn("label", (F.col("species") == "virginica").cast("double"))
)
pdf = data.select(*names, "label").toPandas()
X, y = pdf[names], pdf["label"]
forest = RandomForestClassifier(numTrees=5, seed=1).fit(data)`;

/** Cells that draw, each with a package's own call, and what the chart's text alternative speaks of. */
const CHARTS: readonly (readonly [source: string, alternative: RegExp])[] = [
  [
    `import shap
shap.summary_plot(shap.TreeExplainer(forest).shap_values(X)[:, :, 1], X)`,
    /SHAP value/,
  ],
  [
    `from sklearn.model_selection import LearningCurveDisplay
from sklearn.neighbors import KNeighborsClassifier
LearningCurveDisplay.from_estimator(KNeighborsClassifier(), X, y, cv=5)`,
    /[Tt]rain/,
  ],
  [
    `from sklearn.calibration import CalibrationDisplay
CalibrationDisplay.from_estimator(KNeighborsClassifier().fit(X, y), X, y)`,
    /[Pp]robability/,
  ],
  [
    `import matplotlib.pyplot as plt
from pyspark.ml.clustering import KMeans
costs = [KMeans(k=k, seed=1).fit(data).summary.trainingCost for k in range(2, 7)]
plt.plot(range(2, 7), costs, marker="o")
plt.xlabel("k")
plt.ylabel("cost")
plt.show()`,
    /[Cc]ost against k/,
  ],
];

test('packages beside Spark draw their charts', async ({ page }) => {
  test.setTimeout(180_000);
  await openNew(page);
  await finished(await run(page, DATA));
  for (const [source, alternative] of CHARTS) {
    await test.step(source, async () => {
      const cell = await run(page, source);
      await finished(cell);
      const chart = cell.getByRole('img', { name: alternative }).first();
      await chart.scrollIntoViewIfNeeded();
      await expect(chart).toBeVisible();
      expect(await colours(chart)).toBeGreaterThan(3);
    });
  }
});

test('boosted trees, samples and stages of a cell work in one pipeline', async ({ page }) => {
  test.setTimeout(180_000);
  await openNew(page);
  await finished(await run(page, DATA));
  const cell = await run(
    page,
    `from imblearn.over_sampling import SMOTE
from pyspark.ml import Pipeline, Transformer
from pyspark.ml.param.shared import HasInputCol, HasOutputCol
from xgboost.spark import SparkXGBClassifier

class Doubler(Transformer, HasInputCol, HasOutputCol):
    def __init__(self, inputCol, outputCol):
        super().__init__()
        self._set(inputCol=inputCol, outputCol=outputCol)

    def _transform(self, dataset):
        return dataset.withColumn(self.getOutputCol(), F.col(self.getInputCol()) * 2)

stages = [
    Doubler("petal_width", "twice"),
    VectorAssembler(inputCols=["twice", "petal_length"], outputCol="both"),
    SparkXGBClassifier(features_col="both", label_col="label", n_estimators=5, max_depth=2),
]
model = Pipeline(stages=stages).fit(data)
print("rounds", model.stages[-1].get_booster().num_boosted_rounds())
right = model.transform(data).filter("prediction = label").count()
print("accurate", right > 140)
print("balanced", SMOTE(random_state=1).fit_resample(X, y)[1].value_counts().to_dict())`,
  );
  await finished(cell);
  await expect(text(cell)).toHaveText(/rounds 5\s+accurate True\s+balanced \{0\.0: 100, 1\.0: 100\}/);
});
