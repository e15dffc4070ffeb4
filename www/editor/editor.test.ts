import { EditorSelection, EditorState } from '@codemirror/state';
import { runScopeHandlers } from '@codemirror/view';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Analysis, definition } from '../notebook/analysis.svelte';
import { newCell } from '../notebook/document';
import { NotebookStore } from '../notebook/store.svelte';
import { settle, TestKernel } from '../notebook/testKernel';
import { leaves, tabCompletes, type CellActions } from './cellKeys';
import { wantsCompletion } from './completion';
import { mountEditor, type Editor } from './mount';
import { signatureElement } from './signature';

let editor: Editor | undefined;

afterEach(() => {
  editor?.destroy();
  document.body.replaceChildren();
});

function mounted(source: string, kind: 'code' | 'markdown' = 'code') {
  const actions: CellActions = {
    run: vi.fn(),
    runAndAdvance: vi.fn(),
    runAndInsert: vi.fn(),
    leave: vi.fn(),
    leap: vi.fn(),
    save: vi.fn(),
  };
  const changed = vi.fn();
  const store = new NotebookStore({ title: '', cells: [newCell(kind, source)] });
  const assistant = new Analysis(new TestKernel(), store, () => {}).forCell(store.cells[0]!);
  const host = document.createElement('div');
  document.body.append(host);
  editor = mountEditor(host, { kind, source, label: 'Code cell 1, source', assistant, actions, changed, focused: () => {} });
  const { view } = editor;
  const press = (key: string, modifiers: KeyboardEventInit = {}) =>
    runScopeHandlers(view, new KeyboardEvent('keydown', { key, ...modifiers }), 'editor');
  return { host, view, actions, changed, press, editor };
}

describe('the editor', () => {
  it('lives in a shadow root of its own, named for screen readers', () => {
    const { host } = mounted('x = 1');
    expect(document.querySelector('.cm-editor')).toBeNull();
    expect(host.shadowRoot?.querySelector('.cm-content')?.getAttribute('aria-label')).toBe('Code cell 1, source');
  });

  it('tells what was typed and takes a source from outside', () => {
    const { view, changed, editor: made } = mounted('x');
    view.dispatch({ changes: { from: 1, insert: '1' } });
    expect(changed).toHaveBeenLastCalledWith('x1');
    made.setSource('y');
    expect(view.state.doc.toString()).toBe('y');
  });

  it('shows a place that a traceback names, also one past the end', () => {
    const { view, editor: made } = mounted('first\nsecond');
    made.reveal(2, 1, 2, 4);
    expect(view.state.sliceDoc(view.state.selection.main.from, view.state.selection.main.to)).toBe('eco');
    made.reveal(9, 50, 9, 60);
    expect(view.state.selection.main.head).toBe(view.state.doc.length);
  });
});

describe('its keys', () => {
  it('run, run and go on, run and insert, leave, save', () => {
    const { actions, press, view } = mounted('x = 1');
    press('Enter', { ctrlKey: true });
    press('Enter', { shiftKey: true });
    press('Enter', { altKey: true });
    press('s', { ctrlKey: true });
    press('Escape');
    expect(
      [actions.run, actions.runAndAdvance, actions.runAndInsert, actions.save, actions.leave].map((f) => vi.mocked(f).mock.calls.length),
    ).toEqual([1, 1, 1, 1, 1]);
    expect(view.state.doc.toString()).toBe('x = 1');
  });

  it('leave the text upwards from its first line and downwards from its last', () => {
    const { actions, press, view } = mounted('a\nb');
    press('ArrowUp');
    expect(actions.leap).toHaveBeenLastCalledWith(-1);
    view.dispatch({ selection: EditorSelection.cursor(3) });
    press('ArrowDown');
    expect(actions.leap).toHaveBeenLastCalledWith(1);
    expect(actions.leap).toHaveBeenCalledTimes(2);
  });

  it('indent with Tab to the next column of four, and comment', () => {
    const { press, view } = mounted('');
    press('Tab');
    expect(view.state.doc.toString()).toBe('    ');
    press('Tab', { shiftKey: true });
    expect(view.state.doc.toString()).toBe('');
    view.dispatch({ changes: { from: 0, insert: 'x = 1' } });
    press('/', { ctrlKey: true });
    expect(view.state.doc.toString()).toBe('# x = 1');
  });

  it('decide by the text before the cursor', () => {
    const at = (doc: string, head: number) => EditorState.create({ doc, selection: { anchor: head } });
    expect(tabCompletes(at('df.sel', 6))).toBe(true);
    expect(tabCompletes(at('df.', 3))).toBe(true);
    expect(tabCompletes(at('    ', 4))).toBe(false);
    expect(tabCompletes(at('f(', 2))).toBe(false);
    expect(leaves(at('a\nb', 0), 1)).toBe(false);
    expect(leaves(at('one line', 3), 1)).toBe(true);
    expect(['df.', 'sel', 'F.col("', 'x = ', '1', '(', ')'].map(wantsCompletion)).toEqual([true, true, true, false, false, false, false]);
  });
});

describe('what the kernel knows of the code', () => {
  function notebook(...sources: string[]) {
    const kernel = new TestKernel();
    const store = new NotebookStore({ title: '', cells: sources.map((source) => newCell('code', source)) });
    const analysis = new Analysis(kernel, store, () => {});
    const ids = store.cells.map(({ id }) => id);
    const place = (cell: number, from: number, to: number, binds: boolean) => ({ cell: ids[cell] ?? '', from, to, binds });
    return { kernel, store, analysis, ids, place };
  }

  it('checks the code when the reader pauses, and says of which text it speaks', async () => {
    vi.useFakeTimers();
    const { kernel, analysis, ids } = notebook('sprak', 'b = 1');
    kernel.problems = [{ cell: ids[0] ?? '', from: 0, to: 5, message: "name 'sprak' is not defined", fatal: false }];
    await kernel.start();
    await vi.advanceTimersByTimeAsync(600);
    expect(analysis.checked.size).toBe(0);
    await vi.advanceTimersByTimeAsync(200);
    vi.useRealTimers();
    expect(analysis.checked.get(ids[0] ?? '')).toEqual({ source: 'sprak', problems: kernel.problems });
    expect(analysis.checked.get(ids[1] ?? '')?.problems).toEqual([]);
  });

  it('underlines problems, but not in a text that has changed', () => {
    const { view, editor } = mounted('sprak');
    const problems = [{ cell: 'a', from: 0, to: 5, message: 'unknown', fatal: false }];
    editor.setProblems({ source: 'other', problems });
    expect(view.dom.querySelector('.cm-lintRange-warning')).toBeNull();
    editor.setProblems({ source: 'sprak', problems });
    expect(view.dom.querySelector('.cm-lintRange-warning')?.textContent).toBe('sprak');
    editor.setProblems({ source: 'sprak', problems: [] });
    expect(view.dom.querySelector('.cm-lintRange-warning')).toBeNull();
  });

  it('renames a variable in all cells, from the end of each', async () => {
    const { kernel, store, analysis, place } = notebook('a = 1\na + a', 'print(a)');
    kernel.places = [place(0, 0, 1, true), place(0, 6, 7, false), place(0, 10, 11, false), place(1, 6, 7, false)];
    await analysis.forCell(store.cells[0]!).rename('a = 1\na + a', 0, 'total');
    expect(store.cells.map(({ source }) => source)).toEqual(['total = 1\ntotal + total', 'print(total)']);
  });

  it('goes to the last place before the cursor where the variable gets its value', async () => {
    const { kernel, store, analysis, ids, place } = notebook('a = 1', 'a = 2\n  a', 'a = 3');
    const places = [place(0, 0, 1, true), place(1, 0, 1, true), place(1, 8, 9, false), place(2, 0, 1, true)];
    expect(definition(places, ids[1] ?? '', 8)).toBe(places[1]);
    expect(definition(places, ids[0] ?? '', 0)).toBe(places[0]);
    kernel.places = places;
    expect(await analysis.forCell(store.cells[1]!).goToDefinition('a = 2\n  a', 8)).toBe(true);
    await settle();
    expect(store.focus).toEqual({ cell: ids[1], mode: 'edit', at: { line: 1, column: 0, endLine: 1, endColumn: 1 } });
    kernel.places = [];
    expect(await analysis.forCell(store.cells[1]!).goToDefinition('print', 2)).toBe(false);
  });

  it('shows the parameters of a call with the one at hand in bold, as text only', () => {
    const element = signatureElement({ name: 'fit', parameters: ['dataset', '<b>params=None'], active: 1, text: 'Fits.\n\nMore.' });
    expect(element.querySelector('strong')?.textContent).toBe('<b>params=None');
    expect(element.textContent).toBe('fit(dataset, <b>params=None)Fits.');
  });

  it('leaves the cursor where it was when the text changes elsewhere', () => {
    const { view, editor } = mounted('alpha = 1\nbeta');
    view.dispatch({ selection: { anchor: 12 } });
    editor.setSource('renamed = 1\nbeta');
    expect(view.state.selection.main.head).toBe(14);
  });
});
