import { expect, test } from '@playwright/test';
import { cells, open, ready, run, text } from './page';

test('Python runs before frames and models have come; who needs them without a connection is told, and loses no text', async ({ page }) => {
  const parts = /\/(frame|ml)\.wasm$/;
  await page.route(parts, (route) => route.abort());
  await open(page);
  await expect(text(await run(page, 'print(6 * 7)'))).toHaveText('42');
  const count = await cells(page).count();
  const early = await run(page, 'print(spark.range(10).count())');
  await expect(early).toContainText("The part 'frame' of the engine can't be loaded: there is no connection.");
  await page.unroute(parts);
  await ready(page);
  await expect(cells(page)).toHaveCount(count + 1);
  await expect(text(await run(page, 'print(spark.range(10).count())'))).toHaveText('10');
});
