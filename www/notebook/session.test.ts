import { describe, expect, it, vi } from 'vitest';
import { deferred } from '../deferred';
import { CellState } from './cell.svelte';
import { newCell } from './document';
import { Session } from './session.svelte';
import { settle, TestKernel } from './testKernel';

const cells = (...sources: string[]) => sources.map((source) => new CellState(newCell('code', source)));

async function running(...sources: string[]) {
  const kernel = new TestKernel();
  const session = new Session(kernel);
  await session.start();
  const made = cells(...sources);
  session.run(made);
  await settle();
  return { kernel, session, cells: made, first: made[0] as CellState };
}

describe('the queue', () => {
  it('runs cells one after another, skipping text and empty ones', async () => {
    const kernel = new TestKernel();
    const session = new Session(kernel);
    await session.start();
    const [a, b] = cells('a', 'b');
    session.run([a as CellState, new CellState(newCell('markdown', '# Text')), ...cells('  '), b as CellState]);
    await settle();
    expect(kernel.executed.map(({ source }) => source)).toEqual(['a']);
    expect(b?.run.phase).toBe('queued');
    await kernel.finish();
    expect(kernel.executed.map(({ source }) => source)).toEqual(['a', 'b']);
    expect(a?.run).toMatchObject({ phase: 'finished', status: 'ok' });
  });

  it('waits for the kernel to come up, and for the files it needs', async () => {
    const kernel = new TestKernel();
    const prepared = deferred<void>();
    const session = new Session(kernel, () => prepared.promise);
    session.run(cells('a'));
    await session.start();
    await settle();
    expect(kernel.executed).toHaveLength(0);
    prepared.resolve();
    await settle();
    expect(kernel.executed).toHaveLength(1);
  });

  it('runs the source as it was when asked', async () => {
    const { kernel, session, first } = await running('a', 'b');
    const [, second] = [first, ...cells('x')];
    session.run([second as CellState]);
    (second as CellState).source = 'changed';
    await kernel.finish();
    await kernel.finish();
    expect(kernel.executed.map(({ source }) => source)).toEqual(['a', 'b', 'x']);
    expect((second as CellState).isChanged).toBe(true);
  });

  it('forgets what waits behind a failed cell', async () => {
    const { kernel, cells: made } = await running('a', 'b');
    await kernel.finish('error');
    expect(kernel.executed).toHaveLength(1);
    expect(made[1]?.run.phase).toBe('idle');
  });

  it('stops: interrupts what runs, forgets what waits', async () => {
    const { kernel, session, cells: made } = await running('a', 'b');
    session.stop();
    expect(kernel.interrupts).toBe(1);
    await kernel.finish('interrupted');
    expect(made.map((cell) => cell.run.phase)).toEqual(['finished', 'idle']);
    expect(kernel.executed).toHaveLength(1);
  });

  it('stops a run that waits for the kernel without interrupting anything', async () => {
    const kernel = new TestKernel();
    const session = new Session(kernel);
    const [a] = cells('a');
    session.run([a as CellState]);
    session.stop();
    await session.start();
    await settle();
    expect(kernel.executed).toHaveLength(0);
    expect(kernel.interrupts).toBe(0);
    expect(a?.run.phase).toBe('idle');
  });
});

describe('what the kernel says', () => {
  it('gathers printed text in order with what is displayed', async () => {
    const { kernel, first } = await running('a');
    kernel.emit({ type: 'stream', cell: first.id, stream: 'stdout', text: 'one ' });
    kernel.emit({ type: 'stream', cell: first.id, stream: 'stdout', text: 'two\n' });
    kernel.emit({ type: 'display', cell: first.id, output: { kind: 'text', text: '3' } });
    kernel.emit({ type: 'stream', cell: first.id, stream: 'stderr', text: 'four\n' });
    await kernel.finish();
    expect(first.outputs).toEqual([
      { kind: 'stream', stream: 'stdout', text: 'one two\n' },
      { kind: 'text', text: '3' },
      { kind: 'stream', stream: 'stderr', text: 'four\n' },
    ]);
  });

  it('shows progress while the cell runs and drops it after', async () => {
    const { kernel, first } = await running('a');
    kernel.emit({ type: 'progress', cell: first.id, name: 'fold', done: 2, total: 6 });
    expect(first.progress).toEqual({ name: 'fold', done: 2, total: 6 });
    await kernel.finish();
    expect(first.progress).toBeNull();
  });

  it('refuses what comes from a run that is over', async () => {
    const { kernel, first } = await running('a');
    await kernel.finish();
    kernel.emit({ type: 'stream', cell: first.id, stream: 'stdout', text: 'late' });
    kernel.emit({ type: 'display', cell: first.id, output: { kind: 'text', text: 'late' } });
    await settle();
    expect(first.outputs).toEqual([]);
  });

  it('replaces the outputs of the run before', async () => {
    const { kernel, session, first } = await running('a');
    kernel.emit({ type: 'display', cell: first.id, output: { kind: 'text', text: 'old' } });
    await kernel.finish();
    session.run([first]);
    await settle();
    kernel.emit({ type: 'display', cell: first.id, output: { kind: 'text', text: 'new' } });
    await kernel.finish();
    expect(first.outputs).toEqual([{ kind: 'text', text: 'new' }]);
    expect(first.executionCount).toBe(2);
  });

  it('announces how each cell ended', async () => {
    const kernel = new TestKernel();
    const session = new Session(kernel, undefined, undefined, () => 4);
    await session.start();
    session.run(cells('a'));
    await settle();
    await kernel.finish('error', 420);
    expect(session.announcement).toBe('Cell 4 failed after 0.42 s.');
  });

  it('passes on files that cells wrote and removed', async () => {
    const changed = vi.fn();
    const kernel = new TestKernel();
    new Session(kernel, undefined, changed);
    const bytes = new ArrayBuffer(2);
    kernel.emit({ type: 'fileChanged', path: '/files/a', removed: false, bytes });
    kernel.emit({ type: 'fileChanged', path: '/files/b', removed: true });
    expect(changed.mock.calls).toEqual([
      ['/files/a', bytes],
      ['/files/b', null],
    ]);
  });
});

describe('a kernel that goes away', () => {
  it('leaves the cell with what it showed and the reason, and runs the next in a fresh kernel', async () => {
    const { kernel, session, cells: made, first } = await running('a', 'b');
    kernel.emit({ type: 'display', cell: first.id, output: { kind: 'text', text: 'so far' } });
    await kernel.die('It ran out of memory.');
    expect(first.run).toEqual({ phase: 'lost', reason: 'It ran out of memory.' });
    expect(first.outputs).toEqual([{ kind: 'text', text: 'so far' }]);
    expect(made[1]?.run.phase).toBe('idle');
    expect(session.failure).toBe('It ran out of memory.');
    session.run([made[1] as CellState]);
    await settle();
    expect(kernel.restarts).toBe(1);
    expect(kernel.executed.at(-1)?.source).toBe('b');
    expect(session.failure).toBeNull();
  });

  it('marks all cells as not run after a restart', async () => {
    const { kernel, session, cells: made, first } = await running('a', 'b');
    await kernel.finish();
    await session.restart(made);
    await settle();
    expect(first.executionCount).toBeNull();
    expect(made.map((cell) => cell.run.phase)).toEqual(['idle', 'lost']);
  });

  it('restarts for another document only when something ran', async () => {
    const kernel = new TestKernel();
    const session = new Session(kernel);
    await session.start();
    await session.changeDocument();
    expect(kernel.restarts).toBe(0);
    session.run(cells('a'));
    await settle();
    await kernel.finish();
    await session.changeDocument();
    expect(kernel.restarts).toBe(1);
  });
});

describe('a job that is run again', () => {
  const conditions = { workers: 1, partitions: null, shuffledJoins: false, cached: false };
  const report = { id: '3', name: 'count', plan: '', stages: [] };

  it('gives what ran, and cells wait for it', async () => {
    const { kernel, session, first } = await running('a = 1');
    await kernel.finish();
    const again = session.runJob('3', conditions);
    expect([kernel.executed.at(-1)?.source, session.isRunningJob]).toEqual(['3', true]);
    session.run([first]);
    const run = kernel.executed.at(-1)?.cell ?? '';
    kernel.emit({ type: 'jobs', cell: run, jobs: [{ ...report, id: null }, report], leftOut: 0 });
    expect([first.run.phase, first.jobs]).toEqual(['queued', []]);
    await kernel.finish();
    expect(await again).toEqual({ kind: 'ran', job: report });
    expect([first.run.phase, session.isRunningJob]).toEqual(['running', false]);
    expect(await session.runJob('3', conditions)).toEqual({ kind: 'failed', message: 'The kernel is busy.' });
  });

  it('says why it failed, and can be stopped', async () => {
    const { kernel, session } = await running('a = 1');
    await kernel.finish();
    const failed = session.runJob('3', conditions);
    kernel.emit({ type: 'display', cell: kernel.executed.at(-1)?.cell ?? '', output: { kind: 'text', text: 'Forgotten.' } });
    await kernel.finish('error');
    expect(await failed).toEqual({ kind: 'failed', message: 'Forgotten.' });
    const stopped = session.runJob('3', conditions);
    session.stop();
    expect(kernel.interrupts).toBe(1);
    await kernel.finish('interrupted');
    expect(await stopped).toEqual({ kind: 'failed', message: 'Stopped.' });
  });
});
