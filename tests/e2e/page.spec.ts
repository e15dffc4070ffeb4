import { expect, test } from '@playwright/test';

test('the policy is never broken, and nothing is asked of any other host', async ({ page, baseURL }) => {
  const foreign: string[] = [];
  const violations: string[] = [];
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(baseURL ?? '').origin) foreign.push(request.url());
  });
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) violations.push(message.text());
  });
  await page.goto('./');
  const source = page.getByRole('textbox', { name: 'Code cell 2, source' });
  await source.click();
  await page.keyboard.type('\nspa');
  await page.getByRole('button', { name: 'Add a cell', exact: true }).first().click();
  await page.getByRole('menuitem', { name: 'Train' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Data, files and notebooks' }).click();
  await expect(page.getByText('/datasets/penguins.csv').first()).toBeVisible();
  expect(violations).toEqual([]);
  expect(foreign).toEqual([]);
  // What CodeMirror styles must have come through: a style element would have been refused.
  expect(await source.evaluate((element) => getComputedStyle(element).whiteSpace)).toContain('pre');
});

test('every control has a name', async ({ page }) => {
  await page.goto('./');
  await page.getByRole('button', { name: 'Data, files and notebooks' }).click();
  await expect(page.getByRole('button').first()).toBeVisible();
  for (const control of await page.locator('button, input, select, [role=textbox], [role=tab]').all()) {
    if (!(await control.isVisible())) continue;
    await expect(control, await control.evaluate((element) => element.outerHTML.slice(0, 200))).toHaveAccessibleName(/\S/);
  }
});

test('a phone’s width shows everything without scrolling sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  for (const name of ['Run all', 'Add a cell', 'Data, files and notebooks', 'Share', 'More']) {
    await expect(page.getByRole('banner').getByRole('button', { name, exact: true })).toBeInViewport({ ratio: 1 });
  }
  await page.getByRole('button', { name: 'Add a cell', exact: true }).first().click();
  await page.getByRole('menuitem', { name: 'Prepare features' }).click();
  await expect(page.getByRole('button', { name: 'Add and run' })).toBeInViewport({ ratio: 1 });
});

test('the theme follows the system until the reader chooses', async ({ page }) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('./');
  await expect(page.getByRole('banner')).toBeVisible();
  const light = await paper();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await paper();
  expect(dark).not.toBe(light);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Theme: as the system' }).click();
  await expect.poll(paper).toBe(light);
  await page.reload();
  await expect(page.getByRole('banner')).toBeVisible();
  expect(await paper()).toBe(light);
});

test('menus and dialogs work from the keyboard and give the focus back', async ({ page }) => {
  await page.goto('./');
  const add = page.getByRole('banner').getByRole('button', { name: 'Add a cell', exact: true });
  await add.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Code' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('menuitem', { name: 'Chart' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(add).toBeFocused();
  await page.getByRole('region', { name: 'Text cell 1', exact: true }).focus();
  await page.keyboard.press('h');
  await expect(page.getByRole('dialog', { name: 'Keys and help' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Text cell 1', exact: true })).toBeFocused();
});
