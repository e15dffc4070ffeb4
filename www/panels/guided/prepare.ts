import type { StageInfo } from '../../kernel/protocol';
import { field, isOn, list, paramArguments, paramField, text, type Field, type Values } from './fields';
import { imports, stageNamed, stageOptions, stagesOf, type Guide } from './guide';
import { pythonCall, pythonList, pythonString, snakeCase } from './python';

const RECIPE = 'recipe';

export const prepareFeatures: Guide = {
  title: 'Prepare features',
  icon: 'wand',
  intro: 'Turns columns into the vector of numbers that a model learns from, or applies one transformer.',
  fields(entered, around) {
    const step = text(entered, 'step') || RECIPE;
    const options = [
      { value: RECIPE, label: 'Everything for a table', group: 'Recipe' },
      ...stageOptions([...stagesOf(around, 'estimator', ['feature']), ...stagesOf(around, 'transformer', ['feature'])]),
    ];
    const stage = stageNamed(around, step);
    return [
      field(
        'step',
        'Step',
        { type: 'choice', options },
        { initial: RECIPE, required: true, help: stage?.doc ?? 'Fill gaps, index and encode categories, assemble, scale.' },
      ),
      field('frame', 'DataFrame', { type: 'name', suggestions: around.frames }, { required: true, initial: around.frames[0] ?? 'df' }),
      ...(stage ? stageFields(stage) : recipeFields(entered)),
    ];
  },
  frame: (values) => text(values, 'frame'),
  code(values, around) {
    const stage = stageNamed(around, text(values, 'step'));
    return stage ? stageCode(stage, values) : recipeCode(values);
  },
};

function recipeFields(entered: Values): readonly Field[] {
  return [
    // A vector of nothing teaches nobody.
    field('numeric', 'Numeric columns', { type: 'columns' }, { required: list(entered, 'categorical').length === 0 }),
    field('categorical', 'Categories', { type: 'columns' }, { help: 'Columns of words; each value becomes a column of its own.' }),
    field(
      'label',
      'Column to predict',
      { type: 'column' },
      { help: 'When it holds words, it is indexed to “label”. Leave it empty for numbers.' },
    ),
    field('fill', 'Fill missing numbers with the median', { type: 'boolean' }, { initial: 'True' }),
    field('scale', 'Scale to unit deviation', { type: 'boolean' }, { initial: 'True' }),
    field(
      'stages',
      'Name',
      { type: 'name' },
      { initial: 'stages', required: true, help: 'The variable that holds the stages; Train uses it.' },
    ),
  ];
}

function recipeCode(values: Values): string {
  const numeric = list(values, 'numeric');
  const categorical = list(values, 'categorical');
  const label = text(values, 'label');
  const fill = isOn(values, 'fill') && numeric.length > 0;
  const scale = isOn(values, 'scale');
  const name = text(values, 'stages');
  const used: string[] = ['VectorAssembler'];
  const lines: string[] = [];
  const stages: string[] = [];
  const inputs: string[] = [];
  if (numeric.length > 0) lines.push(`numeric = ${pythonList(numeric.map(pythonString))}`);
  if (categorical.length > 0) lines.push(`categorical = ${pythonList(categorical.map(pythonString))}`);
  if (label) {
    used.push('StringIndexer');
    stages.push(pythonCall('StringIndexer', [`inputCol=${pythonString(label)}`, 'outputCol="label"']));
  }
  if (fill) {
    used.push('Imputer');
    stages.push(pythonCall('Imputer', ['inputCols=numeric', 'outputCols=[f"{c}_filled" for c in numeric]', 'strategy="median"']));
    inputs.push('[f"{c}_filled" for c in numeric]');
  } else if (numeric.length > 0) inputs.push('numeric');
  if (categorical.length > 0) {
    used.push('StringIndexer', 'OneHotEncoder');
    const indexed = '[f"{c}_index" for c in categorical]';
    const encoded = '[f"{c}_vec" for c in categorical]';
    stages.push(pythonCall('StringIndexer', ['inputCols=categorical', `outputCols=${indexed}`, 'handleInvalid="keep"']));
    stages.push(pythonCall('OneHotEncoder', [`inputCols=${indexed}`, `outputCols=${encoded}`]));
    inputs.push(encoded);
  }
  const assembled = scale ? 'assembled' : 'features';
  stages.push(
    pythonCall('VectorAssembler', [`inputCols=${inputs.join(' + ') || '[]'}`, `outputCol="${assembled}"`, 'handleInvalid="skip"']),
  );
  if (scale) {
    used.push('StandardScaler');
    stages.push(pythonCall('StandardScaler', ['inputCol="assembled"', 'outputCol="features"', 'withMean=True']));
  }
  const frame = text(values, 'frame');
  return [
    imports([['pyspark.ml', 'Pipeline'], ...used.map((item) => ['pyspark.ml.feature', item] as const)]),
    '',
    ...lines,
    `${name} = [\n${stages.map((stage) => `    ${stage.replaceAll('\n', '\n    ')},`).join('\n')}\n]`,
    `prepared = Pipeline(stages=${name}).fit(${frame}).transform(${frame})`,
    'display(prepared)',
  ].join('\n');
}

/** Stages take one column or several; one that knows only one of the forms can't do without it. */
function stageFields(stage: StageInfo): readonly Field[] {
  const inputs = stage.params.filter(({ name }) => name === 'inputCol' || name === 'inputCols');
  const needed = inputs.length === 1 ? inputs[0]?.name : undefined;
  return [
    ...stage.params.flatMap((param) => {
      const target = paramField(param);
      return target ? { ...target, required: param.name === needed } : [];
    }),
    field('result', 'Name of the result', { type: 'name' }, { initial: 'prepared', required: true }),
  ];
}

function stageCode(stage: StageInfo, values: Values): string {
  const frame = text(values, 'frame');
  const result = text(values, 'result');
  const name = snakeCase(stage.name);
  const apply = stage.role === 'estimator' ? `${name}.fit(${frame}).transform(${frame})` : `${name}.transform(${frame})`;
  return [
    imports([[stage.module, stage.name]]),
    '',
    pythonCall(stage.name, paramArguments(stage.params, values), `${name} = `),
    `${result} = ${apply}`,
    `display(${result})`,
  ].join('\n');
}
