/** Completion by the kernel, which knows the objects at hand; by the text alone while it is not free to answer. */

import {
  autocompletion,
  closeCompletion,
  completeFromList,
  completionKeymap,
  ifNotIn,
  type Completion as Option,
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
} from '@codemirror/autocomplete';
import { localCompletionSource } from '@codemirror/lang-python';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import type { Completion, CompletionKind } from '../kernel/protocol';
import type { Assistant } from './assistant';
import { helpElement } from './help';
import { KEYWORDS } from './names';

/** The kinds as CodeMirror's icons know them. */
const ICONS: Record<CompletionKind, string> = {
  class: 'class',
  function: 'function',
  method: 'method',
  property: 'property',
  variable: 'variable',
  module: 'namespace',
  keyword: 'keyword',
  parameter: 'variable',
  column: 'constant',
  value: 'constant',
};

/** Cells have no coroutines. */
const offered = KEYWORDS.filter((word) => word !== 'async' && word !== 'await');
const keywords = ifNotIn(['String', 'Comment'], completeFromList(offered.map((label) => ({ label, type: 'keyword' }))));

/** Whether a completion is wanted at all when the reader only typed: after a name, a dot or an opening quote. */
export function wantsCompletion(before: string): boolean {
  // The end is enough; a search through a line of a million characters would take for ever.
  return /[\p{L}_][\p{L}\p{N}_]*$|\.$|["']$/u.test(before.slice(-80));
}

function toOption(completion: Completion): Option {
  const { label, kind, detail, documentation } = completion;
  return {
    label,
    type: ICONS[kind],
    ...(detail ? { detail } : {}),
    ...(documentation ? { info: () => helpElement('', documentation) } : {}),
    // What a parameter or column completes is likelier than any name around.
    boost: kind === 'parameter' || kind === 'column' ? 2 : label.startsWith('_') ? -2 : 0,
  };
}

export function kernelCompletions(assistant: Assistant): CompletionSource {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const line = context.state.doc.lineAt(context.pos);
    if (!context.explicit && !wantsCompletion(line.text.slice(0, context.pos - line.from))) return null;
    if (!assistant.isFree) return (await localCompletionSource(context)) ?? (await keywords(context));
    const { from, options } = await assistant.complete(context.state.doc.toString(), context.pos);
    if (context.aborted || options.length === 0) return null;
    return { from, options: options.map(toOption), validFor: /^[\p{L}\p{N}_]*$/u };
  };
}

export function completion(assistant: Assistant): Extension {
  return [
    autocompletion({ override: [kernelCompletions(assistant)], maxRenderedOptions: 80, activateOnTypingDelay: 60, defaultKeymap: false }),
    // CodeMirror closes only a list that shows: one still being looked up would come up in a cell that was left.
    EditorView.domEventHandlers({ blur: (_event, view) => void closeCompletion(view) }),
    // Enter and Tab accept; the rest are CodeMirror's own.
    keymap.of(completionKeymap),
  ];
}
