/** The reader's files as they are listed: files, and the folders that a cell wrote as one. */

import { HEAD, loaderSource, readerOf, rowTagOf } from './drop';
import type { FileEntry, Files } from './files.svelte';

export interface Place {
  readonly path: string;
  readonly size: number;
  /** Whether it is a folder that a cell wrote: of part files, or a saved stage. */
  readonly folder: boolean;
  /** Whether it is a saved stage of pyspark.ml. */
  readonly stage: boolean;
  /** Part files in it. */
  readonly parts: number;
  /** Every file in it, or the file itself. */
  readonly paths: readonly string[];
}

/** What Spark leaves in a folder that was written whole. */
const MARK = '/_SUCCESS';
/** Where a saved stage says what it is. */
const METADATA = '/metadata';

/** Folders that were written as one, with all that is in them, and the files beside them; by path. */
export function placesOf(entries: readonly FileEntry[]): Place[] {
  const written = entries.filter(({ path }) => path.endsWith(MARK)).map(({ path }) => path.slice(0, -MARK.length));
  const stages = written.filter((folder) => folder.endsWith(METADATA)).map((folder) => folder.slice(0, -METADATA.length));
  const folders = [...stages, ...written];
  // A folder within another is a part of it.
  const roots = folders.filter((folder) => !folders.some((other) => folder.startsWith(`${other}/`)));
  const places = new Map<string, Place>();
  for (const { path, size } of entries) {
    const root = roots.find((folder) => path.startsWith(`${folder}/`));
    const before = root === undefined ? undefined : places.get(root);
    const isPart = isData(path) ? 1 : 0;
    places.set(root ?? path, {
      path: root ?? path,
      size: (before?.size ?? 0) + size,
      folder: root !== undefined,
      stage: root !== undefined && stages.includes(root),
      parts: (before?.parts ?? 0) + isPart,
      paths: [...(before?.paths ?? []), path],
    });
  }
  return [...places.values()];
}

/** The cell that loads a place of the reader's files, by what is in it. */
export async function placeLoader(place: Place, files: Pick<Files, 'content'>): Promise<string> {
  const metadata = place.stage ? files.content(metadataOf(place) ?? '') : undefined;
  const stage = metadata && stageLoaderOf(place, await metadata.text());
  return stage ?? loaderOf(place, await rowTagIn(place, files));
}

/** The cell that loads a place by its name. A folder is read as its part files are named; a saved table by its name. */
export function loaderOf(place: Place, rowTag?: string): string {
  if (!place.folder) return loaderSource(place.path, { rowTag });
  if (place.paths.includes(`${place.path}/_table.json`)) return `df = spark.table("${place.path.split('/').at(-1) ?? ''}")\ndisplay(df)`;
  const part = place.paths.find(isData);
  return loaderSource(place.path, { rowTag, reader: part === undefined ? undefined : readerOf(part) });
}

/** The elements of XML that are rows, by the first file of a place that has any. */
async function rowTagIn(place: Place, files: Pick<Files, 'content'>): Promise<string | undefined> {
  for (const path of place.paths.filter((part) => readerOf(part) === 'xml')) {
    const head = await files.content(path)?.slice(0, HEAD).text();
    if (head) return rowTagOf(head);
  }
  return undefined;
}

/** The cell that loads a saved stage, by what its metadata says it is; none when that says nothing of the kind. */
export function stageLoaderOf(place: Place, metadata: string): string | undefined {
  const [, module, name] = /"class":"(?:org\.apache\.spark\.|pyspark\.)ml\.(?:(\w+)\.)?(\w+)"/.exec(metadata) ?? [];
  if (name === undefined) return undefined;
  const from = module === undefined || module === 'pipeline' ? 'pyspark.ml' : `pyspark.ml.${module}`;
  return `from ${from} import ${name}\n\n${name.endsWith('Model') ? 'model' : 'stage'} = ${name}.load("${place.path}")`;
}

/** The file whose first line says what a saved stage is. */
export function metadataOf(place: Place): string | undefined {
  return place.paths.find((path) => path.startsWith(`${place.path}${METADATA}/`) && isData(path));
}

function isData(path: string): boolean {
  return !/^[_.]/.test(path.split('/').at(-1) ?? '');
}
