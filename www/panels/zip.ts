/** Several files as one archive, stored without compression: part files are compressed where their format is. */

export interface ZipEntry {
  /** With its folders, parted by `/`. */
  readonly name: string;
  readonly content: Blob;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Numbers of 2 or 4 bytes, the lowest byte first. */
function numbers(...fields: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

/** Names are UTF-8. */
const FLAGS = 0x0800;
/** The first of January 1980: archives of the same files are the same. */
const DATE = 0x0021;

export async function zip(entries: readonly ZipEntry[]): Promise<Blob> {
  const files: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let offset = 0;
  let directorySize = 0;
  for (const { name, content } of entries) {
    const path = new TextEncoder().encode(name);
    const crc = crc32(new Uint8Array(await content.arrayBuffer()));
    const facts = [
      [2, 20],
      [2, FLAGS],
      [2, 0],
      [2, 0],
      [2, DATE],
      [4, crc],
      [4, content.size],
      [4, content.size],
      [2, path.length],
      [2, 0],
    ] as const;
    const head = numbers([4, 0x04034b50], ...facts);
    const listed = numbers([4, 0x02014b50], [2, 20], ...facts, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    files.push(head, path, content);
    directory.push(listed, path);
    offset += head.length + path.length + content.size;
    directorySize += listed.length + path.length;
  }
  const count = entries.length;
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, directorySize], [4, offset], [2, 0]);
  return new Blob([...files, ...directory, end], { type: 'application/zip' });
}
