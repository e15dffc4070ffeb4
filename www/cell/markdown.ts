/**
 * Markdown as a small tree, ready to be shown element by element. The page never writes HTML: tags in the source stay visible text,
 * and what could reach beyond the page (addresses, images) is let through only in harmless forms.
 */

import { lexer, type Token, type Tokens } from 'marked';

export type Inline =
  | { readonly type: 'text' | 'code'; readonly text: string }
  | { readonly type: 'strong' | 'em' | 'del'; readonly children: readonly Inline[] }
  | { readonly type: 'link'; readonly href: string; readonly children: readonly Inline[] }
  | { readonly type: 'image'; readonly source: string; readonly text: string }
  | { readonly type: 'break' };

export interface ListItem {
  /** A task's state, when the item is one. */
  readonly done: boolean | null;
  readonly children: readonly Block[];
}

export type Block =
  | { readonly type: 'paragraph'; readonly children: readonly Inline[] }
  /** An item of a tight list. */
  | { readonly type: 'line'; readonly children: readonly Inline[] }
  | { readonly type: 'heading'; readonly depth: number; readonly children: readonly Inline[] }
  | { readonly type: 'code'; readonly language: string; readonly text: string }
  | { readonly type: 'quote'; readonly children: readonly Block[] }
  | { readonly type: 'list'; readonly start: number | null; readonly items: readonly ListItem[] }
  | {
      readonly type: 'table';
      readonly align: readonly (string | null)[];
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly type: 'rule' };

/** Nothing that a person writes nests deeper; what does is shown as its source. */
const DEPTH_LIMIT = 40;

/** A source that a parser would take seconds for, or that nobody wrote by hand. */
const LENGTH_LIMIT = 50_000;
const RUN_OF_MARKS = /(?:[>*_~+-] ?){500}/;

export function parseMarkdown(source: string): readonly Block[] {
  try {
    if (source.length > LENGTH_LIMIT || RUN_OF_MARKS.test(source)) throw new RangeError('Markdown is too long.');
    return blocks(lexer(source, { gfm: true }), 0);
  } catch {
    return [{ type: 'code', language: '', text: source }];
  }
}

function blocks(tokens: readonly Token[], depth: number): Block[] {
  if (depth > DEPTH_LIMIT) throw new RangeError('Markdown is nested too deeply.');
  return tokens.flatMap((token) => block(token as MarkedToken, depth + 1) ?? []);
}

type MarkedToken =
  | Tokens.Space
  | Tokens.Code
  | Tokens.Heading
  | Tokens.Table
  | Tokens.Hr
  | Tokens.Blockquote
  | Tokens.List
  | Tokens.HTML
  | Tokens.Def
  | Tokens.Paragraph
  | Tokens.Checkbox
  | Tokens.Text;

function block(token: MarkedToken, depth: number): Block | null {
  switch (token.type) {
    case 'heading':
      return { type: 'heading', depth: token.depth, children: inlines(token.tokens, depth) };
    case 'paragraph':
      return { type: 'paragraph', children: inlines(token.tokens, depth) };
    case 'text':
      return { type: 'line', children: token.tokens ? inlines(token.tokens, depth) : [textOf(token.text)] };
    case 'code':
      return { type: 'code', language: (token.lang ?? '').split(/\s/, 1)[0] ?? '', text: token.text };
    case 'blockquote':
      return { type: 'quote', children: blocks(token.tokens, depth) };
    case 'list':
      return {
        type: 'list',
        start: token.ordered ? Number(token.start) || 1 : null,
        items: token.items.map((item) => ({
          done: item.task ? (item.checked ?? false) : null,
          children: blocks(item.tokens, depth),
        })),
      };
    case 'table':
      return {
        type: 'table',
        align: token.align,
        head: token.header.map((cell) => inlines(cell.tokens, depth)),
        rows: token.rows.map((row) => row.map((cell) => inlines(cell.tokens, depth))),
      };
    case 'hr':
      return { type: 'rule' };
    case 'html':
      return token.text.trim() === '' ? null : { type: 'paragraph', children: [{ type: 'text', text: token.text }] };
    default:
      return null;
  }
}

function inlines(tokens: readonly Token[], depth: number): Inline[] {
  if (depth > DEPTH_LIMIT) throw new RangeError('Markdown is nested too deeply.');
  return tokens.flatMap((token) => inline(token, depth + 1) ?? []);
}

function inline(token: Token, depth: number): Inline | null {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return { type: token.type, children: inlines(token.tokens ?? [], depth) };
    case 'codespan':
      return { type: 'code', text: (token as Tokens.Codespan).text };
    case 'br':
      return { type: 'break' };
    case 'escape':
      return { type: 'text', text: (token as Tokens.Escape).text };
    case 'link':
      return link(token as Tokens.Link, depth);
    case 'image':
      return image(token as Tokens.Image);
    case 'html':
      return { type: 'text', text: (token as Tokens.HTML).text };
    case 'checkbox':
      return null;
    default:
      return textOf('text' in token && typeof token.text === 'string' ? token.text : token.raw);
  }
}

function link(token: Tokens.Link, depth: number): Inline {
  const children = inlines(token.tokens, depth);
  const href = safeAddress(decodeEntities(token.href));
  return href ? { type: 'link', href, children } : { type: 'em', children };
}

function image(token: Tokens.Image): Inline {
  const source = token.href;
  if (/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i.test(source)) return { type: 'image', source, text: token.text };
  const text = token.text || source;
  const href = safeAddress(source);
  return href ? { type: 'link', href, children: [{ type: 'text', text }] } : { type: 'text', text };
}

/** A whole web or mail address; nothing relative (the page's own fragment opens notebooks) and no scheme that does things. */
export function safeAddress(text: string): string | null {
  try {
    const url = new URL(text);
    return ['https:', 'http:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function textOf(text: string): Inline {
  return { type: 'text', text: decodeEntities(text) };
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  times: '×',
  middot: '·',
  rarr: '→',
  larr: '←',
  le: '≤',
  ge: '≥',
  ne: '≠',
  plusmn: '±',
  copy: '©',
  deg: '°',
};

/** The character references that people write; others stay as they are. */
function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]+));/g, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name] ?? whole;
    const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
  });
}
