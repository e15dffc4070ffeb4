// @vitest-environment node
import { expect, it } from 'vitest';
import { zip } from './zip';

/** The numbers of an archive's parts: APPNOTE.TXT of PKWARE; the checksum of `123456789` is the one that CRC-32 is known by. */
it('stores files with their checksums and says where each begins', async () => {
  const archive = await zip([
    { name: 'out/a.csv', content: new Blob(['123456789']) },
    { name: 'out/é', content: new Blob([]) },
  ]);
  const bytes = new Uint8Array(await archive.arrayBuffer());
  const view = new DataView(bytes.buffer);
  const text = (from: number, length: number) => new TextDecoder().decode(bytes.subarray(from, from + length));
  const end = bytes.length - 22;
  expect([view.getUint32(end, true), view.getUint16(end + 10, true)]).toEqual([0x06054b50, 2]);
  let at = view.getUint32(end + 16, true);
  const found: unknown[] = [];
  while (at < end) {
    expect(view.getUint32(at, true)).toBe(0x02014b50);
    const [crc, size, nameLength, start] = [16, 24, 28, 42].map((k) =>
      k === 28 ? view.getUint16(at + k, true) : view.getUint32(at + k, true),
    );
    expect(view.getUint32(start ?? 0, true)).toBe(0x04034b50);
    expect(view.getUint32((start ?? 0) + 14, true)).toBe(crc);
    const data = (start ?? 0) + 30 + (nameLength ?? 0);
    found.push([text(at + 46, nameLength ?? 0), crc, text(data, size ?? 0)]);
    at += 46 + (nameLength ?? 0);
  }
  expect(found).toEqual([
    ['out/a.csv', 0xcbf43926, '123456789'],
    ['out/é', 0, ''],
  ]);
});
