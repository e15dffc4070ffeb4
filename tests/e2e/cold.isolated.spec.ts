import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { expect, test, type Page, type Request } from '@playwright/test';

/** Bytes of a file of the page as a host sends it that compresses once and well (brotli 11). */
function compressed(path: string): number {
  const file = join('dist', path || 'index.html');
  return existsSync(file) && statSync(file).isFile() ? brotliCompressSync(readFileSync(file)).length : 0;
}

/** When the page noted this, in milliseconds since it was asked for. */
async function mark(page: Page, name: string): Promise<number> {
  const found = await page.waitForFunction((name) => performance.getEntriesByName(name)[0]?.startTime, name, { timeout: 60_000 });
  return (await found.jsonValue()) ?? Infinity;
}

test('a first visit downloads little before a cell can run', async ({ page, baseURL }) => {
  // Compressing the engine takes half a minute.
  test.setTimeout(240_000);
  const requests: Request[] = [];
  page.on('request', (request) => requests.push(request));
  const early: string[] = [];
  const isPart = /\/(frame|ml)\.wasm$/;
  await page.route(isPart, async (route) => {
    // A kernel that needs a part to start waits here, and is not ready.
    const isReady = await page.evaluate(() => performance.getEntriesByName('kindling-ready').length > 0);
    if (!isReady) early.push(route.request().url());
    await route.continue();
  });
  await page.goto('./');
  const ready = await mark(page, 'kindling-ready');
  const origin = await page.evaluate(() => performance.timeOrigin);
  const root = new URL(baseURL ?? '').pathname;
  const before = new Set(
    requests
      // The clocks of both differ by a little, and the parts are asked for at once.
      .filter((request) => request.timing().startTime < origin + ready && !isPart.test(request.url()))
      .map((request) => new URL(request.url()).pathname.slice(root.length)),
  );
  const bytes = [...before].map(compressed).reduce((a, b) => a + b, 0);
  console.log(`Cold page: kernel up after ${Math.round(ready)} ms; ${(bytes / 1e6).toFixed(3)} MB brotli before a cell can run`);
  // The engine's other parts come when a cell could run already.
  expect(early).toEqual([]);
  expect(bytes).toBeGreaterThan(1e6);
  expect(bytes).toBeLessThan(2e6);
});

test('a first visit shows its first chart in seconds', async ({ page }) => {
  // Presses Run all as soon as it is there, and notes when the first chart is.
  await page.addInitScript(() => {
    const look = () => {
      const runAll = document.querySelector<HTMLElement>('button[aria-label="Run all"]');
      if (runAll && !performance.getEntriesByName('shown').length) {
        performance.mark('shown');
        runAll.click();
      }
      const chart = document.querySelector<HTMLCanvasElement>('canvas[role="img"]');
      const middle = chart?.width ? chart.getContext('2d')?.getImageData(0, chart.height >> 1, chart.width, 1).data : undefined;
      if (middle?.some((value, at) => value !== middle[at % 4])) performance.mark('chart');
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto('./');
  const [shown, chart] = [await mark(page, 'shown'), await mark(page, 'chart')];
  console.log(`Cold page: shown after ${Math.round(shown)} ms, first chart after ${Math.round(chart)} ms`);
  // 3 s on a machine that does nothing else.
  expect(chart).toBeLessThan(10_000);
});
