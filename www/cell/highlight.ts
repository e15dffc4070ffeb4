/** Python in colours without an editor: code in Markdown and source lines in tracebacks. */

import { pythonLanguage } from '@codemirror/lang-python';
import { highlightCode, tagHighlighter, tags } from '@lezer/highlight';

export interface Piece {
  readonly text: string;
  /** A class of `www/styles/code.css`, or nothing. */
  readonly style: string;
}

const highlighter = tagHighlighter([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], class: 'code-keyword' },
  { tag: [tags.string, tags.special(tags.string)], class: 'code-string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'code-number' },
  { tag: tags.comment, class: 'code-comment' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: 'code-function' },
  { tag: [tags.className, tags.typeName, tags.meta, tags.self], class: 'code-type' },
  { tag: [tags.operator, tags.punctuation, tags.bracket], class: 'code-punctuation' },
]);

export function highlightPython(source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  highlightCode(
    source,
    pythonLanguage.parser.parse(source),
    highlighter,
    (text, style) => pieces.push({ text, style }),
    () => pieces.push({ text: '\n', style: '' }),
  );
  return pieces;
}
