/** What the reader can do to cells, wherever it is asked from: keys, buttons, menus. */

import type { CellState } from './cell.svelte';
import type { Command } from './commandKeys';
import type { Session } from './session.svelte';
import type { NotebookStore } from './store.svelte';

export interface PageActions {
  save(): void;
  help(): void;
}

export class Actions {
  constructor(
    private readonly store: NotebookStore,
    private readonly session: Session,
    private readonly page: PageActions,
  ) {}

  /** Runs a code cell, shows a Markdown cell. */
  run(cell: CellState): void {
    if (cell.kind === 'code') this.session.run([cell]);
    else cell.editing = false;
  }

  runAndStay(cell: CellState): void {
    this.run(cell);
    this.store.focusOn(cell.id, 'command');
  }

  /** The last cell gets a new one after it. */
  runAndAdvance(cell: CellState): void {
    this.run(cell);
    const index = this.store.indexOf(cell.id);
    if (index === this.store.cells.length - 1) this.store.addBelow(cell.id, 'code', '', 'edit');
    else this.store.step(1);
  }

  runAndInsert(cell: CellState): void {
    this.run(cell);
    this.store.addBelow(cell.id, 'code', '', 'edit');
  }

  runAll(): void {
    for (const cell of this.store.cells) if (cell.kind !== 'code' && cell.source.trim() !== '') cell.editing = false;
    this.session.run(this.store.cells);
  }

  async restart(): Promise<void> {
    await this.session.restart(this.store.cells);
  }

  async restartAndRunAll(): Promise<void> {
    await this.restart();
    this.runAll();
  }

  /** Out of the text of a cell; a text cell stays open until it is run. */
  leave(cell: CellState): void {
    this.store.focusOn(cell.id, 'command');
  }

  /** From the end of one cell's text into the next; a shown Markdown cell is only selected. */
  leap(cell: CellState, by: -1 | 1): void {
    const next = this.store.cells[this.store.indexOf(cell.id) + by];
    if (!next) return;
    const mode = next.kind === 'code' || next.editing ? 'edit' : 'command';
    const line = by > 0 ? 1 : next.source.split('\n').length;
    this.store.focusOn(next.id, mode, mode === 'edit' ? { line, column: 0, endLine: line, endColumn: 0 } : undefined);
  }

  perform(command: Command): void {
    const { store } = this;
    const cell = store.selected;
    if (!cell) return;
    const perform: Record<Command, () => void> = {
      edit: () => store.focusOn(cell.id, 'edit'),
      run: () => this.runAndStay(cell),
      runAndAdvance: () => this.runAndAdvance(cell),
      runAndInsert: () => this.runAndInsert(cell),
      addAbove: () => store.addAbove(cell.id, 'code'),
      addBelow: () => store.addBelow(cell.id, 'code'),
      delete: () => store.remove(cell.id),
      toMarkdown: () => store.convert(cell.id, 'markdown'),
      toCode: () => store.convert(cell.id, 'code'),
      undo: () => store.undo(),
      redo: () => store.redo(),
      previous: () => store.step(-1),
      next: () => store.step(1),
      first: () => store.step(-store.cells.length),
      last: () => store.step(store.cells.length),
      moveUp: () => store.move(cell.id, -1),
      moveDown: () => store.move(cell.id, 1),
      copy: () => store.copy(cell.id),
      cut: () => store.cut(cell.id),
      paste: () => store.paste(cell.id),
      stop: () => this.session.stop(),
      restart: () => void this.restart(),
      save: () => this.page.save(),
      help: () => this.page.help(),
    };
    perform[command]();
  }
}
