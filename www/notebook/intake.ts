/** Takes files that were dropped or chosen into the notebook. */

import { unzip } from '../panels/unzip';
import type { Codec } from './codec';
import { fileKind, filePath, HEAD, isMultiLine, type Loading, loaderSource, readerOf, rowTagOf, separatorOf } from './drop';
import type { Files } from './files.svelte';
import { folderOf, isHidden, type Folder } from './folder';
import type { Library } from './library.svelte';
import { placeLoader, placesOf } from './places';
import type { NotebookStore } from './store.svelte';

const UNTIL_CLOSED = ', until this page is closed: the browser has no room to keep it';

export interface Intake {
  readonly store: NotebookStore;
  readonly files: Files;
  readonly library: Library;
  readonly codec: Codec;
}

/** Takes one file: a notebook opens, a table gets a cell that loads it, an archive is unpacked, anything else is kept. Returns what to tell the
 * reader. */
export async function takeFile(intake: Intake, file: File): Promise<string> {
  const { store, files, library, codec } = intake;
  const kind = fileKind(file.name);
  if (kind === 'notebook') {
    await library.adopt(await codec.fromFile(file.name, await file.text()));
    return `Opened ${file.name} as a new notebook.`;
  }
  if (kind === 'archive') return takeFolder(intake, folderOf(file.name, await unzip(file)));
  const path = filePath(file.name);
  const kept = await files.put(path, file);
  const place = `${file.name} is at ${path} now${kept ? '' : UNTIL_CLOSED}.`;
  if (kind === 'other') return place;
  addLoader(store, loaderSource(path, await loading(file)));
  return `${place} Run the new cell to load it.`;
}

/** Takes a folder with all that is in it. One that Spark wrote, of part files or a saved stage, gets a cell that loads it. */
export async function takeFolder({ store, files }: Pick<Intake, 'store' | 'files'>, folder: Folder): Promise<string> {
  const root = filePath(folder.name);
  const wanted = folder.files.filter(({ name }) => !isHidden(name));
  if (wanted.length === 0) throw new Error('there is no file in it');
  let kept = true;
  for (const { name, content } of wanted) kept = (await files.put(`${root}/${name}`, content)) && kept;
  const told = `${folder.name} is at ${root} now${kept ? '' : UNTIL_CLOSED}.`;
  const place = placesOf(files.entries).find(({ path }) => path === root);
  if (!place?.folder) return told;
  addLoader(store, await placeLoader(place, files));
  return `${told} Run the new cell to load it.`;
}

async function loading(file: File): Promise<Loading> {
  const reader = readerOf(file.name);
  if (reader === 'parquet') return {};
  const head = await file.slice(0, HEAD).text();
  if (reader === 'xml') return { rowTag: rowTagOf(head) };
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
