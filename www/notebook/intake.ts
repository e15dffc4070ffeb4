/** Takes files that were dropped or chosen into the notebook. */

import type { Codec } from './codec';
import { fileKind, filePath, isMultiLine, type Loading, loaderSource, readerOf, separatorOf } from './drop';
import type { Files } from './files.svelte';
import type { Library } from './library.svelte';
import type { NotebookStore } from './store.svelte';

/** So much of a file is read to see how its fields are parted. */
const HEAD = 64 * 1024;

export interface Intake {
  readonly store: NotebookStore;
  readonly files: Files;
  readonly library: Library;
  readonly codec: Codec;
}

/** Takes one file: a notebook opens, a table gets a cell that loads it, anything else is kept. Returns what to tell the reader. */
export async function takeFile({ store, files, library, codec }: Intake, file: File): Promise<string> {
  const kind = fileKind(file.name);
  if (kind === 'notebook') {
    await library.adopt(await codec.fromFile(file.name, await file.text()));
    return `Opened ${file.name} as a new notebook.`;
  }
  const path = filePath(file.name);
  const kept = await files.put(path, file);
  const place = `${file.name} is at ${path} now${kept ? '' : ', until this page is closed: the browser has no room to keep it'}.`;
  if (kind === 'other') return place;
  addLoader(store, loaderSource(path, await loading(file)));
  return `${place} Run the new cell to load it.`;
}

async function loading(file: File): Promise<Loading> {
  const reader = readerOf(file.name);
  if (reader === 'parquet') return {};
  const head = await file.slice(0, HEAD).text();
  return reader === 'json' ? { multiLine: isMultiLine(head) } : { separator: separatorOf(head) };
}

/** Into the selected cell when it is empty, else below it. */
function addLoader(store: NotebookStore, source: string): void {
  const { selected } = store;
  if (selected?.kind === 'code' && selected.source.trim() === '') {
    selected.source = source;
    store.focusOn(selected.id, 'command');
  } else store.addBelow(store.selectedId, 'code', source);
}
