/** Python: grammar, four spaces, brackets, comments. */

import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { python as pythonGrammar } from '@codemirror/lang-python';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { keymap } from '@codemirror/view';

export function python(): Extension {
  return [pythonGrammar(), indentUnit.of('    '), indentOnInput(), bracketMatching(), closeBrackets(), keymap.of(closeBracketsKeymap)];
}
