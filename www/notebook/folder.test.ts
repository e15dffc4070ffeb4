// @vitest-environment node
import { expect, it } from 'vitest';
import { folderOf, isHidden, readFolder, type DroppedEntry } from './folder';

const file = (name: string): DroppedEntry => ({ isDirectory: false, name, file: (found) => found(new File([name], name)) });

/** A folder as browsers show it: some entries at a time. */
function folder(name: string, ...entries: DroppedEntry[]): DroppedEntry {
  const createReader = () => {
    const left = [...entries];
    return { readEntries: (found: (some: FileSystemEntry[]) => void) => found(left.splice(0, 2) as FileSystemEntry[]) };
  };
  return { isDirectory: true, name, createReader };
}

it('reads a dropped folder to its last file', async () => {
  const read = await readFolder(folder('model', folder('metadata', file('_SUCCESS'), file('part-00000')), file('a'), file('b')));
  expect([read.name, read.files.map(({ name }) => name)]).toEqual(['model', ['metadata/_SUCCESS', 'metadata/part-00000', 'a', 'b']]);
  expect(await read.files[3]?.content.text()).toBe('b');
});

it("takes an archive's one folder, or its name", () => {
  const content = new Blob();
  const named = (...names: string[]) =>
    folderOf(
      'packed.zip',
      names.map((name) => ({ name, content })),
    );
  expect(named('model/a', 'model/b/c')).toMatchObject({ name: 'model', files: [{ name: 'a' }, { name: 'b/c' }] });
  expect(named('model/a', 'other')).toMatchObject({ name: 'packed', files: [{ name: 'model/a' }, { name: 'other' }] });
});

it('knows what is not of the notebook', () => {
  expect(['a/.part-00000.crc', '__MACOSX/a', '.DS_Store', 'a/_SUCCESS', 'a.b/c'].map(isHidden)).toEqual([true, true, true, false, false]);
});
