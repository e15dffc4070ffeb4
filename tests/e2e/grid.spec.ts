import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { finished, openNew, run } from './page';

test.beforeEach(async ({ page }) => openNew(page));

const MILLION = `from pyspark.sql import functions as F
df = spark.range(1000000).select(F.col("id"), (F.col("id") % 7).alias("k"), F.concat(F.lit("=n"), F.col("id")).alias("name"), (F.col("id") / 3).alias("third"))
display(df)`;

test('a million rows scroll to the last, sort, and are searched', async ({ page }) => {
  const cell = await run(page, MILLION);
  await finished(cell);
  const grid = cell.getByRole('grid');
  await expect(cell.getByText('First 1,000 rows · 4 columns')).toBeVisible();
  await expect(grid.getByRole('gridcell', { name: '0.333333' })).toBeVisible();
  await cell.getByRole('button', { name: 'All rows' }).click();
  await expect(cell.getByText('1,000,000 rows · 4 columns')).toBeVisible();

  await grid.getByRole('gridcell').first().focus();
  await page.keyboard.press('Control+End');
  await expect(grid.getByRole('gridcell', { name: '999999', exact: true })).toBeVisible();
  // Only what is in sight is drawn.
  expect(await grid.getByRole('row').count()).toBeLessThan(60);
  await expect(cell.getByText('333333.0', { exact: true }).last()).toBeVisible();
  await page.keyboard.press('Control+Home');
  await expect(grid.getByRole('gridcell', { name: '0', exact: true }).first()).toBeVisible();

  const id = grid.getByRole('columnheader', { name: 'id bigint' });
  await id.getByRole('button', { name: /bigint/ }).click();
  await expect(id).toHaveAttribute('aria-sort', 'ascending');
  await id.getByRole('button', { name: /bigint/ }).click();
  await expect(id).toHaveAttribute('aria-sort', 'descending');
  await expect(grid.getByRole('gridcell', { name: '999999', exact: true })).toBeVisible();
  await cell.getByRole('searchbox', { name: 'Search the table' }).fill('N99999');
  await expect(cell.getByText('11 rows that fit · 4 columns')).toBeVisible();
});

test('a column tells what is in it, and filters the rows', async ({ page }) => {
  const cell = await run(page, MILLION);
  await finished(cell);
  const grid = cell.getByRole('grid');
  await grid.getByRole('button', { name: 'About third' }).click();
  const about = cell.getByRole('region', { name: 'About third' });
  await expect(about.getByText('1,000,000')).toBeVisible();
  await expect(about.getByRole('img', { name: /^Histogram of third: 0 to 16666\.65: 50000;/ })).toBeVisible();
  await about.getByRole('combobox', { name: 'Test' }).selectOption({ label: '<' });
  await about.getByRole('textbox', { name: 'Value' }).fill('1');
  await about.getByRole('button', { name: 'Filter' }).click();
  await expect(cell.getByText('3 rows that fit · 4 columns')).toBeVisible();

  const download = page.waitForEvent('download');
  await cell.getByRole('button', { name: 'Download table' }).click();
  await page.getByRole('menuitem', { name: /CSV for spreadsheets/ }).click();
  const saved = await readFile(await (await download).path(), 'utf8');
  expect(saved.split('\r\n')).toEqual([
    'id,k,name,third',
    "0,0,'=n0,0.0",
    "1,1,'=n1,0.3333333333333333",
    "2,2,'=n2,0.6666666666666666",
    '',
  ]);

  await about.getByRole('textbox', { name: 'Value' }).fill('x');
  await about.getByRole('button', { name: 'Filter' }).click();
  await expect(cell.getByRole('status').getByText(/'x'/)).toBeVisible();
  await cell.getByRole('button', { name: 'third < 1' }).click();
  await expect(cell.getByText('First 1,000 rows · 4 columns')).toBeVisible();

  await grid.getByRole('button', { name: 'About k' }).click();
  await expect(cell.getByRole('region', { name: 'About k' }).getByRole('listitem')).toHaveCount(7);
});

test('a table outlives its kernel, but can only be read then', async ({ page }) => {
  const cell = await run(page, 'display(spark.range(30))');
  await finished(cell);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: /^Restart kernel/ }).click();
  await expect(cell.getByText('From an earlier run.')).toBeVisible();
  await expect(cell.getByRole('searchbox')).toHaveCount(0);
  await expect(cell.getByRole('gridcell', { name: '3', exact: true })).toBeVisible();
});
