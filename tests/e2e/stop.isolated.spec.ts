import { expect, test, type Page } from '@playwright/test';
import { finished, openNew, run, text } from './page';

/** Presses Stop, and gives the milliseconds until the running cell says that it stopped; infinitely many when nothing runs any more. */
async function stop(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const button = document.querySelector<HTMLButtonElement>('header button[aria-label="Stop"]');
    const running = document.querySelector('[data-cell][aria-busy="true"]');
    if (!button || !running) return Infinity;
    const pressed = performance.now();
    button.click();
    return new Promise<number>((resolve) => {
      const observer = new MutationObserver(() => {
        if (!/Stopped after/.test(running.textContent ?? '')) return;
        observer.disconnect();
        resolve(performance.now() - pressed);
      });
      observer.observe(running, { subtree: true, childList: true, characterData: true });
    });
  });
}

const FITS = [
  'LogisticRegression(maxIter=100000, tol=0.0).fit(data)',
  'RandomForestClassifier(numTrees=500, maxDepth=10).fit(data)',
  'KMeans(k=50, maxIter=100000, tol=0.0).fit(data)',
  'CrossValidator(estimator=lr, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), parallelism=2).fit(data)',
  'data.repartition(50).groupBy((F.col("id") % 500000).alias("k")).agg(F.sum("a")).orderBy("k").crossJoin(data.select("id")).count()',
];

test('Stop ends a fit on a million rows at once, and variables survive', async ({ page }) => {
  test.setTimeout(240_000);
  await openNew(page);
  const data = await run(
    page,
    `from pyspark.ml.classification import LogisticRegression, RandomForestClassifier
from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import functions as F

rows = spark.range(1_000_000).select("id", *[F.rand(seed).alias(name) for seed, name in enumerate("abcdefghij")])
rows = rows.withColumn("label", (F.col("a") + F.col("b") > 1.1).cast("double"))
data = VectorAssembler(inputCols=list("abcdefghij"), outputCol="features").transform(rows).cache()
lr = LogisticRegression(maxIter=1000, tol=0.0)
grid = ParamGridBuilder().addGrid(lr.regParam, [0.0, 0.1, 0.2]).build()
print(data.count())`,
  );
  await finished(data, 120_000);
  const taken: Record<string, number> = {};
  for (const fit of FITS) {
    const cell = await run(page, fit);
    await expect(page.getByText('Running', { exact: true })).toBeVisible();
    // Into the middle of the work.
    await page.waitForTimeout(700);
    taken[fit.split('(')[0] ?? ''] = Math.round(await stop(page));
    await expect(cell).toContainText('KeyboardInterrupt');
  }
  console.log('Stop, ms:', JSON.stringify(taken));
  // 250 on a machine that does nothing else.
  for (const [fit, millis] of Object.entries(taken)) expect(millis, fit).toBeLessThan(1000);
  await expect(text(await run(page, 'print(data.count(), lr.getMaxIter())'))).toHaveText('1000000 1000');
});

/** Each works longer than anybody would wait. Estimators that look at every row once, as scalers do, are as quick as Stop. */
const LONG_FITS = [
  'LinearSVC(maxIter=100000, tol=0.0).fit(data)',
  'MultilayerPerceptronClassifier(layers=[5, 50, 2], maxIter=100000, tol=0.0).fit(data)',
  'FMClassifier(maxIter=100000, tol=0.0).fit(data)',
  'DecisionTreeClassifier(labelCol="coin", maxDepth=25, maxBins=500).fit(data)',
  'GBTClassifier(maxIter=1000).fit(data)',
  'OneVsRest(classifier=LogisticRegression(maxIter=100000, tol=0.0)).fit(data)',
  'LinearRegression(labelCol="a", loss="huber", maxIter=100000, tol=0.0).fit(data)',
  'GeneralizedLinearRegression(labelCol="count", family="poisson", maxIter=100000, tol=0.0).fit(data)',
  'AFTSurvivalRegression(labelCol="count", censorCol="label", maxIter=100000, tol=0.0).fit(data)',
  'FMRegressor(labelCol="a", maxIter=100000, tol=0.0).fit(data)',
  'DecisionTreeRegressor(labelCol="a", maxDepth=25, maxBins=500).fit(data)',
  'RandomForestRegressor(labelCol="a", numTrees=500, maxDepth=10).fit(data)',
  'GBTRegressor(labelCol="a", maxIter=1000).fit(data)',
  'BisectingKMeans(k=500, maxIter=10000).fit(data)',
  'GaussianMixture(k=20, maxIter=100000, tol=0.0).fit(data)',
  'LDA(k=10, maxIter=100000).fit(data)',
  'LDA(k=10, maxIter=100000, optimizer="em").fit(data)',
  'ALS(userCol="user", itemCol="item", ratingCol="count", rank=20, maxIter=100000).fit(data)',
  'Word2Vec(inputCol="words", outputCol="vector", maxIter=100000).fit(data)',
  'BucketedRandomProjectionLSH(inputCol="features", bucketLength=0.1).fit(data).approxSimilarityJoin(data, data, 0.1).count()',
  'TrainValidationSplit(estimator=lr, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator()).fit(data)',
  'SparkXGBClassifier(n_estimators=100000).fit(data)',
  'SparkXGBRegressor(label_col="a", n_estimators=100000).fit(data)',
  'SparkXGBRanker(qid_col="user", n_estimators=100000).fit(data)',
  'FPGrowth(minSupport=0.000001, itemsCol="words").fit(data).freqItemsets.count()',
  'PrefixSpan(minSupport=0.000001, maxPatternLength=20, sequenceCol="sentence").findFrequentSequentialPatterns(data).count()',
];

test('every estimator tells what it does and stops at once', async ({ page }) => {
  test.setTimeout(480_000);
  await openNew(page);
  const data = await run(
    page,
    `from pyspark.ml.classification import *
from pyspark.ml.clustering import *
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import BucketedRandomProjectionLSH, VectorAssembler, Word2Vec
from pyspark.ml.fpm import FPGrowth, PrefixSpan
from pyspark.ml.recommendation import ALS
from pyspark.ml.regression import *
from pyspark.ml.tuning import ParamGridBuilder, TrainValidationSplit
from pyspark.sql import functions as F
from xgboost.spark import SparkXGBClassifier, SparkXGBRanker, SparkXGBRegressor

rows = spark.range(500_000).select("id", *[F.rand(seed).alias(name) for seed, name in enumerate("abcde")])
rows = rows.withColumns({
    "label": (F.col("a") + F.col("b") > 1.1).cast("double"),
    "count": F.floor(F.col("c") * 9 + 1).cast("double"),
    "user": (F.col("id") / 50).cast("int"),
    "item": (F.col("d") * 10000).cast("int"),
    "coin": (F.rand(9) * 2).cast("int").cast("double"),
    "words": F.array_distinct(F.transform(F.array("a", "b", "c", "d", "e"), lambda x: F.floor(x * 50).cast("string"))),
})
rows = rows.withColumn("sentence", F.transform("words", lambda word: F.array(word)))
data = VectorAssembler(inputCols=list("abcde"), outputCol="features").transform(rows).cache()
lr = LogisticRegression(maxIter=1000, tol=0.0)
grid = ParamGridBuilder().addGrid(lr.regParam, [0.0, 0.1, 0.2]).build()
print(data.count())`,
  );
  await finished(data, 120_000);
  const taken: Record<string, number> = {};
  const silent: string[] = [];
  for (const fit of LONG_FITS) {
    const name = `${fit.split('(')[0]}${/loss="huber"|optimizer="em"/.exec(fit)?.[0] ?? ''}`;
    const cell = await run(page, fit);
    // Into the middle of the work.
    await page.waitForTimeout(700);
    if ((await cell.locator('progress').count()) === 0) silent.push(name);
    taken[name] = Math.round(await stop(page));
    await expect.soft(cell, name).toContainText('KeyboardInterrupt');
  }
  console.log('Stop, ms:', JSON.stringify(taken));
  expect(silent).toEqual([]);
  // 250 on a machine that does nothing else.
  for (const [name, millis] of Object.entries(taken)) expect.soft(millis, name).toBeLessThan(1000);
});
