/** The one store of the document: cells, what is selected, and undoable changes. */

import { CellState } from './cell.svelte';
import { newCell, UNTITLED, type Cell, type CellKind, type Metadata, type Notebook } from './document';
import { History, type Edit } from './history';

export type Mode = 'command' | 'edit';

/** Asks the page to move the focus; a new object each time, so that the same request twice is noticed. */
export interface FocusRequest {
  readonly cell: string;
  readonly mode: Mode;
  /** A place in the source to put the cursor at, counted from 1 and 0. */
  readonly at?: { readonly line: number; readonly column: number; readonly endLine: number; readonly endColumn: number };
}

export class NotebookStore {
  title: string = $state(UNTITLED);
  cells: CellState[] = $state([]);
  selectedId: string | null = $state(null);
  mode: Mode = $state('command');
  focus: FocusRequest | null = $state.raw(null);
  canUndo: boolean = $state(false);
  canRedo: boolean = $state(false);
  /** Grows when another document is loaded, so that loading is told from changing. */
  generation: number = $state(0);
  private readonly history = new History();
  private clipboard: Cell | null = null;
  /** What other programs keep with the notebook. */
  private metadata: Metadata | undefined;

  constructor(notebook: Notebook) {
    this.load(notebook);
  }

  /** Replaces the whole document; undo does not reach behind it. */
  load(notebook: Notebook): void {
    this.history.clear();
    this.noteHistory();
    this.generation += 1;
    this.title = notebook.title || UNTITLED;
    this.metadata = notebook.metadata;
    this.cells = (notebook.cells.length > 0 ? notebook.cells : [newCell('code')]).map((cell) => new CellState(cell));
    for (const cell of this.cells) cell.detach();
    this.selectedId = this.cells[0]?.id ?? null;
    this.mode = 'command';
    this.focus = null;
  }

  snapshot(): Notebook {
    const { title, metadata } = this;
    return { title, cells: this.cells.map((cell) => cell.snapshot()), ...(metadata && { metadata }) };
  }

  cell(id: string | null): CellState | undefined {
    return this.cells.find((cell) => cell.id === id);
  }

  indexOf(id: string | null): number {
    return this.cells.findIndex((cell) => cell.id === id);
  }

  get selected(): CellState | undefined {
    return this.cell(this.selectedId);
  }

  get selectedIndex(): number {
    return this.indexOf(this.selectedId);
  }

  // Selection

  select(id: string, mode: Mode = 'command'): void {
    if (this.indexOf(id) < 0) return;
    this.selectedId = id;
    this.mode = mode;
  }

  /** Selects a cell and moves the focus to it, or into its source. */
  focusOn(id: string, mode: Mode, at?: FocusRequest['at']): void {
    const cell = this.cell(id);
    if (!cell) return;
    if (mode === 'edit' && cell.kind !== 'code') cell.editing = true;
    this.select(id, mode);
    this.focus = at ? { cell: id, mode, at } : { cell: id, mode };
  }

  /** Moves the selection by a number of cells, stopping at both ends. */
  step(by: number, mode: Mode = 'command'): void {
    const index = Math.min(Math.max(this.selectedIndex + by, 0), this.cells.length - 1);
    const cell = this.cells[index];
    if (cell) this.focusOn(cell.id, mode);
  }

  // Changes

  /** Puts a cell at a place and selects it; returns it. */
  insert(index: number, cell: Cell, mode: Mode = 'command'): CellState {
    const place = Math.min(Math.max(index, 0), this.cells.length);
    this.change([{ type: 'insert', index: place, cell }]);
    this.focusOn(cell.id, mode);
    return this.cells[place] as CellState;
  }

  addBelow(id: string | null, kind: CellKind, source = '', mode: Mode = 'command'): CellState {
    const index = this.indexOf(id);
    return this.insert(index < 0 ? this.cells.length : index + 1, newCell(kind, source), mode);
  }

  addAbove(id: string | null, kind: CellKind, mode: Mode = 'command'): CellState {
    return this.insert(Math.max(this.indexOf(id), 0), newCell(kind), mode);
  }

  /** Takes a cell out. A notebook is never without a cell: the last one leaves an empty one behind. */
  remove(id: string): void {
    const index = this.indexOf(id);
    const cell = this.cells[index];
    if (!cell) return;
    const step: Edit[] = [{ type: 'remove', index, cell: cell.snapshot() }];
    if (this.cells.length === 1) step.push({ type: 'insert', index: 0, cell: newCell('code') });
    this.change(step);
    const next = this.cells[Math.min(index, this.cells.length - 1)];
    if (next) this.focusOn(next.id, 'command');
  }

  /** Moves a cell up (negative) or down. */
  move(id: string, by: number): void {
    const from = this.indexOf(id);
    const to = from + by;
    if (from < 0 || to < 0 || to >= this.cells.length) return;
    this.change([{ type: 'move', from, to }]);
    this.focusOn(id, 'command');
  }

  convert(id: string, kind: CellKind): void {
    const cell = this.cell(id);
    if (!cell || cell.kind === kind) return;
    this.change([{ type: 'convert', id, from: cell.kind, to: kind }]);
    this.focusOn(id, 'command');
  }

  copy(id: string): void {
    this.clipboard = this.cell(id)?.snapshot() ?? null;
  }

  cut(id: string): void {
    this.copy(id);
    this.remove(id);
  }

  paste(below: string | null): void {
    if (!this.clipboard) return;
    const { kind, source, outputs } = this.clipboard;
    const index = this.indexOf(below);
    this.insert(index < 0 ? this.cells.length : index + 1, { ...newCell(kind, source), outputs });
  }

  undo(): void {
    const edits = this.history.undo();
    this.applyAll(edits);
    this.noteHistory();
    this.follow(edits);
  }

  redo(): void {
    const edits = this.history.redo();
    this.applyAll(edits);
    this.noteHistory();
    this.follow(edits);
  }

  clearOutputs(): void {
    for (const cell of this.cells) cell.clear();
  }

  private change(step: Edit[]): void {
    this.applyAll(step);
    this.history.record(step);
    this.noteHistory();
  }

  private applyAll(edits: readonly Edit[]): void {
    for (const edit of edits) this.apply(edit);
  }

  private apply(edit: Edit): void {
    switch (edit.type) {
      case 'insert':
        this.cells.splice(edit.index, 0, new CellState(edit.cell));
        break;
      case 'remove': {
        const [removed] = this.cells.splice(edit.index, 1);
        if (removed) this.history.refresh(removed.snapshot());
        break;
      }
      case 'move': {
        const [moved] = this.cells.splice(edit.from, 1);
        if (moved) this.cells.splice(edit.to, 0, moved);
        break;
      }
      case 'convert': {
        const cell = this.cell(edit.id);
        if (!cell) break;
        cell.kind = edit.to;
        cell.clear();
        cell.editing = edit.to !== 'code';
        break;
      }
    }
  }

  /** Shows where an undone or redone step happened. */
  private follow(edits: readonly Edit[]): void {
    const edit = edits.at(-1);
    if (!edit) return;
    const index = edit.type === 'convert' ? this.indexOf(edit.id) : edit.type === 'move' ? edit.to : edit.index;
    const cell = this.cells[Math.min(index, this.cells.length - 1)];
    if (cell) this.focusOn(cell.id, 'command');
  }

  private noteHistory(): void {
    this.canUndo = this.history.canUndo;
    this.canRedo = this.history.canRedo;
  }
}
