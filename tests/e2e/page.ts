import { expect, type Locator, type Page } from '@playwright/test';

/** Opens the page and waits for a kernel that takes cells. */
export async function open(page: Page): Promise<void> {
  await page.goto('./');
  await ready(page);
}

export async function ready(page: Page): Promise<void> {
  await expect(page.getByText(/^Ready/)).toBeVisible({ timeout: 60_000 });
}

/** Adds a code cell at the end, runs it, and gives its frame. */
export async function run(page: Page, source: string): Promise<Locator> {
  await page.getByRole('group', { name: 'Add at the end' }).getByRole('button', { name: 'Code', exact: true }).click();
  const name = await page
    .getByRole('region', { name: /^Code cell \d+$/ })
    .last()
    .getAttribute('aria-label');
  const cell = page.getByRole('region', { name: name ?? '', exact: true });
  await cell.getByRole('textbox').focus();
  await page.keyboard.insertText(source);
  await page.keyboard.press('Control+Enter');
  return cell;
}

/** The text that a cell printed or showed. */
export function text(cell: Locator): Locator {
  return cell.getByRole('region', { name: 'Text output' });
}
