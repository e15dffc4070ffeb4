import { choice, field, isOn, text, type Values } from './fields';
import type { Guide } from './guide';
import { isIdentifier } from '../../editor/names';
import { pythonCall, pythonString, snakeCase } from './python';

/** Missing values as the bundled data sets write them. */
const BUNDLED_NULLS: Readonly<Record<string, string>> = { '/datasets/penguins.csv': 'NA' };
const SEPARATORS: Readonly<Record<string, string>> = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' };

export function frameName(path: string): string {
  const stem = (path.split('/').at(-1) ?? '').replace(/\.[^.]*$/, '');
  const name = snakeCase(stem.replace(/[^\p{L}\p{N}]+/gu, '_')).replace(/^_+|_+$/g, '');
  return isIdentifier(name) ? name : 'df';
}

const isLibsvm = (path: string) => /libsvm|\.svm$/i.test(path);

export const loadData: Guide = {
  title: 'Load data',
  icon: 'data',
  intro: 'Reads a file into a DataFrame and shows its first rows.',
  fields(entered, { sources }) {
    const path = text(entered, 'path') || (sources[0]?.value ?? '');
    const basics = [
      field(
        'path',
        'File',
        { type: 'choice', options: sources },
        { required: true, initial: sources[0]?.value ?? '', help: 'Your own files and the data sets that come with Kindling.' },
      ),
      field('name', 'Name', { type: 'name' }, { required: true, initial: frameName(path), help: 'The variable that holds the DataFrame.' }),
    ];
    if (isLibsvm(path)) return basics;
    return [
      ...basics,
      field('header', 'First line has the names', { type: 'boolean' }, { initial: 'True' }),
      field('inferSchema', 'Find out the types', { type: 'boolean' }, { initial: 'True', help: 'Otherwise every column is a string.' }),
      field('sep', 'Separator', choice(Object.keys(SEPARATORS)), { initial: path.endsWith('.tsv') ? 'tab' : 'comma' }),
      field('nullValue', 'Missing values are written as', { type: 'text', placeholder: 'nothing' }, { initial: BUNDLED_NULLS[path] ?? '' }),
    ];
  },
  frame: () => '',
  code(values: Values) {
    const path = text(values, 'path');
    const name = text(values, 'name');
    if (isLibsvm(path)) return `${name} = spark.read.format("libsvm").load(${pythonString(path)})\ndisplay(${name})`;
    const args = [pythonString(path)];
    if (isOn(values, 'header')) args.push('header=True');
    if (isOn(values, 'inferSchema')) args.push('inferSchema=True');
    const separator = SEPARATORS[text(values, 'sep')] ?? ',';
    if (separator !== ',') args.push(`sep=${pythonString(separator)}`);
    if (text(values, 'nullValue')) args.push(`nullValue=${pythonString(text(values, 'nullValue'))}`);
    return `${pythonCall('spark.read.csv', args, `${name} = `)}\ndisplay(${name})`;
  },
};
