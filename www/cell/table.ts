/** A table's words and its copy as text. */

import type { Table } from '../kernel/protocol';

/** `First 20 rows · 5 columns`, or the exact number when all rows are here. */
export function tableCaption(table: Table): string {
  const rows = table.rows.length;
  const columns = counted(table.columns.length, 'column');
  if (table.truncated) return `First ${counted(rows, 'row')} · ${columns}`;
  return `${counted(rows, 'row')} · ${columns}`;
}

function counted(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}

/** Columns parted by tabs, as spreadsheets take it from the clipboard. */
export function tableAsTabs(table: Table): string {
  const clean = (text: string | null) => (text ?? '').replace(/[\t\r\n]+/g, ' ');
  const lines = [table.columns.map((column) => clean(column.name)), ...table.rows.map((row) => row.map(clean))];
  return lines.map((line) => line.join('\t')).join('\n');
}
