import { expect, test } from '@playwright/test';
import { openNew, ready, run, text } from './page';

test.beforeEach(async ({ page }) => {
  await openNew(page);
});

test('completion knows names, members, columns and parameters', async ({ page }) => {
  await run(
    page,
    'iris = spark.read.csv("/datasets/iris.csv", header=True, inferSchema=True)\nfrom pyspark.ml.classification import LogisticRegression',
  );
  await ready(page);
  const options = page.getByRole('option');
  for (const [typed, wanted] of [
    ['ir', 'iris'],
    ['iris.sele', 'select'],
    ['iris.select("petal_l', 'petal_length'],
    ['LogisticRegression(regP', 'regParam'],
  ] as const) {
    await page.getByRole('group', { name: 'Add at the end' }).getByRole('button', { name: 'Code', exact: true }).click();
    await page.keyboard.type(typed);
    await expect(options.filter({ hasText: wanted }).first(), typed).toBeVisible();
    await page.keyboard.press('Escape');
  }
});

test('F1 explains the name at the cursor', async ({ page }) => {
  await run(page, 'from pyspark.ml.classification import LogisticRegression');
  await ready(page);
  await page.getByRole('group', { name: 'Add at the end' }).getByRole('button', { name: 'Code', exact: true }).click();
  await page.keyboard.type('LogisticRegression');
  await expect(page.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await expect(page.locator('.cm-help')).toContainText('regParam');
});

test('an error names the line, and pressing it goes there', async ({ page }) => {
  const cell = await run(page, 'def half(x):\n    return 1 / x\n\nhalf(0)');
  await expect(cell.getByText('ZeroDivisionError', { exact: true })).toBeVisible();
  await cell.getByRole('button', { name: /line 2, in half/ }).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' + 0');
  await expect(cell.getByRole('textbox')).toContainText('return 1 / x + 0');
  await expect(cell.getByText('Changed since it ran')).toBeVisible();
});

test('cells after a failing one do not run', async ({ page }) => {
  await run(page, '1 / 0');
  await page.getByRole('group', { name: 'Add at the end' }).getByRole('button', { name: 'Code', exact: true }).click();
  await page.keyboard.insertText('print("not reached")');
  await page.getByRole('button', { name: 'Run all' }).click();
  await expect(page.getByText(/^Failed after/).first()).toBeVisible();
  await expect(text(page.getByRole('region', { name: /^Code cell \d+$/ }).last())).toHaveCount(0);
});

test('a table shows types, aligns numbers and tells nulls from the word', async ({ page }) => {
  const cell = await run(page, 'display(spark.createDataFrame([(1, "null"), (None, None)], "n int, s string"))');
  const table = cell.getByRole('grid');
  await expect(table.getByRole('columnheader', { name: 'n int' })).toBeVisible();
  await expect(table.locator('td.null')).toHaveCount(2);
  await expect(table.getByRole('gridcell', { name: '1', exact: true })).toHaveCSS('text-align', 'right');
  await expect(cell.getByText('2 rows · 2 columns')).toBeVisible();
});
