import { expect, test, type Locator } from '@playwright/test';
import { colours, finished, openNew, run } from './page';

const MODELS = `from kindling import plot
from pyspark.ml.classification import LogisticRegression, RandomForestClassifier
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import functions as F

iris = spark.read.csv("/datasets/iris.csv", header=True, inferSchema=True)
labelled = iris.withColumn("label", (F.col("species") == "virginica").cast("double"))
data = VectorAssembler(inputCols=["sepal_length", "sepal_width"], outputCol="features").transform(labelled)
lr = LogisticRegression()
predictions = lr.fit(data).transform(data)
forest = RandomForestClassifier(numTrees=5, seed=1).fit(data)
grid = ParamGridBuilder().addGrid(lr.regParam, [0.0, 0.1, 1.0]).build()
cv = CrossValidator(estimator=lr, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), seed=1).fit(data)`;

/** Each chart, and what its text alternative and its read-out speak of. */
const CHARTS: readonly (readonly [source: string, alternative: RegExp, readOut: RegExp])[] = [
  ['iris.orderBy("sepal_length").plot.line(x="sepal_length", y=["petal_length", "petal_width"])', /petal_length/, /sepal_length: \d/],
  ['iris.groupBy("species").count().plot.bar(x="species", y="count")', /species/, /50/],
  ['iris.plot.scatter(x="petal_length", y="petal_width", color="species")', /petal_width/, /petal_width: \d/],
  ['iris.plot.hist(column="petal_length", bins=12)', /petal_length/, /\d/],
  ['iris.plot.box(column=["petal_length", "sepal_width"])', /petal_length/, /median/i],
  ['plot.roc_curve(predictions)', /ROC/, /\d/],
  ['plot.precision_recall_curve(predictions)', /[Pp]recision/, /\d/],
  ['plot.confusion_matrix(predictions)', /[Cc]onfusion/, /\d+/],
  ['plot.feature_importances(forest, data)', /sepal_length/, /\d/],
  ['plot.cv_scores(cv)', /regParam/, /\d/],
];

/** Moves the pointer over the chart until it reads something out. */
async function expectReadOut(figure: Locator, said: RegExp): Promise<void> {
  const box = await figure.getByRole('img').boundingBox();
  if (!box) throw new Error('no chart');
  const { mouse } = figure.page();
  await expect(async () => {
    for (const across of [0.3, 0.5, 0.7, 0.85]) {
      for (const down of [0.75, 0.5, 0.3]) {
        await mouse.move(box.x + box.width * across, box.y + box.height * down);
        if (await figure.getByText(said).first().isVisible()) return;
      }
    }
    throw new Error('nothing was read out');
  }).toPass({ timeout: 10_000 });
}

test('each kind of chart is drawn, described, read out and shown as data', async ({ page }) => {
  test.setTimeout(180_000);
  await openNew(page);
  await finished(await run(page, MODELS));
  for (const [source, alternative, readOut] of CHARTS) {
    await test.step(source, async () => {
      const cell = await run(page, source);
      await finished(cell);
      const figure = cell.getByRole('figure');
      const chart = figure.getByRole('img', { name: alternative });
      await chart.scrollIntoViewIfNeeded();
      await expect.poll(() => colours(chart)).toBeGreaterThan(5);
      await expectReadOut(figure, readOut);
      await figure.getByRole('button', { name: 'Data', exact: true }).click();
      expect(await figure.getByRole('table').getByRole('row').count()).toBeGreaterThan(1);
    });
  }
});
