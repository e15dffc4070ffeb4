import { expect, type Locator, type Page } from '@playwright/test';

/** Opens the page and waits for a kernel that takes cells. */
export async function open(page: Page): Promise<void> {
  await page.goto('./');
  await ready(page);
}

/** As `open`, with an empty notebook in place of the first visit's. */
export async function openNew(page: Page): Promise<void> {
  await open(page);
  await newNotebook(page);
}

export async function newNotebook(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'New notebook' }).click();
  // An empty cell shows its placeholder.
  await expect(page.getByRole('textbox', { name: 'Code cell 1, source' })).toHaveText('Python');
}

export async function ready(page: Page): Promise<void> {
  await expect(page.getByText(/^Ready/)).toBeVisible({ timeout: 60_000 });
}

export const cells = (page: Page): Locator => page.getByRole('region', { name: /^(Code|Text) cell \d+$/ });
export const codeCells = (page: Page): Locator => page.getByRole('region', { name: /^Code cell \d+$/ });

/** Adds a code cell at the end, runs it, and gives its frame. */
export async function run(page: Page, source: string): Promise<Locator> {
  await page.getByRole('group', { name: 'Add at the end' }).getByRole('button', { name: 'Code', exact: true }).click();
  const name = await codeCells(page).last().getAttribute('aria-label');
  const cell = page.getByRole('region', { name: name ?? '', exact: true });
  await cell.getByRole('textbox').focus();
  await page.keyboard.insertText(source);
  await page.keyboard.press('Control+Enter');
  return cell;
}

/** Waits until a cell has run well. */
export async function finished(cell: Locator, timeout = 60_000): Promise<void> {
  // A running cell shows its time too.
  await expect(cell.getByText(/^(Failed after |Stopped after )?(\d+ ms|[\d.]+ s|\d+ min \d+ s)$/)).toBeVisible({ timeout });
  await expect(cell).toHaveAttribute('aria-busy', 'false', { timeout });
  await expect(cell.getByText(/^(Failed|Stopped) after/)).toHaveCount(0);
}

/** Waits until the browser has stored the notebook and its files. */
export async function saved(page: Page): Promise<void> {
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
}

/** The text that a cell printed or showed. */
export function text(cell: Locator): Locator {
  return cell.getByRole('region', { name: 'Text output' });
}

/** How many different colours a canvas shows: an empty one has one. */
export async function colours(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const seen = new Set<number>();
    for (let i = 0; i < data.length; i += 4) seen.add(((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0));
    return seen.size;
  });
}
