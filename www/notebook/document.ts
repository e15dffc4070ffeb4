/** The notebook as data: what is stored, saved, shared and undone. Nothing here knows of Svelte or the kernel. */

import type { Output, StreamName } from '../kernel/protocol';

/** Raw cells are text that is neither run nor rendered; other programs write them. */
export type CellKind = 'code' | 'markdown' | 'raw';

/** What other programs keep in a notebook, carried along as it is. */
export type Metadata = Readonly<Record<string, unknown>>;

/** One thing under a cell: text it printed, an output of the kernel, or another program's output by media type. */
export type Shown =
  | { readonly kind: 'stream'; readonly stream: StreamName; readonly text: string }
  | { readonly kind: 'foreign'; readonly data: Metadata; readonly metadata: Metadata }
  | Output;

/** As `src/notebook/document.rs` has it. */
export interface Cell {
  /** Unique in the notebook, and fit to be an nbformat 4.5 cell id. */
  readonly id: string;
  readonly kind: CellKind;
  readonly source: string;
  readonly outputs: readonly Shown[];
  readonly executionCount: number | null;
  readonly metadata?: Metadata;
  /** Pictures inside a Markdown cell. */
  readonly attachments?: Metadata;
}

export interface Notebook {
  readonly title: string;
  readonly cells: readonly Cell[];
  readonly metadata?: Metadata;
}

export const UNTITLED = 'Untitled notebook';

const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A fresh id of twelve letters and digits; works outside secure contexts too, unlike `crypto.randomUUID`. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join('');
}

export function newCell(kind: CellKind, source = ''): Cell {
  return { id: freshId(), kind, source, outputs: [], executionCount: null };
}

export function emptyNotebook(): Notebook {
  return { title: UNTITLED, cells: [newCell('code')] };
}

/** The notebook without what running it left behind, as a link carries it. */
export function withoutOutputs(notebook: Notebook): Notebook {
  return {
    title: notebook.title,
    cells: notebook.cells.map((cell) => ({ ...cell, outputs: [], executionCount: null })),
  };
}

/** A file name for the notebook, without its extension. */
export function fileStem(title: string): string {
  const stem = title
    .normalize('NFKD')
    .replace(/[^\w\s.-]/g, '')
    .trim()
    .replace(/\s+/g, '-')
    .toLowerCase();
  return stem || 'notebook';
}
