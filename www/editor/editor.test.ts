import { EditorSelection, EditorState } from '@codemirror/state';
import { runScopeHandlers } from '@codemirror/view';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { TestKernel } from '../notebook/testKernel';
import { leaves, tabCompletes, type CellActions } from './cellKeys';
import { wantsCompletion } from './completion';
import { mountEditor, type Editor } from './mount';

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
  const host = document.createElement('div');
  document.body.append(host);
  editor = mountEditor(host, { kind, source, label: 'Code cell 1, source', kernel: new TestKernel(), actions, changed, focused: () => {} });
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
