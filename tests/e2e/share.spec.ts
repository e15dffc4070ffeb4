import { deflateRawSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { cells, newNotebook, open, openNew, ready, run, text, saved } from './page';

async function link(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share' }).click();
  const field = page.getByRole('textbox', { name: 'Link to this notebook' });
  await expect(field).toBeVisible();
  const url = await field.inputValue();
  await page.keyboard.press('Escape');
  return url;
}

async function fresh(page: Page): Promise<void> {
  await page.goto('./');
  await newNotebook(page);
}

async function write(page: Page, source: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Code cell 1, source' }).focus();
  await page.keyboard.insertText(source);
}

test('a link shows the notebook in another profile, runs nothing, and gives the same numbers when asked', async ({
  page,
  browser,
  baseURL,
}) => {
  await openNew(page);
  const source =
    'df = spark.read.csv("/datasets/iris.csv", header=True, inferSchema=True)\n' +
    'a, b = df.randomSplit([0.7, 0.3], seed=3)\nprint(a.count(), b.count(), a.groupBy().avg("petal_length").first()[0])';
  await write(page, source);
  await page.keyboard.press('Control+Enter');
  const printed = await text(cells(page).first()).textContent();
  expect(printed).toMatch(/^\d+ \d+ 3\.\d+/);
  const url = await link(page);

  const context = await browser.newContext({ baseURL: baseURL ?? '', serviceWorkers: 'block' });
  const friend = await context.newPage();
  await friend.goto(url);
  await expect(friend.getByText('This notebook came from a link.')).toBeVisible();
  await ready(friend);
  await expect(text(cells(friend).first())).toHaveCount(0);
  await friend.getByRole('button', { name: 'Run cell 1' }).click();
  await expect(text(cells(friend).first())).toHaveText(printed ?? '');
  await context.close();
});

test('the dialog copies the link and says how long it is', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await fresh(page);
  await write(page, 'x = 1');
  await page.getByRole('button', { name: 'Share' }).click();
  const field = page.getByRole('textbox', { name: 'Link to this notebook' });
  await expect(field).toHaveValue(/#k1/);
  const url = await field.inputValue();
  await expect(page.getByText(`${url.length.toLocaleString('en')} characters.`)).toBeVisible();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(url);
});

test('a link leaves the reader’s own notebook alone, until it is kept beside it', async ({ page }) => {
  await fresh(page);
  await write(page, 'shared = 1');
  const url = await link(page);
  await newNotebook(page);
  await page.getByRole('textbox', { name: 'Title of the notebook' }).fill('My own');
  await write(page, 'own = 1');
  await saved(page);

  await page.goto(url);
  await expect(page.getByText('This notebook came from a link.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Code cell 1, source' })).toHaveText('shared = 1');
  await page.getByRole('button', { name: 'Back to my notebook' }).click();
  await expect(page.getByRole('textbox', { name: 'Code cell 1, source' })).toHaveText('own = 1');
  expect(new URL(page.url()).hash).toBe('');

  await page.goto(url);
  await page.getByRole('button', { name: 'Keep a copy' }).click();
  await expect(page.getByText('This notebook came from a link.')).toBeHidden();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Code cell 1, source' })).toHaveText('shared = 1');
  await page.getByRole('button', { name: 'Data, files and notebooks' }).click();
  await page.getByRole('tab', { name: 'Notebooks' }).click();
  await page.getByRole('button', { name: 'My own', exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'Code cell 1, source' })).toHaveText('own = 1');
});

test('broken, truncated and foreign links get a plain message and the own notebook', async ({ page }) => {
  await fresh(page);
  await write(page, 'mine = 1');
  const url = await link(page);
  await saved(page);
  const middle = url.indexOf('#') + 8;
  const damaged = `${url.slice(0, middle)}${url[middle] === 'A' ? 'B' : 'A'}${url.slice(middle + 1)}`;
  const address = url.split('#')[0] ?? '';
  // Three million characters in a few thousand.
  const swollen = deflateRawSync(Buffer.alloc(3_000_000, ' ')).toString('base64url');
  const links = [
    damaged,
    url.slice(0, -7),
    `${address}#section`,
    `${address}#k1.${'A'.repeat(70_000)}.00000000`,
    `${address}#k1.${swollen}.00000000`,
    `${address}#k9${url.slice(url.indexOf('#') + 3)}`,
  ];
  for (const bad of links) {
    await page.goto('about:blank');
    await page.goto(bad);
    await expect(page.getByText('This link can’t be opened.').or(page.getByText("This link can't be opened."))).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Code cell 1, source' })).toHaveText('mine = 1');
  }
});

test('a notebook too long for a link is offered as a file', async ({ page }) => {
  await fresh(page);
  // Digits that deflate can't make small.
  const noise = await page.evaluate(() => Array.from(crypto.getRandomValues(new Uint8Array(60_000)), (byte) => byte.toString(36)).join(''));
  await write(page, `noise = "${noise}"`);
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.getByText(/too long for a link/)).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download .ipynb' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.ipynb$/);
});

test('restarting for another document leaves no variable behind', async ({ page }) => {
  await open(page);
  await expect(text(await run(page, 'left = 1\nprint(left)'))).toHaveText('1');
  await newNotebook(page);
  await ready(page);
  await expect(await run(page, 'left')).toContainText('NameError');
});
