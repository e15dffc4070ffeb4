import { describe, expect, it } from 'vitest';
import { newCell, type Notebook } from './document';
import { NotebookStore } from './store.svelte';

function storeOf(...sources: string[]): NotebookStore {
  const notebook: Notebook = { title: 'Test', cells: sources.map((source) => newCell('code', source)) };
  return new NotebookStore(notebook);
}

const sources = (store: NotebookStore) => store.cells.map((cell) => cell.source);
const idOf = (store: NotebookStore, index: number) => store.cells[index]?.id ?? '';

describe('changing cells', () => {
  it('adds below and above the given cell and selects what it added', () => {
    const store = storeOf('a', 'b');
    store.addBelow(idOf(store, 0), 'code', 'below a');
    expect(store.selected?.source).toBe('below a');
    store.addAbove(idOf(store, 0), 'markdown');
    expect(sources(store)).toEqual(['', 'a', 'below a', 'b']);
    expect(store.selectedIndex).toBe(0);
  });

  it('undoes and redoes adding, deleting, moving and converting, one step at a time', () => {
    const store = storeOf('a', 'b', 'c');
    store.move(idOf(store, 0), 1);
    store.remove(idOf(store, 2));
    store.addBelow(idOf(store, 1), 'code', 'd');
    store.convert(idOf(store, 0), 'markdown');
    expect(sources(store)).toEqual(['b', 'a', 'd']);
    expect(store.cells[0]?.kind).toBe('markdown');
    for (let step = 0; step < 4; step += 1) store.undo();
    expect(sources(store)).toEqual(['a', 'b', 'c']);
    expect(store.cells.every((cell) => cell.kind === 'code')).toBe(true);
    expect(store.canUndo).toBe(false);
    for (let step = 0; step < 4; step += 1) store.redo();
    expect(sources(store)).toEqual(['b', 'a', 'd']);
    expect(store.canRedo).toBe(false);
  });

  it('brings a deleted cell back as it was, with its outputs', () => {
    const store = storeOf('a', 'b');
    const cell = store.cells[1];
    if (!cell) throw new Error('no cell');
    cell.source = 'edited';
    cell.outputs = [{ kind: 'text', text: '42' }];
    store.remove(cell.id);
    store.undo();
    expect(store.cells[1]?.snapshot()).toMatchObject({ id: cell.id, source: 'edited', outputs: [{ kind: 'text', text: '42' }] });
  });

  it('brings what was typed into an added cell back when its adding is undone and redone', () => {
    const store = storeOf('a');
    store.addBelow(null, 'code').source = 'typed since';
    store.undo();
    expect(sources(store)).toEqual(['a']);
    store.redo();
    expect(sources(store)).toEqual(['a', 'typed since']);
  });

  it('is never without a cell', () => {
    const store = storeOf('only');
    store.remove(idOf(store, 0));
    expect(sources(store)).toEqual(['']);
    store.undo();
    expect(sources(store)).toEqual(['only']);
  });

  it('pastes copies under ids of their own', () => {
    const store = storeOf('a', 'b');
    store.copy(idOf(store, 0));
    store.paste(idOf(store, 1));
    store.paste(idOf(store, 1));
    expect(sources(store)).toEqual(['a', 'b', 'a', 'a']);
    expect(new Set(store.cells.map((cell) => cell.id)).size).toBe(4);
  });

  it('does not move a cell past the ends', () => {
    const store = storeOf('a', 'b');
    store.move(idOf(store, 0), -1);
    store.move(idOf(store, 1), 1);
    expect(sources(store)).toEqual(['a', 'b']);
    expect(store.canUndo).toBe(false);
  });
});

describe('selecting', () => {
  it('steps to neighbours and stops at both ends', () => {
    const store = storeOf('a', 'b');
    store.step(1);
    store.step(1);
    expect(store.selectedIndex).toBe(1);
    store.step(-5);
    expect(store.selectedIndex).toBe(0);
  });

  it('opens a text cell that is to be edited', () => {
    const store = new NotebookStore({ title: '', cells: [newCell('markdown', '# Title')] });
    expect(store.cells[0]?.editing).toBe(false);
    store.focusOn(idOf(store, 0), 'edit');
    expect(store.cells[0]?.editing).toBe(true);
  });
});

describe('documents', () => {
  it('keeps what other programs wrote into cells and notebook', () => {
    const cell = { ...newCell('markdown', 'text'), metadata: { tags: ['x'] }, attachments: { 'a.png': {} } };
    const store = new NotebookStore({ title: 'T', cells: [cell], metadata: { kernelspec: { name: 'python3' } } });
    expect(store.snapshot()).toEqual({ title: 'T', cells: [cell], metadata: { kernelspec: { name: 'python3' } } });
  });

  it('shows outputs of an earlier visit as such: no run number of this kernel', () => {
    const store = new NotebookStore({
      title: 'T',
      cells: [{ ...newCell('code', '1'), executionCount: 3, outputs: [{ kind: 'text', text: '1' }] }],
    });
    expect(store.cells[0]?.executionCount).toBeNull();
    expect(store.cells[0]?.outputs).toHaveLength(1);
  });
});
