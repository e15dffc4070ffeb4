/** Markdown as source: highlighting with Lezer's parser alone (the language package would bring HTML, CSS and JavaScript along). */

import { defineLanguageFacet, indentUnit, Language } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { GFM, parser } from '@lezer/markdown';

const facet = defineLanguageFacet();
const language = new Language(facet, parser.configure([GFM]), [], 'markdown');

export function markdown(): Extension {
  return [language, indentUnit.of('  '), EditorView.lineWrapping];
}
