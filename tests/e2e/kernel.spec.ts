import { expect, test } from '@playwright/test';
import { open, ready, run, text } from './page';

test.beforeEach(async ({ page }) => {
  await open(page);
});

test('cells share one kernel', async ({ page }) => {
  await run(page, 'a = 6 * 7');
  await expect(text(await run(page, 'print(a)'))).toHaveText('42');
});

test('an endless loop is stopped, and the next run works', async ({ page }) => {
  const loop = await run(page, 'while True:\n    pass');
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: 'Stop' }).click();
  await expect(loop).toContainText(/Stopped|KeyboardInterrupt/);
  await ready(page);
  await expect(text(await run(page, 'print(1 + 1)'))).toHaveText('2');
});

test('a recursion without an end is an error of its cell', async ({ page }) => {
  const cell = await run(page, 'def f(n):\n    return f(n + 1)\n\nf(0)');
  await expect(cell).toContainText('RecursionError');
  await expect(text(await run(page, 'print("alive")'))).toHaveText('alive');
});

test('a kernel that breaks is replaced under a notebook that stays whole', async ({ page }) => {
  await run(page, 'a = 1');
  const cells = await page.getByRole('region', { name: /^Code cell \d+$/ }).count();
  // Any uncaught error in the worker: what a trap of the engine outside a cell's run looks like from the page.
  await page.workers()[0]?.evaluate(
    () =>
      void setTimeout(() => {
        throw new Error('broken on purpose');
      }),
  );
  await expect(page.getByText(/broke down by an error of its own/).first()).toBeAttached();
  await ready(page);
  await expect(page.getByRole('region', { name: /^Code cell \d+$/ })).toHaveCount(cells);
  await expect(text(await run(page, 'print("back")'))).toHaveText('back');
});
