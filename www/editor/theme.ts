/** The editor in the page's colours: everything is a custom property of `www/styles/tokens.css`, so both themes are one. */

import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const surface = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent', fontSize: 'var(--code-size)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', overflowX: 'auto' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--accent)' },
  '.cm-line': { padding: '0 14px' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-selectionBackground': { backgroundColor: 'var(--selection) !important' },
  '.cm-selectionMatch': { backgroundColor: 'var(--selection-match)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'transparent', borderRadius: '3px' },
  '&.cm-focused .cm-matchingBracket': { boxShadow: 'inset 0 0 0 1px var(--line-strong)' },
  '.cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--bad-soft)' },
  '.cm-placeholder': { color: 'var(--ink-3)', fontStyle: 'normal' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface-raised)',
    border: '1px solid var(--line)',
    borderRadius: '10px',
    boxShadow: 'var(--shadow-float)',
    overflow: 'hidden',
    zIndex: '60',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '16em', padding: '4px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    alignItems: 'baseline',
    gap: '8px',
    padding: '3px 8px',
    borderRadius: '6px',
    lineHeight: '1.5',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--ink)' },
  '.cm-completionLabel': { whiteSpace: 'pre' },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)', fontWeight: '600' },
  '.cm-completionDetail': {
    marginLeft: 'auto',
    paddingLeft: '16px',
    color: 'var(--ink-3)',
    fontStyle: 'normal',
    maxWidth: '24em',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  },
  '.cm-completionIcon': { opacity: '1', color: 'var(--ink-3)', width: '1.2em', padding: '0', fontSize: '85%' },
  '.cm-completionIcon::after': { content: '"·" !important' },
  '.cm-completionIcon-class::after': { content: '"C" !important' },
  '.cm-completionIcon-function::after, .cm-completionIcon-method::after': { content: '"ƒ" !important' },
  '.cm-completionIcon-property::after': { content: '"p" !important' },
  '.cm-completionIcon-variable::after': { content: '"x" !important' },
  '.cm-completionIcon-namespace::after': { content: '"m" !important' },
  '.cm-completionIcon-keyword::after': { content: '"k" !important' },
  '.cm-completionIcon-constant::after': { content: '"▦" !important' },
  '.cm-completionInfo': { padding: '0', maxWidth: '26rem' },
  '.cm-help': { padding: '10px 14px', maxWidth: '34rem', maxHeight: '18rem', overflowY: 'auto', fontFamily: 'var(--sans)' },
  '.cm-help-signature': {
    fontFamily: 'var(--mono)',
    fontSize: '12.5px',
    fontWeight: '600',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    margin: '0 0 6px',
  },
  '.cm-help-text': { fontSize: '13.5px', lineHeight: '1.5', color: 'var(--ink-2)', whiteSpace: 'pre-wrap', margin: '0' },
  '.cm-help-text:last-child': { marginBottom: '0' },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--code-function)' },
  {
    tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)],
    color: 'var(--code-function)',
    fontWeight: '600',
  },
  { tag: [tags.className, tags.typeName], color: 'var(--code-type)' },
  { tag: [tags.operator, tags.punctuation, tags.bracket], color: 'var(--code-punctuation)' },
  { tag: tags.meta, color: 'var(--code-type)' },
  { tag: tags.self, color: 'var(--code-type)' },
  { tag: tags.invalid, color: 'var(--bad)' },
  { tag: tags.heading, fontWeight: '700' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strong, fontWeight: '700' },
  { tag: [tags.link, tags.url], color: 'var(--accent)' },
  { tag: tags.monospace, color: 'var(--code-string)' },
  { tag: tags.processingInstruction, color: 'var(--ink-3)' },
]);

export function theme(): Extension {
  return [surface, syntaxHighlighting(colours)];
}
