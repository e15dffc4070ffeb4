// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { loaderOf, metadataOf, placeLoader, placesOf, stageLoaderOf } from './places';

const entry = (path: string, size = 10) => ({ path, size, modified: 0 });

describe('the list of files', () => {
  it('shows a written folder as one, and files as themselves', () => {
    const places = placesOf([
      entry('/files/a.csv'),
      entry('/files/out/_SUCCESS', 0),
      entry('/files/out/year=2024/part-00000-x.c000.json'),
      entry('/files/out/year=2025/part-00000-x.c000.json'),
      entry('/files/own/b.csv'),
    ]);
    expect(places.map(({ path, size, folder, parts }) => [path, size, folder, parts])).toEqual([
      ['/files/a.csv', 10, false, 1],
      ['/files/out', 20, true, 2],
      ['/files/own/b.csv', 10, false, 1],
    ]);
    expect(places[1]?.paths).toHaveLength(3);
  });

  it('shows a saved pipeline as one stage, loaded by its class', () => {
    const places = placesOf([
      entry('/files/model/metadata/_SUCCESS', 0),
      entry('/files/model/metadata/part-00000'),
      entry('/files/model/stages/0_a/data/_SUCCESS', 0),
      entry('/files/model/stages/0_a/data/part-00000-x-c000.snappy.parquet'),
      entry('/files/model/stages/0_a/metadata/_SUCCESS', 0),
      entry('/files/model/stages/0_a/metadata/part-00000'),
    ]);
    expect(places.map(({ path, stage, paths }) => [path, stage, paths.length])).toEqual([['/files/model', true, 6]]);
    const [model] = places;
    if (!model) throw new Error('no place');
    expect(metadataOf(model)).toBe('/files/model/metadata/part-00000');
    expect(stageLoaderOf(model, '{"class":"org.apache.spark.ml.PipelineModel","uid":"a"}')).toBe(
      'from pyspark.ml import PipelineModel\n\nmodel = PipelineModel.load("/files/model")',
    );
    expect(stageLoaderOf(model, '{"class":"org.apache.spark.ml.feature.Tokenizer"}')).toBe(
      'from pyspark.ml.feature import Tokenizer\n\nstage = Tokenizer.load("/files/model")',
    );
    expect(stageLoaderOf(model, '{"class":"elsewhere.Thing"}')).toBeUndefined();
  });

  it('loads each as what it is', () => {
    const loaders = placesOf([
      entry('/files/out/_SUCCESS', 0),
      entry('/files/out/part-00000-x-c000.snappy.parquet'),
      entry('/files/spark-warehouse/people/_SUCCESS', 0),
      entry('/files/spark-warehouse/people/_table.json'),
      entry('/files/x.jsonl'),
    ]).map((place) => loaderOf(place));
    expect(loaders).toEqual([
      'df = spark.read.parquet("/files/out")\ndisplay(df)',
      'df = spark.table("people")\ndisplay(df)',
      'df = spark.read.json("/files/x.jsonl")\ndisplay(df)',
    ]);
  });

  it('loads XML by the elements that it has', async () => {
    const [place] = placesOf([
      entry('/files/out/_SUCCESS', 0),
      entry('/files/out/part-00000-x-c000.xml', 0),
      entry('/files/out/part-00001-x-c000.xml'),
    ]);
    const contents: Record<string, string> = { '/files/out/part-00001-x-c000.xml': '<ROWS>\n    <person>\n' };
    const files = { content: (path: string) => new Blob([contents[path] ?? '']) };
    expect(await placeLoader(place!, files)).toContain('spark.read.xml("/files/out", rowTag="person")');
  });
});
