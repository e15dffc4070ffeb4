/** Folders that come in whole: as an archive, or dropped as they are. */

import type { ZipEntry } from '../panels/zip';

export interface Folder {
  readonly name: string;
  /** By their paths within the folder. */
  readonly files: readonly ZipEntry[];
}

/** The one folder that an archive holds, else a folder of the archive's name. */
export function folderOf(archive: string, entries: readonly ZipEntry[]): Folder {
  const [first = ''] = entries.map(({ name }) => name.split('/')[0] ?? '');
  const alone = entries.length > 0 && entries.every(({ name }) => name.startsWith(`${first}/`));
  if (!alone) return { name: archive.replace(/\.zip$/i, ''), files: entries };
  return { name: first, files: entries.map(({ name, content }) => ({ name: name.slice(first.length + 1), content })) };
}

/** What is used of the browser's entries of dropped files and folders. */
export type DroppedEntry = Pick<FileSystemEntry, 'isDirectory' | 'name'> & Partial<FileSystemDirectoryEntry & FileSystemFileEntry>;

/** All that is in a dropped folder. */
export async function readFolder(folder: DroppedEntry): Promise<Folder> {
  return { name: folder.name, files: await filesIn(folder, '') };
}

async function filesIn(folder: DroppedEntry, before: string): Promise<ZipEntry[]> {
  const files: ZipEntry[] = [];
  for (const entry of await entriesOf(folder)) {
    const name = `${before}${entry.name}`;
    if (entry.isDirectory) files.push(...(await filesIn(entry, `${name}/`)));
    else files.push({ name, content: await new Promise<Blob>((found, failed) => entry.file?.(found, failed)) });
  }
  return files;
}

/** A reader gives some entries at a time, and none when there are no more. */
async function entriesOf(folder: DroppedEntry): Promise<DroppedEntry[]> {
  const reader = folder.createReader?.();
  const all: DroppedEntry[] = [];
  for (;;) {
    const some = await new Promise<readonly DroppedEntry[]>((found, failed) => (reader ? reader.readEntries(found, failed) : found([])));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** Whether a file is the business of an operating system or of Hadoop's checksums, not of a notebook. */
export function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
}
