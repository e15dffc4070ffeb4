import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { colours, finished, openNew, run, text } from './page';

const ROWS = 640_000;

/** A CSV of more than 50 MB: two numbers that tell the class apart, one that doesn't, words and gaps. */
async function writeCsv(path: string): Promise<void> {
  const file = createWriteStream(path);
  file.write('id,when,height,weight,noise,town,comment,bought\n');
  let seed = 12345;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  for (let start = 0; start < ROWS; start += 10_000) {
    let rows = '';
    for (let i = start; i < start + 10_000; i++) {
      const bought = i % 3 === 0 ? 1 : 0;
      const height = (150 + 30 * random() + 10 * bought).toFixed(3);
      const weight = i % 101 === 0 ? '' : (50 + 40 * random() + 15 * bought).toFixed(3);
      rows += `${i},2026-01-${String((i % 28) + 1).padStart(2, '0')},${height},${weight},${random().toFixed(8)},town ${i % 50},"a comment, number ${i}",${bought}\n`;
    }
    if (!file.write(rows)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

test('a CSV of 50 MB is loaded, described, modelled, cross-validated and charted', async ({ page }, info) => {
  test.setTimeout(240_000);
  const path = info.outputPath('visits.csv');
  await writeCsv(path);
  expect((await stat(path)).size).toBeGreaterThan(50e6);

  await openNew(page);
  await page.getByRole('button', { name: 'Data, files and notebooks' }).click();
  await page.getByRole('tab', { name: 'Files' }).click();
  await page.getByLabel('Choose files').setInputFiles(path);
  const load = page.getByRole('region', { name: 'Code cell 1', exact: true });
  await expect(load.getByRole('textbox')).toContainText('spark.read.csv("/files/visits.csv"');
  await load.getByRole('button', { name: 'Run cell 1' }).click();
  await finished(load, 120_000);
  await expect(load.getByRole('columnheader', { name: 'when date' })).toBeVisible();
  await page.getByRole('button', { name: 'Close panel' }).click();

  const counted = await run(page, 'df = df.cache()\nprint(df.count(), df.filter(df.weight.isNull()).count())');
  await finished(counted, 120_000);
  await expect(text(counted)).toHaveText(`${ROWS} ${Math.ceil(ROWS / 101)}`);
  const described = await run(page, 'display(df.describe("height", "weight", "town"))');
  await finished(described, 60_000);
  await expect(described.getByRole('gridcell', { name: 'stddev' })).toBeVisible();

  const fitted = await run(
    page,
    `from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import Imputer, VectorAssembler
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder

lr = LogisticRegression(labelCol="bought", maxIter=20)
pipeline = Pipeline(stages=[
    Imputer(inputCols=["weight"], outputCols=["filled"]),
    VectorAssembler(inputCols=["height", "filled", "noise"], outputCol="features"),
    lr,
])
model = pipeline.fit(df)
grid = ParamGridBuilder().addGrid(lr.regParam, [0.0, 0.1]).build()
scores = BinaryClassificationEvaluator(labelCol="bought")
cv = CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=scores, numFolds=3, seed=1, parallelism=2).fit(df)
print(f"{scores.evaluate(model.transform(df)):.3f}", [round(m, 3) for m in cv.avgMetrics])`,
  );
  await finished(fitted, 180_000);
  await expect(text(fitted)).toHaveText(/^0\.8\d\d \[0\.8\d\d, 0\.8\d\d\]/);

  for (const source of ['df.plot.hist(column="height", bins=20)', 'df.plot.scatter(x="height", y="weight")']) {
    const charted = await run(page, source);
    await finished(charted, 60_000);
    await expect.poll(() => colours(charted.getByRole('img'))).toBeGreaterThan(5);
  }
});
