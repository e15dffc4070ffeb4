/** The rows of a shown table: those that came with it, and any others as the kernel reads them. */

import type { ColumnProfile, Table, TableAnswer, TableFilter, TableQuery, TableSort } from '../../kernel/protocol';
import { csvHeader, csvLines, type TableRow } from './csv';

/** What a table needs of the kernel. */
export interface TableReader {
  /** Null while the kernel is busy. */
  readTable(table: string, query: TableQuery, from: number, count: number): Promise<TableAnswer | null>;
  profileColumn(table: string, column: number): Promise<{ profile: ColumnProfile | null; message: string | null } | null>;
}

const PAGE = 200;
/** Pages kept, those read last. */
const MOST_PAGES = 200;
const EXPORT_PAGE = 20_000;

const BUSY = 'The kernel is busy. Try again when the cell is over.';
const GONE = 'The kernel no longer has this table. Run the cell again to sort, filter and see all rows.';

const WHOLE: TableQuery = { sort: null, search: '', filters: [] };

export class TableRows {
  query: TableQuery = $state.raw(WHOLE);
  /** Rows that can be scrolled to. */
  total: number = $state(0);
  /** Whether these are all that the query has. */
  isComplete: boolean = $state(false);
  isLoading: boolean = $state(false);
  /** What went wrong, for the reader. */
  problem: string | null = $state(null);
  /** Whether the kernel can be asked for more. */
  isLive: boolean = $state(false);
  private pages = new Map<number, readonly TableRow[]>();
  /** Pages that came; reading a row depends on it. */
  private version = $state(0);
  /** The latest question: answers to earlier ones are dropped. */
  private asked = 0;
  private readonly pending = new Set<number>();

  constructor(
    readonly table: Table,
    private readonly reader: TableReader,
  ) {
    this.isLive = typeof table.live === 'string';
    this.reset();
  }

  get isFiltered(): boolean {
    return this.query.search !== '' || this.query.filters.length > 0;
  }

  /** A row by its number; nothing until it has come. */
  row(number: number): TableRow | undefined {
    void this.version;
    const page = Math.floor(number / PAGE);
    return this.pages.get(page)?.[number - page * PAGE];
  }

  /** Fetches what is missing of these rows. */
  async want(from: number, to: number): Promise<void> {
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page += 1) {
      const held = this.pages.get(page)?.length ?? 0;
      if (held === 0 || (held < PAGE && page * PAGE + held < this.total)) await this.fetch(page);
    }
  }

  /** Fetches the first rows that didn't come with the table, and with them learns how many there are. */
  async complete(): Promise<void> {
    if (this.isLive && !this.isComplete) await this.fetch(Math.floor(this.total / PAGE));
  }

  sortBy(sort: TableSort | null): Promise<void> {
    return this.ask({ ...this.query, sort });
  }

  search(search: string): Promise<void> {
    return this.ask({ ...this.query, search });
  }

  /** In place of the filter that the column had. */
  filter(column: number, filter: TableFilter | null): Promise<void> {
    const others = this.query.filters.filter((known) => known.column !== column);
    return this.ask({ ...this.query, filters: filter ? [...others, filter] : others });
  }

  async profile(column: number): Promise<ColumnProfile | string> {
    if (!this.table.live || !this.isLive) return GONE;
    const answer = await this.reader.profileColumn(this.table.live, column);
    if (!answer) return BUSY;
    if (!answer.profile && !answer.message) this.isLive = false;
    return answer.profile ?? answer.message ?? GONE;
  }

  /** All rows that the query has as CSV, in pieces; only those at hand when the kernel can't be asked. */
  async csv(exact: boolean): Promise<string[] | null> {
    const { columns } = this.table;
    const pieces = [csvHeader(columns, exact)];
    if (this.isComplete && this.total <= MOST_PAGES * PAGE) await this.want(0, this.total);
    const here = Array.from({ length: this.total }, (_, i) => this.row(i)).filter((row) => row !== undefined);
    if (!this.isLive || (this.isComplete && here.length === this.total)) return [...pieces, csvLines(columns, here, exact)];
    for (let from = 0; ; from += EXPORT_PAGE) {
      const answer = await this.read(this.query, from, EXPORT_PAGE);
      if (answer?.kind !== 'rows') return null;
      pieces.push(csvLines(columns, answer.rows, exact));
      if (from + EXPORT_PAGE >= answer.total) return pieces;
    }
  }

  /** Rows at hand from the first on, without a gap. */
  atHand(): TableRow[] {
    const rows: TableRow[] = [];
    for (let row = this.row(0); row; row = this.row(rows.length)) rows.push(row);
    return rows;
  }

  private reset(): void {
    const { rows, truncated } = this.table;
    this.pages.clear();
    for (let page = 0; page * PAGE < rows.length; page += 1) this.pages.set(page, rows.slice(page * PAGE, (page + 1) * PAGE));
    this.total = rows.length;
    this.isComplete = !truncated;
    this.version += 1;
  }

  /** The rows shown stay until those of the new query are there. */
  private async ask(query: TableQuery): Promise<void> {
    const asked = ++this.asked;
    if (query.sort === null && query.search === '' && query.filters.length === 0) {
      this.query = WHOLE;
      this.problem = null;
      this.reset();
      return;
    }
    const answer = await this.read(query, 0, PAGE);
    if (asked !== this.asked || answer?.kind !== 'rows') return;
    this.query = query;
    this.pages = new Map([[0, answer.rows]]);
    this.total = answer.total;
    this.isComplete = true;
    this.version += 1;
  }

  private async fetch(page: number): Promise<void> {
    if (!this.isLive || this.pending.has(page)) return;
    const { asked } = this;
    this.pending.add(page);
    const answer = await this.read(this.query, page * PAGE, PAGE);
    this.pending.delete(page);
    if (asked !== this.asked || answer?.kind !== 'rows') return;
    this.pages.delete(page);
    this.pages.set(page, answer.rows);
    for (const oldest of this.pages.keys()) if (this.pages.size > MOST_PAGES) this.pages.delete(oldest);
    this.total = answer.total;
    this.isComplete = true;
    this.version += 1;
  }

  private async read(query: TableQuery, from: number, count: number): Promise<TableAnswer | null> {
    if (!this.table.live || !this.isLive) return null;
    this.isLoading = true;
    const answer = await this.reader.readTable(this.table.live, query, from, count);
    this.isLoading = false;
    this.problem = null;
    if (!answer) this.problem = BUSY;
    else if (answer.kind === 'failed') this.problem = answer.message;
    else if (answer.kind === 'gone') {
      this.isLive = false;
      this.problem = GONE;
    }
    return answer;
  }
}
