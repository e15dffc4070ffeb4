import { expect, test } from '@playwright/test';
import { open, run, text } from './page';

test('a page without isolation runs the plain engine and fetches no other', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await open(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await expect(text(await run(page, 'print(spark.range(100000).count())'))).toHaveText('100000');
  expect(fetched.filter((url) => url.includes('/engine/threads-'))).toEqual([]);
});
