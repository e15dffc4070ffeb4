import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import { cells, newNotebook, saved } from './page';

/** The page without waiting for its kernel: editing needs none. */
async function openEmpty(page: Page): Promise<void> {
  await page.goto('./');
  await newNotebook(page);
  await cells(page).first().focus();
}

const source = (page: Page, number: number) => page.getByRole('textbox', { name: new RegExp(`^\\w+ cell ${number}, source$`) });

test('Jupyter’s keys add, change, move and delete cells, and undo brings them back', async ({ page }) => {
  await openEmpty(page);
  await page.keyboard.press('Enter');
  await page.keyboard.type('first = 1');
  await page.keyboard.press('Escape');
  await page.keyboard.press('b');
  await page.keyboard.press('Enter');
  await page.keyboard.type('second = 2');
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  await expect(cells(page)).toHaveCount(3);
  await page.keyboard.press('m');
  await page.keyboard.press('Enter');
  await page.keyboard.type('# A title');
  await page.keyboard.press('Shift+Enter');
  await expect(page.getByRole('heading', { name: 'A title' })).toBeVisible();
  await expect(source(page, 1)).toHaveText('first = 1');
  await expect(source(page, 3)).toHaveText('second = 2');

  await page.keyboard.press('Alt+ArrowUp');
  await expect(source(page, 2)).toHaveText('second = 2');
  await page.keyboard.press('d');
  await page.keyboard.press('d');
  await expect(cells(page)).toHaveCount(2);
  await page.keyboard.press('z');
  await expect(source(page, 2)).toHaveText('second = 2');
  await page.keyboard.press('z');
  await expect(source(page, 3)).toHaveText('second = 2');
  await page.keyboard.press('Shift+Z');
  await expect(source(page, 2)).toHaveText('second = 2');
});

test('arrows go from cell to cell, in the text and above it', async ({ page }) => {
  await openEmpty(page);
  await page.keyboard.press('b');
  await page.keyboard.press('Enter');
  await page.keyboard.type('x');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.type('above');
  await expect(source(page, 1)).toHaveText('above');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowDown');
  await expect(cells(page).nth(1)).toBeFocused();
});

test('what was typed is there after a reload', async ({ page }) => {
  await openEmpty(page);
  await page.getByRole('textbox', { name: 'Title of the notebook' }).fill('Kept work');
  await source(page, 1).click();
  await page.keyboard.type('answer = 42');
  await saved(page);
  await page.reload();
  await expect(source(page, 1)).toHaveText('answer = 42');
  await expect(page.getByRole('textbox', { name: 'Title of the notebook' })).toHaveValue('Kept work');
  await expect(page).toHaveTitle('Kept work · Kindling');
});

test('a notebook is saved as .ipynb and opened again, beside the one that was open', async ({ page }) => {
  await openEmpty(page);
  await page.getByRole('textbox', { name: 'Title of the notebook' }).fill('Round trip');
  await source(page, 1).click();
  await page.keyboard.type('a = "é"');
  await page.getByRole('button', { name: 'More' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save as .ipynb' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('round-trip.ipynb');

  await newNotebook(page);
  const name = file.suggestedFilename();
  const buffer = await readFile(await file.path());
  await page.getByLabel('Open a notebook file').setInputFiles({ name, mimeType: 'application/x-ipynb+json', buffer });
  await expect(source(page, 1)).toHaveText('a = "é"');
  await expect(page.getByRole('textbox', { name: 'Title of the notebook' })).toHaveValue('Round trip');
});

test('Markdown is shown as elements, and HTML in it as text', async ({ page }) => {
  await openEmpty(page);
  await page.keyboard.press('m');
  await page.keyboard.press('Enter');
  await page.keyboard.insertText(
    '**bold** <img src=x onerror="document.title=1"> [site](https://spark.apache.org) [bad](javascript:alert(1))',
  );
  await page.keyboard.press('Control+Enter');
  const shown = cells(page).first();
  await expect(shown.locator('strong')).toHaveText('bold');
  await expect(shown.locator('img')).toHaveCount(0);
  await expect(shown.getByText('<img src=x')).toBeVisible();
  await expect(shown.getByRole('link')).toHaveCount(1);
  await expect(shown.getByRole('link')).toHaveAttribute('rel', /noopener/);
});
