import { expect, test, type Page } from '@playwright/test';
import { open, ready } from './page';

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
  await open(page);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'New notebook' }).click();
});

test('a dropped CSV gets a cell that loads it, and is there after a reload', async ({ page }) => {
  await drop(page, 'scores.csv', CSV);
  const cell = page.getByRole('region', { name: 'Code cell 1', exact: true });
  await expect(cell.getByRole('textbox')).toHaveText(
    'df = spark.read.csv("/files/scores.csv", header=True, inferSchema=True, sep=";")display(df)',
  );
  await cell.getByRole('button', { name: 'Run cell 1' }).click();
  const table = cell.getByRole('table');
  await expect(table.getByRole('columnheader', { name: 'name' })).toContainText('string');
  await expect(table.getByRole('cell', { name: 'Bo;b' })).toBeVisible();
  await expect(table.getByRole('cell', { name: 'null' })).toBeVisible();

  await page.reload();
  await ready(page);
  await expect(cell.getByText('From an earlier run.')).toBeVisible();
  await cell.getByRole('button', { name: 'Run cell 1' }).click();
  await expect(cell.getByText('From an earlier run.')).toBeHidden();
  await expect(table.getByRole('cell', { name: 'Ada' })).toBeVisible();
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

test('a bundled data set loads by one press, with its source and licence named', async ({ page }) => {
  await page.getByRole('button', { name: 'Data, files and notebooks' }).click();
  await expect(page.getByText(/Palmer Station LTER.*Licence: CC0/)).toBeVisible();
  await page.getByRole('button', { name: 'Load Palmer penguins' }).click();
  const cell = page.getByRole('region', { name: 'Code cell 2', exact: true });
  await cell.getByRole('button', { name: 'Run cell 2' }).click();
  await expect(cell.getByRole('columnheader', { name: 'species' })).toBeVisible();
  await expect(cell.getByRole('cell', { name: 'NA', exact: true })).toHaveCount(0);
});
