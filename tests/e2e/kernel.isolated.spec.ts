import { cpus } from 'node:os';
import { expect, test } from '@playwright/test';
import { open, openNew, run, text } from './page';

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

test('a device with little memory reads a file once it is asked for, or says that it does not fit', async ({ page }) => {
  let limited = false;
  await page.route(/\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const script = await response.text();
    // 256 MB at most, as some phones grant.
    const body = script.replace('=65536;;', '=4096;;');
    limited = body !== script;
    await route.fulfill({ response, body });
  });
  await openNew(page);
  expect(limited).toBe(true);
  for (const [name, megabytes] of [
    ['large.txt', 80],
    ['larger.txt', 250],
  ] as const) {
    const transfer = await page.evaluateHandle(
      ([name, megabytes]) => {
        const transfer = new DataTransfer();
        const line = `${'0123456789'.repeat(100)}\n`;
        transfer.items.add(new File([line.repeat((megabytes * 1e6) / line.length)], name, { type: 'text/plain' }));
        return transfer;
      },
      [name, megabytes] as const,
    );
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await expect(page.getByText(`${name} is at /files/${name} now.`)).toBeVisible();
  }
  const lines = Math.floor(80e6 / 1001);
  const sizes = 'print(sorted((f.name, f.size) for f in dbutils.fs.ls("/files/")))';
  const listed = `[('large.txt', ${lines * 1001}), ('larger.txt', ${Math.floor(250e6 / 1001) * 1001})]`;
  await expect(text(await run(page, sizes))).toHaveText(listed);
  const count = (name: string) => `print(spark.read.text("/files/${name}").count())`;
  await expect(text(await run(page, count('large.txt')))).toHaveText(String(lines));
  await expect(await run(page, count('larger.txt'))).toContainText(
    /Reading \/files\/larger\.txt: this needs about 250\.\d MB, \d+\.\d MB are free\./,
  );
  await expect(text(await run(page, sizes))).toHaveText(listed);
  await expect(text(await run(page, 'dbutils.fs.rm("/files/larger.txt")\nprint(len(dbutils.fs.ls("/files/")))'))).toHaveText('1');
});
