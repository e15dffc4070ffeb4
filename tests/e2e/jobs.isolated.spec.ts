import { expect, test } from '@playwright/test';
import { finished, openNew, run, text } from './page';

test.beforeEach(async ({ page }) => openNew(page));

test('the jobs of a cell show their stages, tasks and plan', async ({ page }) => {
  const cell = await run(
    page,
    `from pyspark.sql import functions as F
df = spark.range(200000).repartition(6).withColumn("k", F.col("id") % 5)
print(df.groupBy("k").count().collect())
df.count()`,
  );
  await finished(cell);
  await cell.getByRole('button', { name: '2 jobs' }).click();
  const panel = page.getByRole('tabpanel', { name: 'Jobs' });
  await expect(panel.getByText(/^Cell \d ran 2 jobs\.$/)).toBeVisible();
  const shuffle = panel.getByRole('region', { name: 'Stage repartition' }).first();
  await expect(shuffle.getByText(/^8 tasks · .* · 200,000 rows · 1\.5 MB$/)).toBeVisible();
  await expect(shuffle.getByRole('img', { name: /^8 tasks on [12] workers?$/ })).toBeVisible();
  await expect(shuffle.getByTitle(/^Partition 0: .* 25,000 rows$/)).toHaveCount(1);
  const plan = panel.getByRole('region', { name: 'Plan' }).first();
  await expect(plan.getByText('HashAggregate').first()).toBeVisible();
  await expect(plan.getByText('Exchange').first()).toBeVisible();

  // A cell that computes nothing has none.
  const idle = await run(page, 'x = 1');
  await finished(idle);
  await expect(idle.getByRole('button', { name: /job/ })).toHaveCount(0);
  await expect(panel.getByText(/has run no job/)).toBeVisible();
});

test('a job runs again with other workers, partitions and joins', async ({ page }) => {
  const cell = await run(
    page,
    `a = spark.range(300000).withColumnRenamed("id", "k")
b = spark.range(1000).withColumnRenamed("id", "k")
print(a.join(b, "k").count())`,
  );
  await finished(cell);
  await cell.getByRole('button', { name: '1 job' }).click();
  const panel = page.getByRole('tabpanel', { name: 'Jobs' });
  await panel.getByText('Run it again with…').click();
  const partitions = panel.getByRole('slider', { name: 'Partitions' });
  await partitions.fill('5');
  const runs = panel.getByRole('list', { name: 'Runs to compare' });
  await expect(runs.getByRole('button', { name: /^2 workers, 16 partitions/ })).toBeVisible();
  await expect(
    panel
      .getByRole('region', { name: 'Stage count' })
      .last()
      .getByText(/^16 tasks/),
  ).toBeVisible();

  await panel.getByRole('slider', { name: 'Workers' }).fill('1');
  await expect(runs.getByRole('button', { name: /^1 worker, 16 partitions/ })).toBeVisible();
  await expect(panel.getByRole('img', { name: '16 tasks on 1 worker' }).last()).toBeVisible();
  await panel.getByRole('checkbox', { name: /shuffled by key/ }).check();
  await panel.getByRole('checkbox', { name: /cached in memory/ }).check();
  await expect(runs.getByRole('button', { name: /shuffled joins, read from memory/ })).toBeVisible();
  await expect(runs.getByRole('listitem')).toHaveCount(5);
  // The cell is as it was, and others run.
  await expect(text(cell)).toHaveText('1000');
  await finished(await run(page, 'x = 1'));
});
