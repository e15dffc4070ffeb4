import { expect, it } from 'vitest';
import type { TaskReport } from '../kernel/protocol';
import { jobMillis, planTree, stageFacts, taskBar } from './jobs';

const task = (worker: number, start: number, millis: number, rows = 1): TaskReport => ({ worker, start, millis, rows, bytes: 8 * rows });

it('sums a stage and tells when one task outlasts the others', () => {
  const even = stageFacts({ name: 'scan', tasks: [task(1, 0, 30, 5), task(0, 2, 40, 6), task(0, 42, 30, 7)] });
  expect([even.rows, even.bytes, even.start, even.end, even.workers, even.skew]).toEqual([18, 144, 0, 72, [0, 1], null]);
  expect(stageFacts({ name: 'join', tasks: [task(0, 0, 10), task(1, 0, 10), task(0, 10, 80)] }).skew).toBe(8);
  // Nothing that takes so short a time is worth a word.
  expect(stageFacts({ name: 'join', tasks: [task(0, 0, 1), task(1, 0, 1), task(0, 10, 8)] }).skew).toBeNull();
});

it('places tasks on the line of their stage', () => {
  const facts = stageFacts({ name: 'scan', tasks: [task(0, 10, 50), task(1, 60, 50)] });
  expect(taskBar(facts.tasks[1]!, facts)).toEqual({ left: 50, width: 50 });
  expect(
    jobMillis({
      name: 'count',
      plan: '',
      stages: [
        { name: 'scan', tasks: [task(0, 10, 50), task(1, 60, 50)] },
        { name: '', tasks: [] },
      ],
    }),
  ).toBe(100);
});

it('reads a plan back as the tree that it is', () => {
  const plan = `== Physical Plan ==
BroadcastHashJoin [id#1], [id#2], Inner
:- *(1) Project [id#1]
:  +- *(1) Filter (id#1 > 3)
:     +- *(1) Range (0, 9, step=1, splits=8)
+- InMemoryTableScan [id#2]
      +- InMemoryRelation [id#2], StorageLevel(disk, memory, deserialized, 1 replicas)
            +- *(1) Range (0, 9, step=1, splits=8)
`;
  const tree = planTree(plan);
  expect([tree?.operator, tree?.children.map(({ operator }) => operator)]).toEqual(['BroadcastHashJoin', ['Project', 'InMemoryTableScan']]);
  expect(tree?.children[0]?.children[0]).toMatchObject({
    operator: 'Filter',
    detail: '(id#1 > 3)',
    children: [{ operator: 'Range', children: [] }],
  });
  expect(tree?.children[1]?.children[0]).toMatchObject({ operator: 'InMemoryRelation', children: [{ operator: 'Range' }] });
  expect(planTree('')).toBeNull();
});
