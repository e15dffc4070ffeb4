/** A cell's editor, put together from its features. */

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view';
import type { CellKind } from '../notebook/document';
import type { Assistant, Checked } from './assistant';
import { cellKeys, type CellActions } from './cellKeys';
import { completion } from './completion';
import { hover } from './hover';
import { markdown } from './markdown';
import { navigation } from './navigation';
import { problemKeys, showProblems } from './problems';
import { python } from './python';
import { signatureHelp } from './signature';
import { theme } from './theme';

export interface EditorOptions {
  readonly kind: CellKind;
  readonly source: string;
  readonly label: string;
  readonly assistant: Assistant;
  readonly actions: CellActions;
  readonly changed: (source: string) => void;
  readonly focused: () => void;
}

export interface Editor {
  readonly view: EditorView;
  setSource(source: string): void;
  setLabel(label: string): void;
  setProblems(checked: Checked | undefined): void;
  /** Selects from one place to another: lines counted from 1, columns from 0. */
  reveal(line: number, column: number, endLine: number, endColumn: number): void;
  destroy(): void;
}

function code(assistant: Assistant) {
  return [python(), completion(assistant), hover(assistant), signatureHelp(assistant), navigation(assistant), problemKeys()];
}

/**
 * Puts an editor into an element. It lives in a shadow root of its own: there CodeMirror adopts constructed style sheets, which the
 * page's policy (`style-src 'self'`) allows, while in the document it would write a style element, which it does not.
 */
export function mountEditor(host: HTMLElement, options: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open', delegatesFocus: true });
  const label = new Compartment();
  const named = (text: string) => EditorView.contentAttributes.of({ 'aria-label': text });
  const isCode = options.kind === 'code';
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.source,
      extensions: [
        cellKeys(options.actions, isCode),
        isCode ? code(options.assistant) : markdown(),
        history(),
        drawSelection(),
        theme(),
        placeholder(isCode ? 'Python' : 'Markdown'),
        label.of(named(options.label)),
        keymap.of([...historyKeymap, ...defaultKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.changed(update.state.doc.toString());
          if (!update.focusChanged) return;
          if (update.view.hasFocus) options.focused();
          // Who reads a cell that was left wants its lines from their beginning; after what the editor itself still wants to bring into view.
          else requestAnimationFrame(() => (update.view.scrollDOM.scrollLeft = 0));
        }),
      ],
    }),
  });
  return {
    view,
    setSource(source) {
      const old = view.state.doc.toString();
      if (old === source) return;
      // Only what differs, so that the cursor stays where it was in the rest.
      const shorter = Math.min(old.length, source.length);
      let from = 0;
      while (from < shorter && old[from] === source[from]) from++;
      let same = 0;
      while (same < shorter - from && old[old.length - 1 - same] === source[source.length - 1 - same]) same++;
      view.dispatch({ changes: { from, to: old.length - same, insert: source.slice(from, source.length - same) } });
    },
    setLabel(text) {
      view.dispatch({ effects: label.reconfigure(named(text)) });
    },
    setProblems(checked) {
      showProblems(view, checked);
    },
    reveal(line, column, endLine, endColumn) {
      const place = (number: number, offset: number) => {
        const found = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
        return Math.min(found.from + offset, found.to);
      };
      view.dispatch({ selection: { anchor: place(line, column), head: place(endLine, endColumn) }, scrollIntoView: true });
    },
    destroy() {
      view.destroy();
    },
  };
}
