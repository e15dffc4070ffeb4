import { expect, test } from '@playwright/test';
import { cells, codeCells, finished, newNotebook, open, ready, run, text } from './page';

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

test('a file that changes is read anew while a frame of what it was is still there', async ({ page }) => {
  const source = `dbutils.fs.put("/files/changing.csv", "1\\n2\\n", True)
first, same = spark.read.csv("/files/changing.csv"), spark.read.csv("/files/changing.csv")
dbutils.fs.put("/files/changing.csv", "3\\n", True)
second = spark.read.csv("/files/changing.csv")
print([[row[0] for row in frame.collect()] for frame in (first, same, second)])`;
  await expect(text(await run(page, source))).toContainText("[['1', '2'], ['1', '2'], ['3']]");
});

for (const [name, source] of [
  ['Python objects', 'kept = [[0] * (3 * 10**7) for n in range(20)]'],
  ['rows', 'spark.range(4 * 10**9).collect()'],
] as const) {
  test(`more ${name} than fit in memory leave the page and the notebook whole`, async ({ page }) => {
    test.setTimeout(180_000);
    await run(page, 'before = 1');
    const count = await cells(page).count();
    const greedy = await run(page, source);
    await expect(greedy).toContainText('The kernel ran out of memory and was ended.', { timeout: 120_000 });
    await ready(page);
    await expect(cells(page)).toHaveCount(count + 1);
    await expect(greedy.getByRole('textbox')).toHaveText(source);
    await expect(text(await run(page, 'print("goes on")'))).toHaveText('goes on');
  });
}

test('an expression nested without measure is an error of its cell', async ({ page }) => {
  const cell = await run(page, `${'('.repeat(20_000)}1${')'.repeat(20_000)}`);
  await expect(cell.getByText(/^Failed after|broke|nested/).first()).toBeVisible();
  await ready(page);
  await expect(text(await run(page, 'print("alive")'))).toHaveText('alive');
});

test('cells wait their turn, show how far they are and how long they took', async ({ page }) => {
  await newNotebook(page);
  await ready(page);
  const prepared = await run(
    page,
    `from pyspark.ml.classification import RandomForestClassifier
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import functions as F

rows = spark.read.csv("/datasets/diamonds.csv", header=True, inferSchema=True).withColumn("label", (F.col("price") > 2000).cast("double"))
data = VectorAssembler(inputCols=["carat", "depth", "x", "y"], outputCol="features").transform(rows).cache()`,
  );
  await finished(prepared);
  const slow = await run(page, 'RandomForestClassifier(numTrees=100, maxDepth=10).fit(data)');
  const next = await run(page, 'print("my turn")');
  await expect(next.getByText('Waiting')).toBeVisible();
  await expect(slow.getByRole('progressbar', { name: /^Progress of / })).toBeVisible();
  await finished(slow);
  await expect(slow.getByRole('progressbar')).toHaveCount(0);
  await finished(next);
  await expect(text(next)).toHaveText('my turn');
});

test('Jupyter’s keys run, insert, stop and restart', async ({ page }) => {
  await newNotebook(page);
  await ready(page);
  await cells(page).first().focus();
  await page.keyboard.press('Enter');
  await page.keyboard.insertText('a = 20\na');
  await page.keyboard.press('Shift+Enter');
  // A new cell after the last, ready to be typed in.
  await page.keyboard.insertText('a + 1');
  await page.keyboard.press('Alt+Enter');
  await page.keyboard.insertText('while True:\n    a += 1');
  await page.keyboard.press('Control+Enter');
  await expect(codeCells(page)).toHaveCount(3);
  await expect(text(codeCells(page).nth(0))).toHaveText('20');
  await expect(text(codeCells(page).nth(1))).toHaveText('21');
  await expect(codeCells(page).nth(2)).toBeFocused();
  await expect(
    codeCells(page)
      .nth(2)
      .getByText(/^\d+ ms$|^\d\.\d+ s$/),
  ).toBeVisible();
  await page.keyboard.press('i');
  await page.keyboard.press('i');
  await expect(
    codeCells(page)
      .nth(2)
      .getByText(/^Stopped after/),
  ).toBeVisible();
  await ready(page);
  await page.keyboard.press('0');
  await page.keyboard.press('0');
  await ready(page);
  await expect(codeCells(page).first().getByText('From an earlier run.')).toBeVisible();
  await expect(await run(page, 'a')).toContainText('NameError');
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
