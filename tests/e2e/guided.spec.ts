import { expect, test, type Page } from '@playwright/test';
import { codeCells, finished, openNew } from './page';

async function guide(page: Page, name: string) {
  await page.getByRole('button', { name: 'Add a cell', exact: true }).first().click();
  await page.getByRole('menuitem', { name }).click();
  const form = page.getByRole('dialog', { name });
  await expect(form).toBeVisible();
  return form;
}

/** Adds and runs the form's cell, and gives it when it has run well. */
async function finish(page: Page) {
  await page.getByRole('button', { name: 'Add and run' }).click();
  const cell = codeCells(page).last();
  await finished(cell);
  return cell;
}

test('forms write cells from loading to cross-validation, and each runs', async ({ page }) => {
  test.setTimeout(180_000);
  await openNew(page);

  let form = await guide(page, 'Load data');
  await form.getByLabel('File').selectOption('/datasets/iris.csv');
  await expect(form.getByLabel('Name', { exact: true })).toHaveValue('iris');
  let cell = await finish(page);
  await expect(cell.getByRole('columnheader', { name: 'species' })).toBeVisible();

  form = await guide(page, 'Prepare features');
  await expect(form.getByLabel('DataFrame')).toHaveValue('iris');
  const numeric = form.getByRole('group', { name: 'Numeric columns' });
  await form.getByRole('button', { name: 'Add and run' }).click();
  await expect(numeric.getByText('This is needed.')).toBeVisible();
  for (const column of ['sepal_length', 'sepal_width', 'petal_length', 'petal_width']) await numeric.getByLabel(column).check();
  await form.getByLabel('Column to predict').fill('species');
  cell = await finish(page);
  await expect(cell.getByRole('columnheader', { name: 'features' })).toBeAttached();

  form = await guide(page, 'Train');
  await form.getByLabel('Model').selectOption('LogisticRegression');
  await expect(form.getByLabel('DataFrame')).toHaveValue('prepared');
  await form.getByLabel('regParam').fill('-1');
  await form.getByRole('button', { name: 'Add and run' }).click();
  await expect(form.getByText('It must be at least 0.')).toBeVisible();
  await form.getByLabel('regParam').fill('0.01');
  cell = await finish(page);
  await expect(cell.getByText(/^accuracy [01]\.\d{4}/)).toBeVisible();

  form = await guide(page, 'Cross-validate');
  await expect(form.getByLabel('DataFrame')).toHaveValue('train');
  cell = await finish(page);
  await expect(cell.getByText(/regParam=0\.001/)).toBeVisible();

  form = await guide(page, 'Chart');
  await form.getByLabel('Chart', { exact: true }).selectOption('confusion');
  cell = await finish(page);
  await expect(cell.getByRole('img')).toBeVisible();
});
