import { describe, expect, it } from 'vitest';
import type { Table, TableAnswer, TableQuery } from '../../kernel/protocol';
import { csvHeader, csvLines, tabLines } from './csv';
import { filterWords, testsFor } from './filter';
import { readable, rounded } from './format';
import { TableRows, type TableReader } from './rows.svelte';
import { ROW_HEIGHT, scrollTo, sight } from './window';

const column = (name: string, dataType: string) => ({ name, dataType, numeric: ['int', 'double'].includes(dataType) });

describe('values', () => {
  it('are rounded where they are fractions, never before the point', () => {
    expect(['0.1', '12.0', '0.30000000000000004', '1.23456789E-7', '-1234567.891', '0.123456', '2.0E10'].map(rounded)).toEqual([
      '0.1',
      '12.0',
      '0.3',
      '1.23457E-7',
      '-1234568.0',
      '0.123456',
      '2.0E10',
    ]);
  });

  it('keep their digits in texts and lose line breaks', () => {
    expect(readable('0.30000000000000004\nx', column('s', 'string'))).toBe('0.30000000000000004⏎x');
    expect(readable('[0.30000000000000004,2.0]', column('v', 'vector'))).toBe('[0.3,2.0]');
    expect(readable('NaN', column('d', 'double'))).toBe('NaN');
  });
});

describe('exports', () => {
  const columns = [column('=a', 'string'), column('n', 'int')];
  const rows = [
    ['=1+1', '-5'],
    ['say "hi", you', null],
    ['', '0'],
  ];

  it('guard spreadsheets against formulas', () => {
    expect(csvHeader(columns, false)).toBe("'=a,n\r\n");
    expect(csvLines(columns, rows, false)).toBe(`'=1+1,-5\r\n"say ""hi"", you",\r\n"",0\r\n`);
    expect(csvHeader(columns, true) + csvLines(columns, rows.slice(0, 1), true)).toBe('=a,n\r\n=1+1,-5\r\n');
  });

  it('copy as tabs that a value cannot break', () => {
    expect(tabLines([column('a', 'int')], [['x\ty'], [null]])).toBe('a\nx y\n');
  });
});

describe('filters', () => {
  it('fit the type and read as sentences', () => {
    expect(testsFor(column('s', 'string'))[0]?.test).toBe('contains');
    expect(testsFor(column('n', 'int')).map(({ test }) => test)).not.toContain('contains');
    expect(testsFor(column('v', 'vector'))).toHaveLength(2);
    expect(filterWords('age', { column: 0, test: 'greaterOrEqual', value: '30' })).toBe('age ≥ 30');
    expect(filterWords('age', { column: 0, test: 'null', value: '' })).toBe('age is null');
  });
});

describe('the window on the rows', () => {
  it('draws what is in sight and keeps the height of all', () => {
    const seen = sight(1000, 100 * ROW_HEIGHT, 10 * ROW_HEIGHT);
    expect(seen.from).toBeLessThanOrEqual(100);
    expect(seen.to).toBeGreaterThanOrEqual(110);
    expect(seen.to - seen.from).toBeLessThan(40);
    expect(seen.above + (seen.to - seen.from) * ROW_HEIGHT + seen.below).toBe(1000 * ROW_HEIGHT);
    expect(sight(3, 0, 300)).toEqual({ from: 0, to: 3, above: 0, below: 0 });
  });

  it('reaches the first and the last of millions of rows', () => {
    const [rows, height] = [5_000_000, 400];
    const top = sight(rows, 0, height);
    const full = top.above + top.below + (top.to - top.from) * ROW_HEIGHT;
    expect(full).toBeLessThan(15_000_000);
    expect(top.from).toBe(0);
    expect(sight(rows, full - height, height).to).toBe(rows);
    for (const row of [0, 1, 2_499_999, rows - 1]) {
      const at = scrollTo(rows, row, 6_000_000, height);
      const seen = sight(rows, at, height);
      expect(seen.from).toBeLessThanOrEqual(row);
      expect(seen.to).toBeGreaterThan(row);
    }
  });

  it('scrolls no more than it must', () => {
    expect(scrollTo(100, 5, 0, 280)).toBe(0);
    expect(scrollTo(100, 10, 0, 280)).toBe(ROW_HEIGHT);
    expect(scrollTo(100, 2, 280, 280)).toBe(2 * ROW_HEIGHT);
  });
});

/** A kernel with a table of numbers from 0 on. */
class Numbers implements TableReader {
  readonly asked: [TableQuery, number, number][] = [];
  isBusy = false;
  isGone = false;

  constructor(private readonly size: number) {}

  async readTable(_: string, query: TableQuery, from: number, count: number): Promise<TableAnswer | null> {
    this.asked.push([query, from, count]);
    if (this.isBusy) return null;
    if (this.isGone) return { kind: 'gone' };
    if (query.search === '?') return { kind: 'failed', message: 'no such thing' };
    let numbers = Array.from({ length: this.size }, (_, i) => String(i)).filter((text) => text.includes(query.search));
    if (query.sort?.descending) numbers = numbers.reverse();
    return { kind: 'rows', total: numbers.length, rows: numbers.slice(from, from + count).map((text) => [text]) };
  }

  async profileColumn() {
    return { profile: null, message: 'cannot' };
  }
}

describe('rows', () => {
  const shown = (live = true): Table => ({
    columns: [column('n', 'int')],
    rows: Array.from({ length: 1000 }, (_, i) => [String(i)]),
    truncated: true,
    ...(live && { live: 'k-1' }),
  });

  it('come with the table first, and from the kernel when the reader goes on', async () => {
    const kernel = new Numbers(2500);
    const rows = new TableRows(shown(), kernel);
    await rows.want(0, 50);
    expect([rows.total, rows.isComplete, rows.row(999)?.[0], kernel.asked.length]).toEqual([1000, false, '999', 0]);
    await rows.complete();
    expect([rows.total, rows.isComplete]).toEqual([2500, true]);
    expect(rows.row(2400)).toBeUndefined();
    await rows.want(2390, 2420);
    expect(rows.row(2400)).toEqual(['2400']);
  });

  it('follow the query, and go back to what came', async () => {
    const rows = new TableRows(shown(), new Numbers(2500));
    await rows.search('24');
    await rows.sortBy({ column: 0, descending: true });
    expect([rows.row(0)?.[0], rows.isFiltered]).toEqual(['2499', true]);
    await rows.search('');
    await rows.sortBy(null);
    expect([rows.row(0)?.[0], rows.total]).toEqual(['0', 1000]);
  });

  it('stay as they are when the kernel is busy, fails or is gone', async () => {
    const kernel = new Numbers(2500);
    const rows = new TableRows(shown(), kernel);
    kernel.isBusy = true;
    await rows.sortBy({ column: 0, descending: true });
    expect(rows.problem).toContain('busy');
    kernel.isBusy = false;
    await rows.search('?');
    expect([rows.problem, rows.row(0)?.[0]]).toEqual(['no such thing', '0']);
    kernel.isGone = true;
    await rows.search('1');
    expect([rows.isLive, rows.row(0)?.[0]]).toEqual([false, '0']);
    expect(rows.problem).toContain('Run the cell again');
    expect(await rows.profile(0)).toContain('Run the cell again');
  });

  it('leave all as CSV', async () => {
    const lines = async (rows: TableRows) => (await rows.csv(false))?.join('').split('\r\n').length;
    expect(await lines(new TableRows(shown(), new Numbers(45_000)))).toBe(45_002);
    expect(await lines(new TableRows(shown(false), new Numbers(45_000)))).toBe(1002);
  });
});
