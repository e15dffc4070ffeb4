/** Jupyter's keys while typing in a cell. */

import { acceptCompletion, closeCompletion, completionStatus, startCompletion } from '@codemirror/autocomplete';
import { indentLess, indentMore, toggleComment } from '@codemirror/commands';
import { Prec, type EditorState, type Extension } from '@codemirror/state';
import { keymap, type Command } from '@codemirror/view';

export interface CellActions {
  /** Ctrl-Enter */
  run(): void;
  /** Shift-Enter */
  runAndAdvance(): void;
  /** Alt-Enter */
  runAndInsert(): void;
  /** Escape */
  leave(): void;
  /** The cursor left the text upwards (-1) or downwards (1). */
  leap(by: -1 | 1): void;
  /** Ctrl-S */
  save(): void;
}

/** Whether an arrow pressed here leaves the text. Shown for tests. */
export function leaves(state: EditorState, by: -1 | 1): boolean {
  const { main } = state.selection;
  if (!main.empty) return false;
  const line = state.doc.lineAt(main.head);
  return by < 0 ? line.number === 1 : line.number === state.doc.lines;
}

/** What Tab does: completes after a name or a dot, indents elsewhere. Shown for tests. */
export function tabCompletes(state: EditorState): boolean {
  const { main } = state.selection;
  if (!main.empty) return false;
  const line = state.doc.lineAt(main.head);
  return /[\p{L}\p{N}_.]$/u.test(line.text.slice(0, main.head - line.from));
}

const indent: Command = (view) => (view.state.selection.main.empty ? insertSpaces(view) : indentMore(view));

/** Spaces up to the next column that is a multiple of four. */
const insertSpaces: Command = (view) => {
  const { main } = view.state.selection;
  const column = main.head - view.state.doc.lineAt(main.head).from;
  view.dispatch(view.state.replaceSelection(' '.repeat(4 - (column % 4))), { scrollIntoView: true, userEvent: 'input' });
  return true;
};

export function cellKeys(actions: CellActions, completes: boolean): Extension {
  const act = (action: () => void): Command => {
    return () => {
      action();
      return true;
    };
  };
  const leap = (by: -1 | 1): Command => {
    return (view) => {
      if (completionStatus(view.state) === 'active' || !leaves(view.state, by)) return false;
      actions.leap(by);
      return true;
    };
  };
  return [
    Prec.high(
      keymap.of([
        { key: 'Shift-Enter', run: act(actions.runAndAdvance) },
        { key: 'Mod-Enter', run: act(actions.run) },
        { key: 'Ctrl-Enter', run: act(actions.run) },
        { key: 'Alt-Enter', run: act(actions.runAndInsert) },
        { key: 'Mod-s', run: act(actions.save), preventDefault: true },
        { key: 'Mod-/', run: toggleComment },
        {
          key: 'Tab',
          run: (view) => {
            if (acceptCompletion(view)) return true;
            return completes && tabCompletes(view.state) ? startCompletion(view) : indent(view);
          },
        },
        { key: 'Shift-Tab', run: indentLess },
        {
          key: 'Escape',
          // A list that does not show yet can't be what the reader wants to close.
          run: (view) => {
            if (completionStatus(view.state) !== 'pending' || view.dom.querySelector('.cm-tooltip-autocomplete')) return false;
            closeCompletion(view);
            actions.leave();
            return true;
          },
        },
      ]),
    ),
    keymap.of([
      { key: 'ArrowUp', run: leap(-1) },
      { key: 'ArrowDown', run: leap(1) },
    ]),
    // Last, so that Escape first closes what is open in the editor.
    Prec.low(keymap.of([{ key: 'Escape', run: act(actions.leave) }])),
  ];
}
