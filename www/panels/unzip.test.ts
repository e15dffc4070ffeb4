// @vitest-environment node
import { expect, it } from 'vitest';
import { unzip } from './unzip';
import { zip } from './zip';

/** Made by Python's zipfile: a folder, and three deflated files in it. */
const MODEL = [
  'UEsDBBQAAAAIAAAAIQAAAAAAAgAAAAAAAAAGAAAAbW9kZWwvAwBQSwMEFAAAAAgAAAAhADQcNaUSAAAAaAAAABkAAABtb2RlbC9tZXRhZGF0YS9wYXJ0LTAw',
  'MDAwq1ZKzkksLlayUqpQqq2mHQcAUEsDBBQAAAAIAAAAIQAAAAAAAgAAAAAAAAAXAAAAbW9kZWwvbWV0YWRhdGEvX1NVQ0NFU1MDAFBLAwQUAAAACAAAACEA',
  'R93ceQQAAAACAAAADAAAAG1vZGVsL8OpLnR4dMvPBgBQSwECFAMUAAAACAAAACEAAAAAAAIAAAAAAAAABgAAAAAAAAAAAAAAgAEAAAAAbW9kZWwvUEsBAhQD',
  'FAAAAAgAAAAhADQcNaUSAAAAaAAAABkAAAAAAAAAAAAAAIABJgAAAG1vZGVsL21ldGFkYXRhL3BhcnQtMDAwMDBQSwECFAMUAAAACAAAACEAAAAAAAIAAAAA',
  'AAAAFwAAAAAAAAAAAAAAgAFvAAAAbW9kZWwvbWV0YWRhdGEvX1NVQ0NFU1NQSwECFAMUAAAACAAAACEAR93ceQQAAAACAAAADAAAAAAAAAAAAAAAgAGmAAAA',
  'bW9kZWwvw6kudHh0UEsFBgAAAAAEAAQA+gAAANQAAAAOAG1hZGUgZWxzZXdoZXJl',
].join('');
/** A file packed by bzip2, and one that would lie beside the archive. */
const BZIP2 = [
  'UEsDBC4AAAAMAAAAIQB9utdHJwAAADIAAAAFAAAAYS50eHRCWmg5MUFZJlNZ136RFQAAAhEAAAEgACAAIQCCCxdyRThQkNd+kRVQSwECLgMuAAAADAAAACEA',
  'fbrXRycAAAAyAAAABQAAAAAAAAAAAAAAgAEAAAAAYS50eHRQSwUGAAAAAAEAAQAzAAAASgAAAA4AbWFkZSBlbHNld2hlcmU=',
].join('');
const OUTSIDE = [
  'UEsDBBQAAAAIAAAAIQCDFtyMAwAAAAEAAAAKAAAALi4vb3V0LnR4dKsAAFBLAQIUAxQAAAAIAAAAIQCDFtyMAwAAAAEAAAAKAAAAAAAAAAAAAACAAQAAAAAu',
  'Li9vdXQudHh0UEsFBgAAAAABAAEAOAAAACsAAAAOAG1hZGUgZWxzZXdoZXJl',
].join('');

const archive = (base64: string) => new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]);

async function contents(archive: Blob): Promise<[string, string][]> {
  return Promise.all((await unzip(archive)).map(async ({ name, content }) => [name, await content.text()] as [string, string]));
}

it('unpacks what another program packed', async () => {
  expect(await contents(archive(MODEL))).toEqual([
    ['model/metadata/part-00000', '{"class":"x"}'.repeat(8)],
    ['model/metadata/_SUCCESS', ''],
    ['model/é.txt', 'ok'],
  ]);
});

it('unpacks what was packed here', async () => {
  const packed = await zip([{ name: 'out/a.csv', content: new Blob(['1,2']) }]);
  expect(await contents(packed)).toEqual([['out/a.csv', '1,2']]);
});

it('says what it can not unpack', async () => {
  await expect(unzip(new Blob(['no archive at all, but long enough to be one']))).rejects.toThrow('it is no zip archive');
  await expect(unzip(archive(BZIP2))).rejects.toThrow('a.txt is packed in a way (12)');
  await expect(unzip(archive(OUTSIDE))).rejects.toThrow('leads out of the archive');
  const bytes = new Uint8Array(await archive(MODEL).arrayBuffer());
  // The third listed file says to be longer than it is.
  const listed = new TextDecoder('latin1').decode(bytes).lastIndexOf('PK\u0001\u0002');
  bytes[listed + 24] = 9;
  await expect(unzip(new Blob([bytes]))).rejects.toThrow('the archive is broken');
});
