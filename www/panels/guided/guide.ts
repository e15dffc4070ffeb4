/** A guided entry of the + menu: a form, and the plain PySpark that it writes. */

import type { StageInfo } from '../../kernel/protocol';
import type { IconName } from '../icons';
import type { Field, Option, Values } from './fields';

/** What a form can offer to choose from. */
export interface Surroundings {
  readonly stages: readonly StageInfo[];
  /** Variables that hold DataFrames. */
  readonly frames: readonly string[];
  /** Files and data sets that can be read. */
  readonly sources: readonly Option[];
}

export interface Guide {
  readonly title: string;
  readonly icon: IconName;
  readonly intro: string;
  /** The fields, which may hang on what was entered so far. */
  fields(entered: Values, around: Surroundings): readonly Field[];
  /** The variable whose columns the column fields offer. */
  frame(values: Values): string;
  /** The cell's source, for values without problems. */
  code(values: Values, around: Surroundings): string;
}

/** Stages of one role in some modules, `pyspark.ml.classification` given as `classification`. */
export function stagesOf(around: Surroundings, role: string, modules: readonly string[] = []): readonly StageInfo[] {
  return around.stages.filter((stage) => stage.role === role && (modules.length === 0 || modules.includes(shortModule(stage))));
}

export function stageNamed(around: Surroundings, name: string): StageInfo | undefined {
  return around.stages.find((stage) => stage.name === name);
}

export function shortModule(stage: StageInfo): string {
  return stage.module.split('.').at(-1) ?? '';
}

export function stageOptions(stages: readonly StageInfo[]): readonly Option[] {
  return stages.map((stage) => ({ value: stage.name, label: stage.name, group: capitalised(shortModule(stage)) }));
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `from module import A, B` lines, sorted, each module once. */
export function imports(pairs: readonly (readonly [module: string, name: string])[]): string {
  const modules = new Map<string, Set<string>>();
  for (const [module, name] of pairs) modules.set(module, (modules.get(module) ?? new Set()).add(name));
  return [...modules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([module, names]) => `from ${module} import ${[...names].sort().join(', ')}`)
    .join('\n');
}
