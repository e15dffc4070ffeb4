import { expect, test } from '@playwright/test';
import { finished, openNew, run, text } from './page';

test('a file of another host is fetched when the reader agrees, and not before', async ({ page }) => {
  const asked: string[] = [];
  await page.route('https://data.example/**', (route) => {
    asked.push(new URL(route.request().url()).pathname);
    const headers = { 'Access-Control-Allow-Origin': '*' };
    if (asked.at(-1) === '/gone.csv') return route.fulfill({ status: 404, headers });
    return route.fulfill({ contentType: 'text/csv', headers, body: 'k,v\na,1\nb,2\n' });
  });
  await openNew(page);
  const read = (name: string) => `df = spark.read.csv("https://data.example/${name}", header=True, inferSchema=True)\nprint(df.collect())`;
  const cell = await run(page, read('a.csv'));
  await expect(cell.getByText(/This notebook asks before it reads from data\.example/).first()).toBeVisible();
  expect(asked).toEqual([]);
  await cell.getByRole('button', { name: 'Fetch from data.example and run' }).click();
  await expect(text(cell)).toHaveText("[Row(k='a', v=1), Row(k='b', v=2)]");
  await expect(cell.getByRole('button', { name: /Fetch from/ })).toHaveCount(0);
  expect(asked).toEqual(['/a.csv']);

  // The host is agreed to now; what it doesn't have is said.
  const second = await run(page, read('b.csv'));
  await finished(second);
  await expect(text(second)).toHaveText("[Row(k='a', v=1), Row(k='b', v=2)]");
  const third = await run(page, read('gone.csv'));
  await expect(third.getByText('data.example answered 404 for this file.')).toBeVisible();
  expect(asked).toEqual(['/a.csv', '/b.csv', '/gone.csv']);
});
