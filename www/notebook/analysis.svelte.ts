/** The notebook's code as a whole: what is wrong in it, and where its variables stand. The kernel answers; nothing runs. */

import { SvelteMap } from 'svelte/reactivity';
import type { Assistant, Checked } from '../editor/assistant';
import type { Kernel } from '../kernel/client';
import type { CellSource, Occurrence, Problem } from '../kernel/protocol';
import type { CellState } from './cell.svelte';
import type { NotebookStore } from './store.svelte';

/** How long the reader pauses before the code is checked, in milliseconds: nobody wants to be told of a name half typed. */
const PAUSE = 700;

export class Analysis {
  /** By the id of the cell. */
  readonly checked = new SvelteMap<string, Checked>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly kernel: Kernel,
    private readonly store: NotebookStore,
    private readonly openReference: (name: string) => void,
  ) {
    // What a run defines may be what was missing.
    this.unsubscribe = kernel.subscribe((event) => {
      if (event.type === 'ready' || event.type === 'finished') this.touch();
    });
  }

  dispose(): void {
    this.unsubscribe();
    clearTimeout(this.timer);
  }

  /** Something changed: checks when the reader pauses. */
  touch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), PAUSE);
  }

  forCell(cell: CellState): Assistant {
    const { kernel } = this;
    const here = (source: string) => this.sources().map((known) => (known.cell === cell.id ? { ...known, source } : known));
    const occurrences = (source: string, cursor: number) => kernel.occurrences(here(source), cell.id, cursor);
    return {
      get isFree() {
        return kernel.state === 'idle';
      },
      complete: (source, cursor) => kernel.complete(this.above(cell), source, cursor),
      inspect: (source, cursor) => kernel.inspect(this.above(cell), source, cursor),
      signatureHelp: (source, cursor) => kernel.signatureHelp(this.above(cell), source, cursor),
      goToDefinition: async (source, cursor) => this.goTo(definition(await occurrences(source, cursor), cell.id, cursor)),
      countOccurrences: async (source, cursor) => (await occurrences(source, cursor)).length,
      rename: async (source, cursor, name) => this.rename(await occurrences(source, cursor), name),
      openReference: (name) => this.openReference(name),
    };
  }

  private sources(): CellSource[] {
    return this.store.cells.filter((cell) => cell.kind === 'code').map(({ id, source }) => ({ cell: id, source }));
  }

  /** The code before a cell, as one text. */
  private above(cell: CellState): string {
    const sources = this.sources();
    const at = sources.findIndex((known) => known.cell === cell.id);
    return sources
      .slice(0, Math.max(at, 0))
      .map(({ source }) => source)
      .join('\n');
  }

  private async check(): Promise<void> {
    if (this.kernel.state !== 'idle') return;
    const sources = this.sources();
    const problems = await this.kernel.check(sources);
    if (!problems) return;
    for (const id of this.checked.keys()) if (!sources.some(({ cell }) => cell === id)) this.checked.delete(id);
    for (const { cell, source } of sources)
      this.checked.set(cell, { source, problems: problems.filter((problem) => problem.cell === cell) });
  }

  private goTo(place: Occurrence | undefined): boolean {
    const cell = place && this.store.cell(place.cell);
    if (!place || !cell) return false;
    this.store.focusOn(cell.id, 'edit', span(cell.source, place));
    return true;
  }

  private rename(occurrences: readonly Occurrence[], name: string): void {
    // From the end, so that earlier places stay where they are.
    for (const { cell: id, from, to } of [...occurrences].sort((a, b) => b.from - a.from)) {
      const cell = this.store.cell(id);
      if (cell) cell.source = cell.source.slice(0, from) + name + cell.source.slice(to);
    }
  }
}

/** Of the places where a variable gets its value, the last before the cursor; from there, or when there is none before it, the first. */
export function definition(occurrences: readonly Occurrence[], cell: string, cursor: number): Occurrence | undefined {
  const here = occurrences.findIndex((place) => place.cell === cell && place.from <= cursor && cursor <= place.to);
  const binding = ({ binds }: Occurrence) => binds;
  return occurrences.slice(0, Math.max(here, 0)).findLast(binding) ?? occurrences.find(binding);
}

/** A place as lines from 1 and columns from 0. */
function span(source: string, { from, to }: Pick<Problem, 'from' | 'to'>) {
  const place = (offset: number) => {
    const before = source.slice(0, offset);
    return { line: before.split('\n').length, column: offset - (before.lastIndexOf('\n') + 1) };
  };
  const [start, end] = [place(from), place(to)];
  return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
