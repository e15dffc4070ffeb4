/** Help on what is under the pointer, or under the cursor with F1. */

import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { hoverTooltip, keymap, showTooltip, type Command, type EditorView, type Tooltip } from '@codemirror/view';
import type { Kernel } from '../kernel/client';
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

async function helpAt(kernel: Kernel, view: EditorView, position: number): Promise<Tooltip | null> {
  const word = view.state.wordAt(position);
  if (!word || kernel.state !== 'idle') return null;
  const documentation = await kernel.inspect(view.state.doc.toString(), position);
  if (!documentation) return null;
  const { signature, text } = documentation;
  return { pos: word.from, end: word.to, above: true, create: () => ({ dom: helpElement(signature, text) }) };
}

export function hover(kernel: Kernel): Extension {
  const open: Command = (view) => {
    const position = view.state.selection.main.head;
    void helpAt(kernel, view, position).then((tooltip) => {
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
    hoverTooltip((view, position) => helpAt(kernel, view, position), { hoverTime: 350 }),
    keymap.of([
      { key: 'F1', run: open, preventDefault: true },
      { key: 'Mod-i', run: open, preventDefault: true },
      { key: 'Escape', run: close },
    ]),
  ];
}
