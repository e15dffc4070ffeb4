import { expect, test, type Page } from '@playwright/test';
import { codeCells, openNew } from './page';

/** A notebook of code cells, none of which has run; the cursor is at the end of the last. */
async function write(page: Page, ...sources: string[]): Promise<void> {
  for (const [index, source] of sources.entries()) {
    if (index > 0) {
      await page.getByRole('group', { name: 'Add at the end' }).getByRole('button', { name: 'Code', exact: true }).click();
    } else await codeCells(page).first().getByRole('textbox').click();
    await page.keyboard.insertText(source);
  }
}

test.beforeEach(({ page }) => openNew(page));

test('cells that did not run tell what their names will be', async ({ page }) => {
  await write(page, 'from pyspark.ml.classification import LogisticRegression\ndf = spark.read.csv("/datasets/iris.csv")', '');
  const option = (label: string) => page.getByRole('option').filter({ hasText: label }).first();
  await page.keyboard.type('df.sele');
  await expect(option('select')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.insertText('\nlr = LogisticRegression(family=');
  await page.keyboard.type('"m');
  await expect(option('multinomial')).toBeVisible();
  // The editor takes no key for a list that nobody can have seen yet.
  await page.waitForTimeout(150);
  await page.keyboard.press('Enter');
  await expect(codeCells(page).last().getByRole('textbox')).toContainText('family="multinomial"');
});

test('a call shows its parameters, the one at hand in bold', async ({ page }) => {
  await write(page, 'from pyspark.ml.classification import LogisticRegression', '');
  await page.keyboard.type('LogisticRegression(');
  const help = page.locator('.cm-signature');
  await expect(help).toContainText('maxIter: int = 100');
  await page.keyboard.type('regParam=0.1');
  await expect(help.locator('strong')).toHaveText('regParam: float = 0.0');
  await page.keyboard.press('Escape');
  await expect(help).toHaveCount(0);
});

test('unknown names and syntax errors are underlined, and say what is wrong', async ({ page }) => {
  await write(page, 'total = 1', 'print(totl)');
  const warning = page.locator('.cm-lintRange-warning');
  await expect(warning).toHaveText('totl');
  await warning.hover();
  await expect(page.locator('.cm-diagnostic')).toHaveText("name 'totl' is not defined. Did you mean: 'total'?");
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('print(total)');
  await expect(warning).toHaveCount(0);
  await page.keyboard.insertText('\nif total');
  await expect(page.locator('.cm-lintRange-error')).toHaveCount(1);
});

test('F12 goes to where a variable gets its value, F2 renames it in all cells', async ({ page }) => {
  await write(page, 'depth = 3\n', 'print(depth)\ndef f(depth): return depth', 'depth');
  await page.keyboard.press('F12');
  await expect(codeCells(page).first().getByRole('textbox')).toBeFocused();
  await page.keyboard.press('F2');
  const name = page.getByLabel(/^New name for depth \(3 places\)/);
  await name.fill('1x');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'A name has letters' })).toBeVisible();
  await name.fill('levels');
  await page.keyboard.press('Enter');
  await expect(codeCells(page).nth(0).getByRole('textbox')).toContainText('levels = 3');
  await expect(codeCells(page).nth(1).getByRole('textbox')).toContainText('print(levels)def f(depth): return depth');
  await expect(codeCells(page).nth(2).getByRole('textbox')).toHaveText('levels');
});

test('the reference has every class with its params, and help leads to it', async ({ page }) => {
  await write(page, 'from pyspark.ml.clustering import KMeans\nKMeans');
  await page.keyboard.press('F1');
  await expect(page.locator('.cm-help')).toContainText('initSteps');
  await page.getByRole('button', { name: 'Open in the reference' }).click();
  const panel = page.getByRole('tabpanel', { name: 'Reference' });
  await expect(panel.getByText(/^maxIter: /m).first()).toBeVisible();
  await panel.getByRole('searchbox').fill('withColumnRenamed');
  await expect(panel.getByText('withColumnRenamed(existing, new)')).toBeVisible();
});
