import { describe, expect, it } from 'vitest';
import type { ParamInfo, ParamType, StageInfo } from '../../kernel/protocol';
import { chart } from './chart';
import { crossValidate } from './crossValidate';
import { fieldPython, paramField, paramKey, problem, valuesOf, type Values } from './fields';
import type { Guide, Surroundings } from './guide';
import { loadData } from './load';
import { prepareFeatures } from './prepare';
import { isIdentifier } from '../../editor/names';
import { pythonCall, pythonString, snakeCase } from './python';
import { train } from './train';

function param(name: string, value: ParamType, initial: string | null): ParamInfo {
  return { name, doc: `About ${name}.`, value, default: initial };
}

const nonNegative: ParamType = { type: 'number', min: 0, max: null, minExclusive: false, maxExclusive: false };

const logistic: StageInfo = {
  name: 'LogisticRegression',
  module: 'pyspark.ml.classification',
  role: 'estimator',
  doc: 'Logistic regression.',
  params: [
    param('featuresCol', { type: 'column' }, "'features'"),
    param('labelCol', { type: 'column' }, "'label'"),
    param('predictionCol', { type: 'outputColumn' }, "'prediction'"),
    param('maxIter', { type: 'integer', min: 0, max: null }, '100'),
    param('regParam', nonNegative, '0.0'),
    param('elasticNetParam', { type: 'number', min: 0, max: 1, minExclusive: false, maxExclusive: false }, '0.0'),
    param('fitIntercept', { type: 'boolean' }, 'True'),
    param('family', { type: 'choice', options: ['auto', 'binomial', 'multinomial'] }, "'auto'"),
    param('thresholds', { type: 'numberList' }, null),
    param('weightCol', { type: 'column' }, null),
  ],
};
const kmeans: StageInfo = {
  name: 'KMeans',
  module: 'pyspark.ml.clustering',
  role: 'estimator',
  doc: 'K-means.',
  params: [
    param('featuresCol', { type: 'column' }, "'features'"),
    param('predictionCol', { type: 'outputColumn' }, "'prediction'"),
    param('k', { type: 'integer', min: 2, max: null }, '2'),
  ],
};
const scaler: StageInfo = {
  name: 'StandardScaler',
  module: 'pyspark.ml.feature',
  role: 'estimator',
  doc: 'Scales.',
  params: [
    param('inputCol', { type: 'column' }, null),
    param('outputCol', { type: 'outputColumn' }, null),
    param('withMean', { type: 'boolean' }, 'False'),
  ],
};
const around: Surroundings = {
  stages: [logistic, kmeans, scaler],
  frames: ['penguins', 'train'],
  sources: [
    { value: '/datasets/penguins.csv', label: 'Penguins' },
    { value: '/files/a b.tsv', label: 'a b.tsv' },
  ],
};

/** The code for a form with these fields entered, after checking that nothing is wrong in it. */
function written(guide: Guide, entered: Values): string {
  const fields = guide.fields(entered, around);
  const values = valuesOf(fields, entered);
  expect(fields.map((field) => [field.key, problem(field, values[field.key] ?? '')]).filter(([, found]) => found !== null)).toEqual([]);
  return guide.code(values, around);
}

describe('Python', () => {
  it('quotes anything a name can hold', () => {
    expect(pythonString('a"b\\c\nd\u0001')).toBe('"a\\"b\\\\c\\nd\\u0001"');
  });

  it('breaks long calls, one argument a line', () => {
    expect(pythonCall('f', ['a=1', 'b=2'], 'x = ')).toBe('x = f(a=1, b=2)');
    const long = 'y'.repeat(50);
    expect(pythonCall('f', [long, long])).toBe(`f(\n    ${long},\n    ${long},\n)`);
  });

  it('knows what can be a name', () => {
    expect(['df', '_x1', 'größe', '1a', 'a b', 'a.b', 'class', ''].map(isIdentifier)).toEqual([
      true,
      true,
      true,
      ...Array<boolean>(5).fill(false),
    ]);
    expect(['LogisticRegression', 'PCA', 'SQLTransformer'].map(snakeCase)).toEqual(['logistic_regression', 'pca', 'sql_transformer']);
  });
});

describe('fields from declarations', () => {
  it('show the default and the doc, and check the range', () => {
    const field = paramField(logistic.params[5] as ParamInfo);
    expect(field).toMatchObject({ label: 'elasticNetParam', help: 'About elasticNetParam.', initial: '0.0', required: false });
    if (!field) return;
    expect(problem(field, '0.5')).toBeNull();
    expect(problem(field, '1.5')).toBe('It must be at most 1.');
    expect(problem(field, '-1')).toBe('It must be at least 0.');
    expect(problem(field, 'much')).toBe('A number, such as 0.1.');
  });

  it('want whole numbers where the param does', () => {
    const field = paramField(kmeans.params[2] as ParamInfo);
    if (!field) throw new Error('no field');
    expect(problem(field, '2.5')).toBe('A whole number, such as 10.');
    expect(problem(field, '1')).toBe('It must be at least 2.');
  });

  it('leave alone what no form can offer', () => {
    expect(paramField(param('initialModel', { type: 'other' }, null))).toBeNull();
  });

  it('write lists of numbers and of columns', () => {
    const thresholds = paramField(logistic.params[8] as ParamInfo);
    if (!thresholds) throw new Error('no field');
    expect(fieldPython(thresholds, '0.2, 0.8')).toBe('[0.2, 0.8]');
    expect(problem(thresholds, '0.2, x')).toBe('“x” is not a number.');
  });
});

describe('Load data', () => {
  it('names the frame after the file and knows how a bundled set writes what is missing', () => {
    expect(written(loadData, {})).toBe(
      'penguins = spark.read.csv(\n    "/datasets/penguins.csv",\n    header=True,\n    inferSchema=True,\n    nullValue="NA",\n)\ndisplay(penguins)',
    );
  });

  it('reads tabs from a .tsv and leaves out what is not asked for', () => {
    expect(written(loadData, { path: '/files/a b.tsv', inferSchema: 'False' })).toBe(
      'a_b = spark.read.csv("/files/a b.tsv", header=True, sep="\\t")\ndisplay(a_b)',
    );
  });
});

describe('Prepare features', () => {
  it('writes a pipeline of the stages that the columns need', () => {
    const code = written(prepareFeatures, { numeric: ['mass', 'length'], categorical: ['island'], label: 'species' });
    expect(code).toBe(`from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler

numeric = ["mass", "length"]
categorical = ["island"]
stages = [
    StringIndexer(inputCol="species", outputCol="label"),
    Imputer(
        inputCols=numeric,
        outputCols=[f"{c}_filled" for c in numeric],
        strategy="median",
    ),
    StringIndexer(
        inputCols=categorical,
        outputCols=[f"{c}_index" for c in categorical],
        handleInvalid="keep",
    ),
    OneHotEncoder(
        inputCols=[f"{c}_index" for c in categorical],
        outputCols=[f"{c}_vec" for c in categorical],
    ),
    VectorAssembler(
        inputCols=[f"{c}_filled" for c in numeric] + [f"{c}_vec" for c in categorical],
        outputCol="assembled",
        handleInvalid="skip",
    ),
    StandardScaler(inputCol="assembled", outputCol="features", withMean=True),
]
prepared = Pipeline(stages=stages).fit(penguins).transform(penguins)
display(prepared)`);
  });

  it('applies a single declared stage with the params that were changed', () => {
    const code = written(prepareFeatures, { step: 'StandardScaler', [paramKey('inputCol')]: 'raw', [paramKey('withMean')]: 'True' });
    expect(code).toBe(`from pyspark.ml.feature import StandardScaler

standard_scaler = StandardScaler(inputCol="raw", withMean=True)
prepared = standard_scaler.fit(penguins).transform(penguins)
display(prepared)`);
  });
});

describe('a single stage', () => {
  it('asks for the column it can not do without', () => {
    const fields = prepareFeatures.fields({ step: 'StandardScaler' }, around);
    expect(fields.filter((field) => problem(field, field.initial) !== null).map((field) => field.label)).toEqual(['inputCol']);
  });
});

describe('Train', () => {
  it('splits, fits, evaluates and shows, with only what differs from the defaults', () => {
    expect(written(train, { [paramKey('regParam')]: '0.01', [paramKey('family')]: 'auto' }))
      .toBe(`from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import MulticlassClassificationEvaluator

train, test = penguins.randomSplit([0.8, 0.2], seed=42)
lr = LogisticRegression(regParam=0.01)
model = lr.fit(train)
predictions = model.transform(test)
evaluator = MulticlassClassificationEvaluator(metricName="accuracy")
print(f"accuracy {evaluator.evaluate(predictions):.4f}")
display(predictions.select("label", "prediction"))`);
  });

  it('puts the stages before the model into one pipeline and follows the label column', () => {
    const code = written(train, { stages: 'stages', split: 'False', [paramKey('labelCol')]: 'species' });
    expect(code).toContain('from pyspark.ml import Pipeline\n');
    expect(code).toContain('lr = LogisticRegression(labelCol="species")\nmodel = Pipeline(stages=stages + [lr]).fit(penguins)\n');
    expect(code).toContain('MulticlassClassificationEvaluator(labelCol="species", metricName="accuracy")');
    expect(code).toContain('predictions.select("species", "prediction")');
  });

  it('judges clusters without a label', () => {
    const code = written(train, { model: 'KMeans', [paramKey('k')]: '3' });
    expect(code).toContain('kmeans = KMeans(k=3)');
    expect(code).toContain('evaluator = ClusteringEvaluator()');
    expect(code).toContain('display(predictions.select("prediction"))');
  });
});

describe('Cross-validate', () => {
  it('tries the grid on the folds and prints each score', () => {
    expect(written(crossValidate, { stages: 'stages', folds: '5', 'grid:elasticNetParam': '' })).toBe(`from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder

lr = LogisticRegression()
grid = (
    ParamGridBuilder()
    .addGrid(lr.regParam, [0.001, 0.01, 0.1])
    .build()
)
evaluator = MulticlassClassificationEvaluator(metricName="accuracy")
cv = CrossValidator(
    estimator=Pipeline(stages=stages + [lr]),
    estimatorParamMaps=grid,
    evaluator=evaluator,
    numFolds=5,
    parallelism=2,
    seed=42,
)
cv_model = cv.fit(train)
for params, score in zip(grid, cv_model.avgMetrics):
    print(", ".join(f"{p.name}={v}" for p, v in params.items()), f"{score:.4f}")`);
  });

  it('refuses a grid that is no list of numbers, and a single fold', () => {
    const entered = { 'grid:regParam': '0.1, much', folds: '1' };
    const fields = crossValidate.fields(entered, around);
    const values = valuesOf(fields, entered);
    const found = Object.fromEntries(fields.map((field) => [field.key, problem(field, values[field.key] ?? '')]));
    expect(found['grid:regParam']).toBe('“much” is not a number.');
    expect(found['folds']).toBe('It must be at least 2.');
  });
});

describe('Chart', () => {
  it.each([
    [{ x: 'a', y: 'b' }, 'penguins.plot.scatter(x="a", y="b")'],
    [{ kind: 'line', x: 'a', ys: ['b', 'c'] }, 'penguins.plot.line(x="a", y=["b", "c"])'],
    [{ kind: 'bar', x: 'a', ys: ['b'] }, 'penguins.plot.bar(x="a", y="b")'],
    [{ kind: 'hist', columns: ['a'], bins: '20' }, 'penguins.plot.hist(column="a", bins=20)'],
    [{ kind: 'box', columns: 'a, b' }, 'penguins.plot.box(column=["a", "b"])'],
    [{ kind: 'confusion' }, 'from kindling import plot\n\nplot.confusion_matrix(predictions)'],
    [{ kind: 'cv' }, 'from kindling import plot\n\nplot.cv_scores(cv_model)'],
  ])('%o writes %s', (entered: Values, code) => expect(written(chart, entered)).toBe(code));

  it('asks for the columns it needs', () => {
    const fields = chart.fields({}, around);
    expect(fields.filter((field) => problem(field, field.initial) !== null).map((field) => field.key)).toEqual(['x', 'y']);
  });
});
