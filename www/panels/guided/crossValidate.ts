import type { StageInfo } from '../../kernel/protocol';
import { field, integer, list, paramField, text, type Field, type Values } from './fields';
import { imports, stageNamed, type Guide } from './guide';
import { pythonCall, pythonList, pythonString } from './python';
import { columnParam, evaluation, modelChoice, pipelineOf, variableFor } from './train';

/** A first grid for the params that are tuned most. */
const SUGGESTED: Readonly<Record<string, string>> = {
  regParam: '0.001, 0.01, 0.1',
  elasticNetParam: '0.0, 0.5',
  maxDepth: '3, 5, 8',
  numTrees: '20, 50',
  k: '2, 3, 4, 5',
};

const gridKey = (name: string) => `grid:${name}`;

/** A field for each numeric param; a few begin with values to try. */
function gridFields(stage: StageInfo): readonly Field[] {
  return stage.params.flatMap((param) => {
    if (param.value.type !== 'number' && param.value.type !== 'integer') return [];
    if (param.name === 'seed') return [];
    const initial = SUGGESTED[param.name] ?? '';
    const help = `Values to try, parted by commas. ${param.doc}`;
    return [field(gridKey(param.name), param.name, { type: 'numbers' }, { initial, help, advanced: initial === '' })];
  });
}

function labelFields(stage: StageInfo): readonly Field[] {
  return stage.params
    .filter((param) => param.name === 'labelCol' || param.name === 'featuresCol')
    .flatMap((param) => paramField(param) ?? []);
}

export const crossValidate: Guide = {
  title: 'Cross-validate',
  icon: 'folds',
  intro: 'Tries each combination of parameters on several folds of the data and keeps the best.',
  fields(entered, around) {
    const { options, first } = modelChoice(around);
    const stage = stageNamed(around, text(entered, 'model')) ?? first;
    return [
      field('model', 'Model', { type: 'choice', options }, { required: true, initial: first?.name ?? '', help: stage?.doc ?? '' }),
      field(
        'frame',
        'DataFrame',
        { type: 'name', suggestions: around.frames },
        { required: true, initial: around.frames.find((name) => name === 'train') ?? around.frames[0] ?? 'df' },
      ),
      field(
        'stages',
        'Stages before it',
        { type: 'name' },
        { help: 'The list that Prepare features made. They are fitted anew in each fold.' },
      ),
      ...(stage ? [...labelFields(stage), ...gridFields(stage)] : []),
      field('folds', 'Folds', integer(2), { initial: '3', required: true }),
      field('parallelism', 'Fits at once', integer(1), { initial: '2', required: true, advanced: true }),
      field('seed', 'Seed', integer(), { initial: '42', required: true, advanced: true }),
    ];
  },
  frame: (values) => text(values, 'frame'),
  code(values, around) {
    const stage = stageNamed(around, text(values, 'model'));
    if (!stage) return '';
    const stages = text(values, 'stages');
    const variable = variableFor(stage);
    const judged = evaluation(stage, values) ?? { evaluator: 'RegressionEvaluator', args: [], words: 'score' };
    const tried = stage.params.filter((param) => list(values, gridKey(param.name)).length > 0);
    const grid = tried.map((param) => `    .addGrid(${variable}.${param.name}, ${pythonList(list(values, gridKey(param.name)))})`);
    const columns = ['labelCol', 'featuresCol'].flatMap((name) => columnArgument(stage, name, values));
    return [
      imports([
        ...(stages ? [['pyspark.ml', 'Pipeline'] as const] : []),
        [stage.module, stage.name],
        ['pyspark.ml.evaluation', judged.evaluator],
        ['pyspark.ml.tuning', 'CrossValidator'],
        ['pyspark.ml.tuning', 'ParamGridBuilder'],
      ]),
      '',
      pythonCall(stage.name, columns, `${variable} = `),
      grid.length > 0 ? `grid = (\n    ParamGridBuilder()\n${grid.join('\n')}\n    .build()\n)` : 'grid = ParamGridBuilder().build()',
      pythonCall(judged.evaluator, judged.args, 'evaluator = '),
      pythonCall(
        'CrossValidator',
        [
          `estimator=${stages ? pipelineOf(stages, variable) : variable}`,
          'estimatorParamMaps=grid',
          'evaluator=evaluator',
          `numFolds=${text(values, 'folds')}`,
          `parallelism=${text(values, 'parallelism')}`,
          `seed=${text(values, 'seed')}`,
        ],
        'cv = ',
      ),
      `cv_model = cv.fit(${text(values, 'frame')})`,
      'for params, score in zip(grid, cv_model.avgMetrics):',
      '    print(", ".join(f"{p.name}={v}" for p, v in params.items()), f"{score:.4f}")',
    ].join('\n');
  },
};

function columnArgument(stage: StageInfo, name: string, values: Values): string[] {
  const param = stage.params.find((candidate) => candidate.name === name);
  const initial = param && paramField(param)?.initial;
  const entered = columnParam(stage, name, values);
  return entered === '' || entered === initial ? [] : [`${name}=${pythonString(entered)}`];
}
