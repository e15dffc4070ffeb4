import { cpus } from 'node:os';
import { expect, test } from '@playwright/test';
import { open, run, text } from './page';

test('an isolated page runs the threaded engine and fetches no other', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await open(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  if (cpus().length > 1) await expect(page.getByText(/^Ready · \d+ threads$/)).toBeVisible();
  await expect(text(await run(page, 'print(spark.range(100000).count())'))).toHaveText('100000');
  expect(fetched.filter((url) => url.includes('/engine/plain-'))).toEqual([]);
});

test('Stop reaches a cell without losing its variables', async ({ page }) => {
  await open(page);
  await run(page, 'kept = "still here"');
  const loop = await run(page, 'while True:\n    pass');
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: 'Stop' }).click();
  await expect(loop).toContainText(/Stopped|KeyboardInterrupt/);
  await expect(text(await run(page, 'print(kept)'))).toHaveText('still here');
});
