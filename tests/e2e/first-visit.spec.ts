import { expect, test } from '@playwright/test';
import { codeCells, colours, open } from './page';

test('the first notebook runs to its end and shows its tables and charts', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await open(page);
  const code = codeCells(page);
  const cells = await code.count();
  expect(cells).toBeGreaterThan(5);
  await page.getByRole('button', { name: 'Run all' }).click();
  await expect(code.last().getByText(/^\d+(\.\d+)? m?s$/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^Failed after/)).toHaveCount(0);
  await expect(page.getByText(/\d+\.\d% of \d+ unseen penguins named correctly/)).toBeVisible();
  await expect(
    page
      .getByText('First 100 rows')
      .or(page.getByText('First 20 rows'))
      .or(page.getByText(/rows · 8 columns/))
      .first(),
  ).toBeVisible();

  const charts = page.getByRole('img', { name: /\S/ });
  expect(await charts.count()).toBeGreaterThanOrEqual(5);
  for (const chart of await charts.all()) {
    await chart.scrollIntoViewIfNeeded();
    await expect.poll(() => colours(chart)).toBeGreaterThan(5);
  }
  expect(complaints).toEqual([]);
});

test('a chart reads out what is under the pointer, shows its data, and is saved as a picture', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Run all' }).click();
  const chart = page.getByRole('img').first();
  await expect(chart).toBeVisible({ timeout: 60_000 });
  await chart.scrollIntoViewIfNeeded();
  const figure = page
    .locator('figure')
    .filter({ has: page.getByRole('img') })
    .first();
  await expect.poll(() => colours(chart)).toBeGreaterThan(5);
  const box = await chart.boundingBox();
  if (!box) throw new Error('no chart');
  await expect(async () => {
    for (const share of [0.3, 0.45, 0.6]) await page.mouse.move(box.x + box.width * share, box.y + box.height * 0.5);
    await expect(figure.getByText(/bill_length_mm: \d/)).toBeVisible({ timeout: 500 });
  }).toPass();

  await figure.getByRole('button', { name: 'Data', exact: true }).click();
  await expect(figure.getByRole('table').getByRole('row')).not.toHaveCount(0);
  const download = page.waitForEvent('download');
  await figure.getByRole('button', { name: 'PNG' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.png$/);

  const light = await colours(chart);
  await page.emulateMedia({ colorScheme: 'dark' });
  const corner = () =>
    chart.evaluate((element) =>
      Array.from((element as HTMLCanvasElement).getContext('2d')?.getImageData(2, 2, 1, 1).data ?? []).slice(0, 3),
    );
  await expect.poll(async () => Math.max(...(await corner()))).toBeLessThan(60);
  expect(light).toBeGreaterThan(5);
});
