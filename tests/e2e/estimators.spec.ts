import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { finished, openNew, run, text } from './page';

const reference = (name: string) => readFileSync(`tests/reference/${name}`, 'utf8');

// The native program's own text is kept by tests/notebooks.rs, where it is held against real Spark's.
test('every estimator finds the same bits as natively', async ({ page }) => {
  test.setTimeout(240_000);
  await openNew(page);
  const cell = await run(page, reference('every_estimator.py'));
  await finished(cell, 200_000);
  expect(await text(cell).innerText()).toBe(reference('every_estimator.bits.txt').trimEnd());
});

test('the main job prints what real Spark prints', async ({ page }) => {
  await openNew(page);
  const cell = await run(page, reference('main_job.py'));
  await finished(cell);
  expect((await text(cell).innerText()).trimEnd()).toBe(reference('main_job.txt').trimEnd());
});
