/** What happens to a file that is dropped on the page or chosen: its place, and the cell that loads it. */

import { pythonString } from '../panels/guided/python';

/** Where a file of this name goes: no folders, no control characters, no blank name. */
export function filePath(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? '';
  const clean = base.replace(/[\u0000-\u001f\u007f]/g, '').trim();
  return `/files/${clean || 'file'}`;
}

export type FileKind = 'notebook' | 'archive' | 'table' | 'other';

/** The reader of a file by its name's ending; none where nothing says. */
export type Reader = 'csv' | 'json' | 'libsvm' | 'parquet' | 'text' | 'xml';

const READERS: Readonly<Record<string, Reader>> = {
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
  libsvm: 'libsvm',
  svm: 'libsvm',
  parquet: 'parquet',
  txt: 'text',
  xml: 'xml',
};

/** So much of a file is read to see how it is to be loaded. */
export const HEAD = 64 * 1024;

const extensionOf = (name: string) => name.toLowerCase().split('.').at(-1) ?? '';

export function readerOf(name: string): Reader | undefined {
  return READERS[extensionOf(name)];
}

export function fileKind(name: string): FileKind {
  const extension = extensionOf(name);
  if (extension === 'ipynb' || extension === 'py') return 'notebook';
  if (extension === 'zip') return 'archive';
  const reader = readerOf(name);
  return reader && reader !== 'text' ? 'table' : 'other';
}

/** Whether a JSON file is one record or one array, not a record a line, judged by its beginning. */
export function isMultiLine(head: string): boolean {
  const line = head.trimStart().split(/\r?\n/, 1)[0] ?? '';
  return line.startsWith('[') || !line.trimEnd().endsWith('}');
}

/** The elements of an XML file that are its rows, judged by its beginning: those within the one around all, or that one. */
export function rowTagOf(head: string): string {
  const elements = head.replace(/<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<[?!][^>]*>/g, '').match(/<[^\s/>]+(?=[\s/>])/g) ?? [];
  return (elements[1] ?? elements[0] ?? '<ROW').slice(1);
}

const SEPARATORS = [',', ';', '\t', '|'] as const;

/** The character that separates the fields of a file, judged by its first line; a comma when nothing speaks for another. */
export function separatorOf(head: string): string {
  const line = (head.split(/\r?\n/, 1)[0] ?? '').replace(/"(?:[^"]|"")*"/g, '');
  let best: string = ',';
  let most = 0;
  for (const separator of SEPARATORS) {
    const count = line.split(separator).length - 1;
    if (count > most) {
      best = separator;
      most = count;
    }
  }
  return best;
}

/** What is known of a table's file: where its fields part, whether its JSON spans lines, which elements of its XML are rows, how it is read when
 * its name doesn't say. */
export interface Loading {
  readonly separator?: string;
  readonly multiLine?: boolean;
  readonly rowTag?: string | undefined;
  readonly reader?: Reader | undefined;
}

/** The cell that loads a table and shows it. */
export function loaderSource(path: string, { separator = ',', multiLine = false, rowTag = 'ROW', reader }: Loading = {}): string {
  const format = reader ?? readerOf(path) ?? 'csv';
  if (format === 'libsvm') return `df = spark.read.format("libsvm").load(${pythonString(path)})\ndisplay(df)`;
  const sep = separator === ',' ? '' : `, sep=${pythonString(separator)}`;
  const options = {
    csv: `, header=True, inferSchema=True${sep}`,
    json: multiLine ? ', multiLine=True' : '',
    parquet: '',
    text: '',
    xml: `, rowTag=${pythonString(rowTag)}`,
  };
  return `df = spark.read.${format}(${pythonString(path)}${options[format]})\ndisplay(df)`;
}
