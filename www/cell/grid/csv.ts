/** A table as text for other programs. */

import type { TableColumn } from '../../kernel/protocol';

export type TableRow = readonly (string | null)[];

/**
 * Comma-separated values (RFC 4180), nulls as nothing. A spreadsheet would run a text that begins with `=`, `+`, `-`, `@`, a tab or a return
 * as a formula: unless `exact`, an apostrophe before it keeps it a text.
 */
export function csvLines(columns: readonly TableColumn[], rows: readonly TableRow[], exact: boolean): string {
  return rows.map((row) => line(row.map((value, i) => (value === null ? '' : field(value, !exact && !columns[i]?.numeric))))).join('');
}

export function csvHeader(columns: readonly TableColumn[], exact: boolean): string {
  return line(columns.map(({ name }) => field(name, !exact)));
}

function line(fields: readonly string[]): string {
  return `${fields.join(',')}\r\n`;
}

function field(value: string, guarded: boolean): string {
  const text = guarded && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  // Nothing at all is null; an empty text is two quotes.
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Columns parted by tabs, as spreadsheets take it from the clipboard. */
export function tabLines(columns: readonly TableColumn[], rows: readonly TableRow[]): string {
  const clean = (text: string | null) => (text ?? '').replace(/[\t\r\n]+/g, ' ');
  return [columns.map(({ name }) => clean(name)), ...rows.map((row) => row.map(clean))].map((cells) => cells.join('\t')).join('\n');
}
