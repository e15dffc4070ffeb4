import { expect, test } from '@playwright/test';
import { open, ready, run, text } from './page';

test('a host without headers is isolated by the service worker after one reload', async ({ page }) => {
  let loads = 0;
  page.on('load', () => loads++);
  await open(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(loads).toBe(2);
  await page.reload();
  await ready(page);
  expect(loads).toBe(3);
});

test('the page works offline after its first visit, data sets included', async ({ page, context }) => {
  await open(page);
  // The engine and the data sets follow the page into the cache once the kernel is up.
  await expect
    .poll(() =>
      page.evaluate(async () =>
        (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).length))).reduce(
          (a, b) => a + b,
          0,
        ),
      ),
    )
    .toBeGreaterThan(15);
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  await expect(text(await run(page, 'print(spark.read.csv("/datasets/iris.csv", header=True).count())'))).toHaveText('150');
});
