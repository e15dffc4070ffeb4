/** Underlines what is wrong in the code; the pointer on it, or F8, says what. */

import { lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { keymap, type EditorView } from '@codemirror/view';
import type { Checked } from './assistant';

export function problemKeys(): Extension {
  return keymap.of(lintKeymap);
}

/** Shows problems, unless the text has moved on since it was checked. */
export function showProblems(view: EditorView, checked: Checked | undefined): void {
  if (!checked || view.state.doc.toString() !== checked.source) return;
  const { length } = view.state.doc;
  const diagnostics = checked.problems.map(({ from, to, message, fatal }): Diagnostic => {
    // An empty place would show nothing: it takes in its neighbour.
    const [start, end] = from < to ? [from, to] : from < length ? [from, from + 1] : [Math.max(from - 1, 0), from];
    return {
      from: start,
      to: Math.min(end, length),
      message: fatal ? `SyntaxError: ${message}` : message,
      severity: fatal ? 'error' : 'warning',
    };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}
