/** What the jobs of a cell tell: sums, skew, who worked when. */

import type { JobReport, StageReport, TaskReport } from '../kernel/protocol';

export interface StageFacts {
  readonly name: string;
  readonly tasks: readonly TaskReport[];
  readonly rows: number;
  readonly bytes: number;
  /** From the first task's start to the last one's end. */
  readonly start: number;
  readonly end: number;
  readonly workers: readonly number[];
  /** How many times longer the longest task took than the median one; none when there is too little to compare. */
  readonly skew: number | null;
}

/** Differences of less than this many milliseconds say nothing of the data. */
const NOISE = 20;
/** A longest task of so many medians is worth a word. */
const SKEWED = 3;

export function stageFacts({ name, tasks }: StageReport): StageFacts {
  const sum = (of: (task: TaskReport) => number) => tasks.reduce((total, task) => total + of(task), 0);
  const times = tasks.map((task) => task.millis).toSorted((a, b) => a - b);
  const median = times[Math.floor((times.length - 1) / 2)] ?? 0;
  const longest = times.at(-1) ?? 0;
  const isSkewed = tasks.length > 2 && longest > NOISE && longest > SKEWED * median;
  return {
    name,
    tasks,
    rows: sum((task) => task.rows),
    bytes: sum((task) => task.bytes),
    start: Math.min(...tasks.map((task) => task.start)),
    end: Math.max(...tasks.map((task) => task.start + task.millis)),
    workers: [...new Set(tasks.map((task) => task.worker))].toSorted((a, b) => a - b),
    skew: isSkewed ? longest / Math.max(median, 0.1) : null,
  };
}

/** Milliseconds in which the job's tasks ran. */
export function jobMillis({ stages }: JobReport): number {
  const facts = stages.filter(({ tasks }) => tasks.length > 0).map(stageFacts);
  return facts.length === 0 ? 0 : Math.max(...facts.map(({ end }) => end)) - Math.min(...facts.map(({ start }) => start));
}

/** Where a task's bar stands on its stage's line, in percent. */
export function taskBar(task: TaskReport, { start, end }: StageFacts): { left: number; width: number } {
  const whole = Math.max(end - start, 0.001);
  return { left: (100 * (task.start - start)) / whole, width: Math.max((100 * task.millis) / whole, 0.4) };
}

export interface PlanNode {
  /** `Filter`, `HashAggregate` */
  readonly operator: string;
  readonly detail: string;
  readonly children: PlanNode[];
}

/** The tree that `explain()` prints, read back. */
export function planTree(text: string): PlanNode | null {
  const path: PlanNode[] = [];
  let root: PlanNode | null = null;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('==')) continue;
    const [indent = ''] = /^(?:[: ] {2})*(?:[:+]- )?/.exec(line) ?? [];
    const depth = indent.length / 3;
    const [, operator = '', detail = ''] = /^(?:\*\(\d+\) )?(\w+) ?(.*)$/.exec(line.slice(indent.length)) ?? [];
    const node = { operator, detail, children: [] };
    if (depth === 0) root = node;
    // What is kept hangs a level deeper.
    else path.slice(0, depth).at(-1)?.children.push(node);
    path.splice(depth, Infinity, node);
  }
  return root;
}
