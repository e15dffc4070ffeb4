/** What happens to a file that is dropped on the page or chosen: its place, and the cell that loads it. */

import { pythonString } from '../panels/guided/python';

/** Where a file of this name goes: no folders, no control characters, no blank name. */
export function filePath(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? '';
  const clean = base.replace(/[\u0000-\u001f\u007f]/g, '').trim();
  return `/files/${clean || 'file'}`;
}

export type FileKind = 'notebook' | 'table' | 'other';

export function fileKind(name: string): FileKind {
  const extension = name.toLowerCase().split('.').at(-1);
  if (extension === 'ipynb' || extension === 'py') return 'notebook';
  return extension === 'csv' || extension === 'tsv' ? 'table' : 'other';
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

/** The cell that loads a dropped table and shows it. */
export function loaderSource(path: string, separator = ',', name = 'df'): string {
  const sep = separator === ',' ? '' : `, sep=${pythonString(separator)}`;
  return `${name} = spark.read.csv(${pythonString(path)}, header=True, inferSchema=True${sep})\ndisplay(${name})`;
}
