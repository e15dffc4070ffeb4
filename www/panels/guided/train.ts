import type { StageInfo } from '../../kernel/protocol';
import { field, integer, isOn, paramArguments, paramField, text, type Values } from './fields';
import { imports, shortModule, stageNamed, stageOptions, stagesOf, type Guide, type Surroundings } from './guide';
import { pythonCall, pythonList, pythonString, snakeCase } from './python';

export const MODEL_MODULES = ['classification', 'regression', 'clustering', 'recommendation'] as const;

/** Names of estimators as people abbreviate them. */
const SHORT: Readonly<Record<string, string>> = {
  LogisticRegression: 'lr',
  LinearRegression: 'lr',
  DecisionTreeClassifier: 'tree',
  RandomForestClassifier: 'forest',
  KMeans: 'kmeans',
};

export function variableFor(stage: StageInfo): string {
  return SHORT[stage.name] ?? snakeCase(stage.name);
}

/** The param's value as a column name: what was entered, or what it is when nothing was. */
export function columnParam(stage: StageInfo, name: string, values: Values): string {
  const param = stage.params.find((candidate) => candidate.name === name);
  const target = param && paramField(param);
  if (!target) return '';
  return text(values, target.key) || String(target.initial);
}

/** How a model of this module is judged. */
export function evaluation(stage: StageInfo, values: Values): { evaluator: string; args: string[]; words: string } | null {
  const label = columnParam(stage, 'labelCol', values);
  const labelled = label === '' || label === 'label' ? [] : [`labelCol=${pythonString(label)}`];
  switch (shortModule(stage)) {
    case 'classification':
      return { evaluator: 'MulticlassClassificationEvaluator', args: [...labelled, 'metricName="accuracy"'], words: 'accuracy' };
    case 'regression':
      return { evaluator: 'RegressionEvaluator', args: [...labelled, 'metricName="rmse"'], words: 'RMSE' };
    case 'clustering':
      return { evaluator: 'ClusteringEvaluator', args: [], words: 'silhouette' };
    default:
      return null;
  }
}

/** The estimator alone, or a pipeline that prepares first. */
export function pipelineOf(stages: string, variable: string): string {
  return `Pipeline(stages=${stages ? `${stages} + ` : ''}${pythonList([variable])})`;
}

export function modelChoice(around: Surroundings) {
  const models = stagesOf(around, 'estimator', MODEL_MODULES);
  return { models, options: stageOptions(models), first: models.find((stage) => stage.name === 'LogisticRegression') ?? models[0] };
}

export const train: Guide = {
  title: 'Train',
  icon: 'train',
  intro: 'Fits a model and says how good it is on rows it has not seen.',
  fields(entered, around) {
    const { options, first } = modelChoice(around);
    const stage = stageNamed(around, text(entered, 'model')) ?? first;
    return [
      field('model', 'Model', { type: 'choice', options }, { required: true, initial: first?.name ?? '', help: stage?.doc ?? '' }),
      field(
        'frame',
        'DataFrame',
        { type: 'name', suggestions: around.frames },
        { required: true, initial: around.frames.find((name) => name === 'prepared') ?? around.frames[0] ?? 'df' },
      ),
      field(
        'stages',
        'Stages before it',
        { type: 'name' },
        { help: 'The list that Prepare features made, such as stages. Empty when the frame has its features.' },
      ),
      ...(stage?.params.flatMap((param) => paramField(param) ?? []) ?? []),
      field('split', 'Keep a fifth of the rows to test', { type: 'boolean' }, { initial: 'True' }),
      field('seed', 'Seed of the split', integer(), { initial: '42', advanced: true }),
    ];
  },
  frame: (values) => text(values, 'frame'),
  code(values, around) {
    const stage = stageNamed(around, text(values, 'model'));
    if (!stage) return '';
    const frame = text(values, 'frame');
    const stages = text(values, 'stages');
    const split = isOn(values, 'split');
    const variable = variableFor(stage);
    const judged = evaluation(stage, values);
    const [training, testing] = split ? ['train', 'test'] : [frame, frame];
    const label = columnParam(stage, 'labelCol', values);
    const shown = [label, columnParam(stage, 'predictionCol', values)].filter((name) => name !== '');
    return [
      imports([
        ...(stages ? [['pyspark.ml', 'Pipeline'] as const] : []),
        [stage.module, stage.name],
        ...(judged ? [['pyspark.ml.evaluation', judged.evaluator] as const] : []),
      ]),
      '',
      ...(split ? [`train, test = ${frame}.randomSplit([0.8, 0.2], seed=${text(values, 'seed') || '42'})`] : []),
      pythonCall(stage.name, paramArguments(stage.params, values), `${variable} = `),
      `model = ${stages ? pipelineOf(stages, variable) : variable}.fit(${training})`,
      `predictions = model.transform(${testing})`,
      ...(judged
        ? [pythonCall(judged.evaluator, judged.args, 'evaluator = '), `print(f"${judged.words} {evaluator.evaluate(predictions):.4f}")`]
        : []),
      shown.length > 0 ? `display(predictions.select(${shown.map(pythonString).join(', ')}))` : 'display(predictions)',
    ].join('\n');
  },
};
