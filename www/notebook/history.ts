/** Undo of what happens to cells as a whole. Text inside a cell has its editor's own history. */

import type { Cell, CellKind } from './document';

export type Edit =
  | { readonly type: 'insert'; readonly index: number; readonly cell: Cell }
  | { readonly type: 'remove'; readonly index: number; readonly cell: Cell }
  | { readonly type: 'move'; readonly from: number; readonly to: number }
  | { readonly type: 'convert'; readonly id: string; readonly from: CellKind; readonly to: CellKind };

export function inverse(edit: Edit): Edit {
  switch (edit.type) {
    case 'insert':
      return { ...edit, type: 'remove' };
    case 'remove':
      return { ...edit, type: 'insert' };
    case 'move':
      return { type: 'move', from: edit.to, to: edit.from };
    case 'convert':
      return { ...edit, from: edit.to, to: edit.from };
  }
}

/** Steps done and undone; one step is a list of edits made together. */
export class History {
  private done: Edit[][] = [];
  private undone: Edit[][] = [];

  constructor(private readonly limit = 200) {}

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** Remembers a step that was just applied; what had been undone before it is forgotten. */
  record(step: Edit[]): void {
    this.done.push(step);
    if (this.done.length > this.limit) this.done.shift();
    this.undone = [];
  }

  /** The edits to apply, in order, to take the last step back; none when there is no step. */
  undo(): Edit[] {
    const step = this.done.pop();
    if (!step) return [];
    this.undone.push(step);
    return step.map(inverse).reverse();
  }

  /** The edits to apply again. */
  redo(): Edit[] {
    const step = this.undone.pop();
    if (!step) return [];
    this.done.push(step);
    return step;
  }

  /** Puts a fresher copy of a removed cell into the last undone step, so that redo brings back what was typed since. */
  refresh(cell: Cell): void {
    const step = this.undone.at(-1);
    if (!step) return;
    this.undone[this.undone.length - 1] = step.map((edit) =>
      edit.type === 'insert' && edit.cell.id === cell.id ? { ...edit, cell } : edit,
    );
  }

  clear(): void {
    this.done = [];
    this.undone = [];
  }
}
