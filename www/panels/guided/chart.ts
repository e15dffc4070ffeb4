import { field, integer, list, text, type Field, type Option, type Values } from './fields';
import type { Guide } from './guide';
import { pythonList, pythonString } from './python';

/** A kind of chart: its fields beside the source, and the expression that makes it. */
interface Kind {
  readonly label: string;
  readonly group: 'Data' | 'Model';
  readonly source: { readonly label: string; readonly initial: string; readonly help?: string };
  readonly fields: readonly Field[];
  code(source: string, values: Values): string;
}

const frame = { label: 'DataFrame', initial: 'df' };
const x = field('x', 'Across', { type: 'column' }, { required: true });
const y = field('y', 'Up', { type: 'column' }, { required: true });
const ys = field('ys', 'Up', { type: 'columns' }, { required: true });

const quoted = (values: Values, key: string) => pythonString(text(values, key));
const columns = (values: Values, key: string) => {
  const names = list(values, key);
  return names.length === 1 ? pythonString(names[0] ?? '') : pythonList(names.map(pythonString));
};

const KINDS: Readonly<Record<string, Kind>> = {
  scatter: {
    label: 'Scatter: one column against another',
    group: 'Data',
    source: frame,
    fields: [x, y],
    code: (source, values) => `${source}.plot.scatter(x=${quoted(values, 'x')}, y=${quoted(values, 'y')})`,
  },
  line: {
    label: 'Line: columns along another',
    group: 'Data',
    source: frame,
    fields: [x, ys],
    code: (source, values) => `${source}.plot.line(x=${quoted(values, 'x')}, y=${columns(values, 'ys')})`,
  },
  bar: {
    label: 'Bar: a value for each name',
    group: 'Data',
    source: frame,
    fields: [x, ys],
    code: (source, values) => `${source}.plot.bar(x=${quoted(values, 'x')}, y=${columns(values, 'ys')})`,
  },
  hist: {
    label: 'Histogram: how values spread',
    group: 'Data',
    source: frame,
    fields: [
      field('columns', 'Columns', { type: 'columns' }, { required: true }),
      field('bins', 'Bins', integer(1), { initial: '10', required: true }),
    ],
    code: (source, values) => `${source}.plot.hist(column=${columns(values, 'columns')}, bins=${text(values, 'bins')})`,
  },
  box: {
    label: 'Box: quartiles and outliers',
    group: 'Data',
    source: frame,
    fields: [field('columns', 'Columns', { type: 'columns' }, { required: true })],
    code: (source, values) => `${source}.plot.box(column=${columns(values, 'columns')})`,
  },
  roc: {
    label: 'ROC curve',
    group: 'Model',
    source: { label: 'Predictions', initial: 'predictions', help: 'A frame that a classifier with two classes transformed.' },
    fields: [],
    code: (source) => `plot.roc_curve(${source})`,
  },
  pr: {
    label: 'Precision and recall',
    group: 'Model',
    source: { label: 'Predictions', initial: 'predictions', help: 'A frame that a classifier with two classes transformed.' },
    fields: [],
    code: (source) => `plot.precision_recall_curve(${source})`,
  },
  confusion: {
    label: 'Confusion matrix',
    group: 'Model',
    source: { label: 'Predictions', initial: 'predictions' },
    fields: [],
    code: (source) => `plot.confusion_matrix(${source})`,
  },
  importances: {
    label: 'Feature importances',
    group: 'Model',
    source: { label: 'Model', initial: 'model', help: 'A fitted tree or forest, or a pipeline that ends in one.' },
    fields: [],
    code: (source) => `plot.feature_importances(${source})`,
  },
  cv: {
    label: 'Cross-validation scores',
    group: 'Model',
    source: { label: 'Model', initial: 'cv_model', help: 'What CrossValidator.fit gave.' },
    fields: [],
    code: (source) => `plot.cv_scores(${source})`,
  },
};

const OPTIONS: readonly Option[] = Object.entries(KINDS).map(([value, { label, group }]) => ({ value, label, group }));

export const chart: Guide = {
  title: 'Chart',
  icon: 'chart',
  intro: 'Draws a frame or what a model learned.',
  fields(entered, { frames }) {
    const kind = KINDS[text(entered, 'kind') || 'scatter'];
    if (!kind) return [];
    const ofFrame = kind.group === 'Data';
    return [
      field('kind', 'Chart', { type: 'choice', options: OPTIONS }, { required: true, initial: 'scatter' }),
      field(
        'source',
        kind.source.label,
        { type: 'name', suggestions: ofFrame ? frames : [] },
        {
          required: true,
          initial: ofFrame ? (frames[0] ?? kind.source.initial) : kind.source.initial,
          help: kind.source.help ?? '',
        },
      ),
      ...kind.fields,
    ];
  },
  frame: (values) => (KINDS[text(values, 'kind')]?.group === 'Data' ? text(values, 'source') : ''),
  code(values) {
    const kind = KINDS[text(values, 'kind')];
    if (!kind) return '';
    const expression = kind.code(text(values, 'source'), values);
    return kind.group === 'Model' ? `from kindling import plot\n\n${expression}` : expression;
  },
};
