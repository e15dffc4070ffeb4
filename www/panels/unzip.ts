/** The files of a zip archive. Source of the format: APPNOTE.TXT of PKWARE. */

import type { ZipEntry } from './zip';

/** More than this is no folder of a notebook. */
const MOST_FILES = 10_000;
const MOST_BYTES = 2 ** 31;

const END = 0x06054b50;
const LISTED = 0x02014b50;
const END_SIZE = 22;

/** @throws Error when the archive is broken, encrypted, too large, or packed in a way that browsers can't unpack. */
export async function unzip(archive: Blob): Promise<ZipEntry[]> {
  const view = new DataView(await archive.arrayBuffer());
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count > MOST_FILES) throw new Error(`the archive has more than ${MOST_FILES.toLocaleString('en')} files`);
  const entries: ZipEntry[] = [];
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== LISTED) throw new Error('the archive is broken');
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const [named, extra, comment] = [28, 30, 32].map((k) => view.getUint16(at + k, true)) as [number, number, number];
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, named)).replaceAll('\\', '/');
    const start = view.getUint32(at + 42, true);
    at += 46 + named + extra + comment;
    if (name.endsWith('/')) continue;
    if (flags & 1) throw new Error('the archive is encrypted');
    if (method !== 0 && method !== 8) throw new Error(`${name} is packed in a way (${method}) that can't be unpacked here`);
    if ([packed, size, start].includes(0xffffffff) || (total += size) > MOST_BYTES) throw new Error('the archive is larger than 2 GB');
    if (name.startsWith('/') || name.split('/').includes('..')) throw new Error(`${name} leads out of the archive`);
    // The names' lengths before the data may differ from the listed ones.
    const data = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
    const content = archive.slice(data, data + packed);
    entries.push({ name, content: method === 0 ? content : await inflated(content, size) });
  }
  return entries;
}

/** Where the archive's end begins: behind it there is at most a comment. */
function endOf(view: DataView): number {
  for (let at = view.byteLength - END_SIZE; at >= Math.max(0, view.byteLength - END_SIZE - 0xffff); at -= 1) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new Error('it is no zip archive');
}

/** What was packed, read no further than it says to be long. */
async function inflated(packed: Blob, size: number): Promise<Blob> {
  const reader = packed.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const parts: BlobPart[] = [];
  let read = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    read += next.value.length;
    if (read > size) {
      await reader.cancel();
      break;
    }
    parts.push(next.value);
  }
  if (read !== size) throw new Error('the archive is broken');
  return new Blob(parts);
}
