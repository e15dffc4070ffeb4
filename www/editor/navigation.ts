/** From a name to where it gets its value (F12, Ctrl-click), and another name for it everywhere (F2). */

import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { EditorView, keymap, showTooltip, type Command, type Tooltip } from '@codemirror/view';
import type { Assistant } from './assistant';
import { isIdentifier } from './names';

const setRename = StateEffect.define<Tooltip | null>();

const renaming = StateField.define<Tooltip | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setRename)) return effect.value;
    return transaction.docChanged ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

function renameForm(view: EditorView, assistant: Assistant, position: number, old: string, count: number): HTMLElement {
  const form = document.createElement('form');
  form.className = 'cm-rename';
  const label = document.createElement('label');
  label.textContent = `New name for ${old} (${count === 1 ? '1 place' : `${count} places`})`;
  const input = document.createElement('input');
  input.value = old;
  input.spellcheck = false;
  input.autocapitalize = 'off';
  label.append(input);
  const complaint = document.createElement('p');
  complaint.setAttribute('role', 'alert');
  form.append(label, complaint);
  const close = () => {
    view.dispatch({ effects: setRename.of(null) });
    view.focus();
  };
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') close();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const name = input.value.trim();
    if (!isIdentifier(name)) {
      complaint.textContent = 'A name has letters, digits and _, begins with no digit, and is no keyword.';
      return;
    }
    const source = view.state.doc.toString();
    close();
    if (name !== old) void assistant.rename(source, position, name);
  });
  return form;
}

export function navigation(assistant: Assistant): Extension {
  const goTo = (view: EditorView, position: number): boolean => {
    if (!assistant.isFree || !view.state.wordAt(position)) return false;
    void assistant.goToDefinition(view.state.doc.toString(), position);
    return true;
  };
  const rename: Command = (view) => {
    const position = view.state.selection.main.head;
    const word = view.state.wordAt(position);
    if (!assistant.isFree || !word) return false;
    const old = view.state.sliceDoc(word.from, word.to);
    void assistant.countOccurrences(view.state.doc.toString(), position).then((count) => {
      if (count === 0 || view.state.selection.main.head !== position) return;
      const create = () => {
        const dom = renameForm(view, assistant, position, old, count);
        return { dom, mount: () => dom.querySelector('input')?.select() };
      };
      view.dispatch({ effects: setRename.of({ pos: word.from, above: true, create }) });
    });
    return true;
  };
  return [
    renaming,
    keymap.of([
      { key: 'F12', run: (view) => goTo(view, view.state.selection.main.head), preventDefault: true },
      { key: 'F2', run: rename, preventDefault: true },
    ]),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (event.button !== 0 || !(event.ctrlKey || event.metaKey)) return false;
        const position = view.posAtCoords({ x: event.clientX, y: event.clientY });
        return position !== null && goTo(view, position);
      },
    }),
  ];
}
