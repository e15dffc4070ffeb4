import { describe, expect, it } from 'vitest';
import { Actions } from './actions';
import { newCell, type CellKind } from './document';
import { Session } from './session.svelte';
import { NotebookStore } from './store.svelte';
import { settle, TestKernel } from './testKernel';

async function page(...cells: [CellKind, string][]) {
  const kernel = new TestKernel();
  const session = new Session(kernel);
  const store = new NotebookStore({ title: 'T', cells: cells.map(([kind, source]) => newCell(kind, source)) });
  const actions = new Actions(store, session, { save: () => {}, help: () => {} });
  await session.start();
  return { kernel, session, store, actions };
}

const selected = (store: NotebookStore) => [store.selectedIndex, store.mode];

describe('running', () => {
  it('goes on to the next cell', async () => {
    const { kernel, store, actions } = await page(['code', 'a'], ['code', 'b']);
    actions.perform('runAndAdvance');
    await settle();
    expect(kernel.executed.map(({ source }) => source)).toEqual(['a']);
    expect(selected(store)).toEqual([1, 'command']);
  });

  it('adds a cell to write in after the last', async () => {
    const { store, actions } = await page(['code', 'a']);
    actions.perform('runAndAdvance');
    expect(store.cells.map((cell) => cell.source)).toEqual(['a', '']);
    expect(selected(store)).toEqual([1, 'edit']);
  });

  it('stays, or adds a cell between, when asked to', async () => {
    const { store, actions } = await page(['code', 'a'], ['code', 'b']);
    actions.perform('run');
    expect(selected(store)).toEqual([0, 'command']);
    actions.perform('runAndInsert');
    expect(store.cells.map((cell) => cell.source)).toEqual(['a', '', 'b']);
    expect(selected(store)).toEqual([1, 'edit']);
  });

  it('shows a text cell instead of running it', async () => {
    const { kernel, store, actions } = await page(['markdown', '# T'], ['code', 'b']);
    actions.perform('edit');
    expect(store.cells[0]?.editing).toBe(true);
    actions.perform('runAndAdvance');
    await settle();
    expect(store.cells[0]?.editing).toBe(false);
    expect(kernel.executed).toEqual([]);
  });

  it('runs all code cells in order', async () => {
    const { kernel, actions } = await page(['code', 'a'], ['markdown', 't'], ['code', 'b']);
    actions.runAll();
    await settle();
    await kernel.finish();
    expect(kernel.executed.map(({ source }) => source)).toEqual(['a', 'b']);
  });
});

describe('leaving a text by an arrow', () => {
  it('goes into the next code cell and only selects shown text', async () => {
    const { store, actions } = await page(['code', 'a\nb'], ['code', 'c'], ['markdown', 't']);
    const [first, second] = store.cells;
    if (!first || !second) throw new Error('no cells');
    actions.leap(second, -1);
    expect(selected(store)).toEqual([0, 'edit']);
    expect(store.focus?.at).toMatchObject({ line: 2 });
    actions.leap(second, 1);
    expect(selected(store)).toEqual([2, 'command']);
    actions.leap(first, -1);
    expect(selected(store)).toEqual([2, 'command']);
  });
});
