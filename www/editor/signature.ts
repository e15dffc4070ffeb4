/** While arguments are typed: the call's parameters, the one at hand in bold. */

import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { keymap, showTooltip, ViewPlugin, type EditorView, type Tooltip, type ViewUpdate } from '@codemirror/view';
import type { SignatureHelp } from '../kernel/protocol';
import type { Assistant } from './assistant';
import { firstParagraph } from './help';

const setSignature = StateEffect.define<Tooltip | null>();

const shown = StateField.define<Tooltip | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setSignature)) return effect.value;
    return value && transaction.docChanged ? { ...value, pos: transaction.changes.mapPos(value.pos) } : value;
  },
  provide: (field) => showTooltip.from(field),
});

export function signatureElement({ name, parameters, active, text }: SignatureHelp): HTMLElement {
  const element = document.createElement('div');
  element.className = 'cm-help cm-signature';
  const line = document.createElement('p');
  line.className = 'cm-help-signature';
  line.append(`${name}(`);
  parameters.forEach((parameter, index) => {
    if (index > 0) line.append(', ');
    const piece = document.createElement(index === active ? 'strong' : 'span');
    piece.textContent = parameter;
    line.append(piece);
  });
  line.append(')');
  element.append(line);
  const summary = firstParagraph(text);
  if (summary) {
    const paragraph = document.createElement('p');
    paragraph.className = 'cm-help-text';
    paragraph.textContent = summary;
    element.append(paragraph);
  }
  return element;
}

class Follower {
  private asked = 0;

  constructor(
    private readonly view: EditorView,
    private readonly assistant: Assistant,
  ) {}

  update(update: ViewUpdate): void {
    const isOpen = update.state.field(shown) !== null;
    if (isOpen && update.focusChanged && !update.view.hasFocus) this.close();
    else if (update.docChanged && (isOpen || begins(update))) void this.ask();
    else if (isOpen && update.selectionSet) void this.ask();
  }

  async ask(): Promise<void> {
    const asked = ++this.asked;
    // The view is being updated: what follows comes after.
    await Promise.resolve();
    if (!this.assistant.isFree) return;
    const position = this.view.state.selection.main.head;
    const help = await this.assistant.signatureHelp(this.view.state.doc.toString(), position);
    if (asked !== this.asked || this.view.state.selection.main.head !== position) return;
    this.show(help && { pos: position, above: true, create: () => ({ dom: signatureElement(help) }) });
  }

  close(): void {
    this.asked += 1;
    queueMicrotask(() => this.show(null));
  }

  private show(tooltip: Tooltip | null): void {
    if (tooltip || this.view.state.field(shown)) this.view.dispatch({ effects: setSignature.of(tooltip) });
  }
}

/** Whether the reader just typed what begins an argument. */
function begins(update: ViewUpdate): boolean {
  if (!update.transactions.some((transaction) => transaction.isUserEvent('input.type'))) return false;
  let found = false;
  update.changes.iterChanges((_from, _to, _start, _end, inserted) => {
    found ||= /[(,]/.test(inserted.toString());
  });
  return found;
}

export function signatureHelp(assistant: Assistant): Extension {
  const plugin = ViewPlugin.define((view) => new Follower(view, assistant));
  return [
    shown,
    plugin,
    keymap.of([
      {
        key: 'Mod-Shift-Space',
        run: (view) => {
          void view.plugin(plugin)?.ask();
          return true;
        },
      },
      {
        key: 'Escape',
        run: (view) => {
          if (!view.state.field(shown)) return false;
          view.plugin(plugin)?.close();
          return true;
        },
      },
    ]),
  ];
}
