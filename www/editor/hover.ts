/** Help on what is under the pointer, or under the cursor with F1. */

import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { hoverTooltip, keymap, showTooltip, type Command, type EditorView, type Tooltip } from '@codemirror/view';
import type { Assistant } from './assistant';
import { helpElement } from './help';

const setHelp = StateEffect.define<Tooltip | null>();

/** The help that F1 opened; any change of text or cursor closes it. */
const openHelp = StateField.define<Tooltip | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setHelp)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

async function helpAt(assistant: Assistant, view: EditorView, position: number): Promise<Tooltip | null> {
  const word = view.state.wordAt(position);
  if (!word || !assistant.isFree) return null;
  const documentation = await assistant.inspect(view.state.doc.toString(), position);
  if (!documentation) return null;
  const { signature, text } = documentation;
  const name = signature.split('(')[0]?.split('.').at(-1) ?? '';
  const create = () => ({ dom: helpElement(signature, text, () => assistant.openReference(name)) });
  return { pos: word.from, end: word.to, above: true, create };
}

export function hover(assistant: Assistant): Extension {
  const open: Command = (view) => {
    const position = view.state.selection.main.head;
    void helpAt(assistant, view, position).then((tooltip) => {
      if (view.state.selection.main.head === position) view.dispatch({ effects: setHelp.of(tooltip) });
    });
    return true;
  };
  const close: Command = (view) => {
    if (!view.state.field(openHelp)) return false;
    view.dispatch({ effects: setHelp.of(null) });
    return true;
  };
  return [
    openHelp,
    hoverTooltip((view, position) => helpAt(assistant, view, position), { hoverTime: 350 }),
    keymap.of([
      { key: 'F1', run: open, preventDefault: true },
      { key: 'Mod-i', run: open, preventDefault: true },
      { key: 'Escape', run: close },
    ]),
  ];
}
