// @vitest-environment node
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { fileKind, filePath, isMultiLine, loaderSource, rowTagOf, separatorOf } from './drop';
import { emptyNotebook, newCell } from './document';
import { Files } from './files.svelte';
import { zip } from '../panels/zip';
import { takeFile } from './intake';
import { Library } from './library.svelte';
import { Storage } from './storage';
import { NotebookStore } from './store.svelte';
import { TestKernel } from './testKernel';

describe('the place of a file', () => {
  it.each([
    ['sales.csv', '/files/sales.csv'],
    ['../../etc/passwd', '/files/passwd'],
    ['C:\\data\\my file.csv', '/files/my file.csv'],
    ['a\u0000b\n.csv', '/files/ab.csv'],
    ['  ', '/files/file'],
  ])('%j goes to %s', (name, path) => expect(filePath(name)).toBe(path));

  it('tells notebooks, tables and the rest by their ending', () => {
    expect(['a.CSV', 'b.tsv', 'c.ipynb', 'c.py', 'd.parquet', 'e.jsonl'].map(fileKind)).toEqual([
      'table',
      'table',
      'notebook',
      'notebook',
      'table',
      'table',
    ]);
    expect(['a.txt', 'b'].map(fileKind)).toEqual(['other', 'other']);
  });
});

describe('the separator', () => {
  it.each([
    ['a,b,c\n1,2,3', ','],
    ['a;b;c\n1,5;2,5;3', ';'],
    ['a\tb\tc', '\t'],
    ['"x;y";"z";w', ';'],
    ['"one;two;three",b', ','],
    ['single', ','],
    ['', ','],
  ])('of %j is %j', (head, separator) => expect(separatorOf(head)).toBe(separator));
});

describe('the loading cell', () => {
  it('reads the file and shows it', () => {
    expect(loaderSource('/files/my "best" data.csv')).toBe(
      'df = spark.read.csv("/files/my \\"best\\" data.csv", header=True, inferSchema=True)\ndisplay(df)',
    );
  });

  it('names a separator that is no comma', () => {
    expect(loaderSource('/files/a.tsv', { separator: '\t' })).toContain('inferSchema=True, sep="\\t")');
  });

  it('reads JSON and Parquet as what they are', () => {
    expect(loaderSource('/files/a.jsonl')).toContain('spark.read.json("/files/a.jsonl")');
    expect(loaderSource('/files/a.json', { multiLine: isMultiLine('[\n {"a": 1}\n]') })).toContain('("/files/a.json", multiLine=True)');
    expect(loaderSource('/files/a.parquet')).toContain('spark.read.parquet("/files/a.parquet")');
    expect(loaderSource('/files/a.libsvm')).toBe('df = spark.read.format("libsvm").load("/files/a.libsvm")\ndisplay(df)');
    expect(loaderSource('/files/a.xml', { rowTag: 'book' })).toContain('spark.read.xml("/files/a.xml", rowTag="book")');
    expect(isMultiLine('{"a": 1}\n{"a": 2}')).toBe(false);
    expect(isMultiLine('{\n"a": 1}')).toBe(true);
  });
});

describe('the rows of XML', () => {
  it.each([
    ['<?xml version="1.0"?>\n<!-- <a> -->\n<books><book id="1"><title>x</title></book></books>', 'book'],
    ['<!DOCTYPE x><x>\n<row/></x>', 'row'],
    ['<single>text</single>', 'single'],
    ['', 'ROW'],
  ])('of %j are %j', (head, tag) => expect(rowTagOf(head)).toBe(tag));
});

describe('taking a file', () => {
  async function page(...sources: string[]) {
    const storage = await Storage.open(new IDBFactory());
    const kernel = new TestKernel();
    const store = new NotebookStore({ title: 'T', cells: sources.map((source) => newCell('code', source)) });
    const files = new Files(kernel, storage);
    const library = new Library(store, storage, emptyNotebook);
    const codec = { fromFile: async () => ({ title: 'Opened', cells: [newCell('code', 'x')] }) };
    return { storage, kernel, store, files, library, codec: codec as never };
  }

  it('gives it to the kernel, keeps it for the next visit, and writes the cell', async () => {
    const parts = await page('first', 'second');
    await takeFile(parts, new File(['a;b\n1;2\n'], 'europe.csv'));
    expect(new TextDecoder().decode(parts.kernel.files.get('/files/europe.csv'))).toBe('a;b\n1;2\n');
    expect(parts.store.cells.map((cell) => cell.source)).toEqual([
      'first',
      loaderSource('/files/europe.csv', { separator: ';' }),
      'second',
    ]);

    const next = new Files(new TestKernel(), parts.storage);
    await next.restore();
    expect(next.entries).toMatchObject([{ path: '/files/europe.csv', size: 8 }]);
  });

  it('uses the selected cell when that is empty', async () => {
    const parts = await page('');
    await takeFile(parts, new File(['a,b'], 'x.csv'));
    expect(parts.store.cells.map((cell) => cell.source)).toEqual([loaderSource('/files/x.csv')]);
  });

  it('gives every file to a kernel that starts afresh', async () => {
    const parts = await page('');
    await takeFile(parts, new File(['a,b'], 'x.csv'));
    await parts.kernel.restart();
    expect(parts.kernel.files.size).toBe(0);
    await parts.files.mount();
    expect([...parts.kernel.files.keys()]).toEqual(['/files/x.csv']);
  });

  it('unpacks an archive of a saved stage, and writes the cell that loads it', async () => {
    const parts = await page('');
    const metadata = '{"class":"org.apache.spark.ml.feature.IDFModel","uid":"idf"}';
    const packed = await zip([
      { name: 'idf/metadata/part-00000', content: new Blob([metadata]) },
      { name: 'idf/metadata/.part-00000.crc', content: new Blob(['crc']) },
      { name: 'idf/metadata/_SUCCESS', content: new Blob([]) },
    ]);
    const told = await takeFile(parts, new File([packed], 'download (1).zip'));
    expect(told).toBe('idf is at /files/idf now. Run the new cell to load it.');
    expect([...parts.kernel.files.keys()]).toEqual(['/files/idf/metadata/part-00000', '/files/idf/metadata/_SUCCESS']);
    expect(parts.store.cells.map((cell) => cell.source)).toEqual([
      'from pyspark.ml.feature import IDFModel\n\nmodel = IDFModel.load("/files/idf")',
    ]);
  });

  it('keeps a file of another kind without a cell', async () => {
    const parts = await page('first');
    expect(await takeFile(parts, new File(['{}'], 'notes.md'))).toContain('/files/notes.md');
    expect(parts.store.cells).toHaveLength(1);
  });

  it('opens a notebook as a new one', async () => {
    const parts = await page('first');
    await takeFile(parts, new File(['{}'], 'lesson.ipynb'));
    expect(parts.store.title).toBe('Opened');
    expect(parts.files.entries).toEqual([]);
  });
});
