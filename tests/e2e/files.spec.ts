import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { codeCells, finished, newNotebook, openNew, ready, run, saved, text } from './page';

const CSV = 'name;score\nAda;1,5\n"Bo;b";\n';

/** Drops a file on the page as a reader does. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([name, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content ?? ''], name ?? '', { type: 'text/csv' }));
      return transfer;
    },
    [name, content],
  );
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await expect(page.getByText('Drop to put it under /files/')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

test.beforeEach(async ({ page }) => {
  await openNew(page);
});

test('a dropped CSV gets a cell that loads it, and is there after a reload', async ({ page }) => {
  await drop(page, 'scores.csv', CSV);
  const cell = page.getByRole('region', { name: 'Code cell 1', exact: true });
  await expect(cell.getByRole('textbox')).toHaveText(
    'df = spark.read.csv("/files/scores.csv", header=True, inferSchema=True, sep=";")display(df)',
  );
  await cell.getByRole('button', { name: 'Run cell 1' }).click();
  const table = cell.getByRole('grid');
  await expect(table.getByRole('columnheader', { name: 'name' })).toContainText('string');
  await expect(table.getByRole('gridcell', { name: 'Bo;b' })).toBeVisible();
  await expect(table.getByRole('gridcell', { name: 'null' })).toBeVisible();

  await saved(page);
  await page.reload();
  await ready(page);
  await expect(cell.getByText('From an earlier run.')).toBeVisible();
  await cell.getByRole('button', { name: 'Run cell 1' }).click();
  await expect(cell.getByText('From an earlier run.')).toBeHidden();
  await expect(table.getByRole('gridcell', { name: 'Ada' })).toBeVisible();
});

test('files are listed, and gone when deleted', async ({ page }) => {
  await drop(page, 'scores.csv', CSV);
  await page.getByRole('button', { name: 'Data, files and notebooks' }).click();
  await page.getByRole('tab', { name: 'Files' }).click();
  await expect(page.getByText('scores.csv', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Delete /files/scores.csv' }).click();
  await expect(page.getByText('No files yet.')).toBeVisible();
  const cell = page.getByRole('region', { name: 'Code cell 1', exact: true });
  await cell.getByRole('button', { name: 'Run cell 1' }).click();
  await expect(cell).toContainText(/scores\.csv/);
  await expect(cell.getByText(/^Failed after/)).toBeVisible();
});

test('folders and tables that cells wrote are there after a reload, and a folder downloads as one archive', async ({ page }) => {
  const source = ['spark.range(5).coalesce(1).write.json("/files/out")', 'spark.range(3).write.saveAsTable("three")', 'print("written")'];
  await finished(await run(page, source.join('\n')));
  await page.getByRole('button', { name: 'Data, files and notebooks' }).click();
  await page.getByRole('tab', { name: 'Files' }).click();
  await expect(page.getByText(/\/files\/out · 1 part$/)).toBeVisible();
  await expect(page.getByText('spark-warehouse/three', { exact: true })).toBeVisible();

  await saved(page);
  await page.reload();
  await ready(page);
  const read = await run(page, 'print(spark.read.json("/files/out").count(), spark.table("three").count())');
  await expect(text(read)).toHaveText('5 3');

  await page.getByRole('button', { name: 'Data, files and notebooks' }).click();
  await page.getByRole('tab', { name: 'Files' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download /files/out', exact: true }).click();
  const archive = await download;
  expect(archive.suggestedFilename()).toBe('out.zip');
  const bytes = (await readFile(await archive.path())).toString('latin1');
  expect(bytes).toMatch(/^PK/);
  expect(bytes).toMatch(/out\/part-00000-[-0-9a-f]{36}-c000\.json\{"id":0\}\n\{"id":1\}/);

  await page.getByRole('button', { name: 'Delete /files/out', exact: true }).click();
  await page.getByRole('button', { name: 'Delete /files/spark-warehouse/three' }).click();
  await expect(page.getByText('No files yet.')).toBeVisible();
  await expect(await run(page, 'print(spark.catalog.tableExists("three"))')).toContainText('False');
});

test('a saved model is one place in the list, is there after a reload, and loads by one press', async ({ page }) => {
  const source = [
    'from pyspark.ml import Pipeline',
    'from pyspark.ml.feature import VectorAssembler',
    'from pyspark.ml.regression import LinearRegression',
    'df = spark.range(10).selectExpr("double(id) AS x", "2.0D * id + 1 AS label")',
    'pipeline = Pipeline(stages=[VectorAssembler(inputCols=["x"], outputCol="features"), LinearRegression()])',
    'pipeline.fit(df).write().overwrite().save("/files/line")',
  ];
  await finished(await run(page, source.join('\n')));
  await saved(page);
  await page.reload();
  await ready(page);
  await page.getByRole('button', { name: 'Data, files and notebooks' }).click();
  await page.getByRole('tab', { name: 'Files' }).click();
  await expect(page.getByText(/\/files\/line · saved stage$/)).toBeVisible();
  await page.getByRole('button', { name: 'Load /files/line', exact: true }).click();
  const loading = codeCells(page).filter({ hasText: 'model = PipelineModel.load("/files/line")' });
  await loading.getByRole('button', { name: /^Run cell/ }).click();
  await finished(loading);
  const told = await run(
    page,
    'row = model.transform(spark.range(4, 5).selectExpr("double(id) AS x")).first()\nprint(round(row.prediction, 6))',
  );
  await expect(text(told)).toHaveText('9.0');

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download /files/line', exact: true }).click();
  const bytes = (await readFile(await (await download).path())).toString('latin1');
  expect(bytes).toMatch(/line\/metadata\/part-00000-[-0-9a-f]{36}-c000\.txt\{"class":"org\.apache\.spark\.ml\.PipelineModel"/);
  expect(bytes).toMatch(/line\/stages\/1_LinearRegression_[0-9a-f]{12}\/data\/part-00000-/);
});

test('a bundled data set loads by one press, with its source and licence named', async ({ page }) => {
  await page.getByRole('button', { name: 'Data, files and notebooks' }).click();
  await expect(page.getByText(/Palmer Station LTER.*Licence: CC0/)).toBeVisible();
  await page.getByRole('button', { name: 'Load Palmer penguins' }).click();
  const cell = page.getByRole('region', { name: 'Code cell 2', exact: true });
  await cell.getByRole('button', { name: 'Run cell 2' }).click();
  await expect(cell.getByRole('columnheader', { name: 'species' })).toBeVisible();
  await expect(cell.getByRole('gridcell', { name: 'NA', exact: true })).toHaveCount(0);
});

test('every bundled data set loads with as many rows as the list says', async ({ page }) => {
  await page.getByRole('button', { name: 'Data, files and notebooks' }).click();
  const sets = page.getByRole('tabpanel').getByRole('listitem');
  await expect(sets).toHaveCount(7);
  const rows: number[] = [];
  for (const set of await sets.all()) {
    rows.push(Number(/^([\d,]+) rows/.exec(await set.getByText(/rows ·/).innerText())?.[1]?.replaceAll(',', '')));
    await expect(set.getByText(/Licence: \S/)).toBeVisible();
    await set.getByRole('button', { name: /^Load / }).click();
  }
  await page.getByRole('button', { name: 'Run all' }).click();
  // The first cell is empty.
  const names: string[] = [];
  for (const cell of (await codeCells(page).all()).slice(1)) {
    await finished(cell);
    names.push(/^(\w+) = /.exec(await cell.getByRole('textbox').innerText())?.[1] ?? '');
  }
  const counted = await run(page, `print([frame.count() for frame in [${names.join(', ')}]])`);
  await expect(text(counted)).toHaveText(`[${rows.join(', ')}]`);
});

test('an executed notebook goes through .ipynb with what it showed', async ({ page }) => {
  await finished(await run(page, 'print("printed")\ndisplay(spark.range(3))'));
  await finished(await run(page, 'spark.range(20).plot.hist(column="id")'));
  await page.getByRole('button', { name: 'More' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save as .ipynb' }).click();
  const file = await download;
  const buffer = await readFile(await file.path());
  const saved = JSON.parse(buffer.toString('utf8')) as { nbformat: number; nbformat_minor: number; cells: { outputs?: unknown[] }[] };
  expect([saved.nbformat, saved.nbformat_minor]).toEqual([4, 5]);
  expect(saved.cells.map((cell) => cell.outputs?.length)).toEqual([0, 2, 1]);

  await newNotebook(page);
  await page.getByLabel('Open a notebook file').setInputFiles({ name: 'again.ipynb', mimeType: 'application/x-ipynb+json', buffer });
  await expect(codeCells(page)).toHaveCount(3);
  await expect(text(codeCells(page).nth(1))).toHaveText('printed');
  await expect(codeCells(page).nth(1).getByRole('grid').getByRole('row')).toHaveCount(4);
  await expect(codeCells(page).nth(2).getByRole('img', { name: /id/ })).toBeVisible();
  await expect(page.getByText('From an earlier run.')).toHaveCount(2);
});
