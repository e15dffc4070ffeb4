import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkerKernel, type KernelEvent, type WorkerLike } from './client';
import type { FromWorker, ToWorker } from './messages';
import type { Event } from './protocol';

vi.mock('virtual:kindling-engine', () => ({
  engine: { threads: { folder: 'threads-1', pages: 32 }, plain: { folder: 'plain-1', pages: 0 } },
  datasets: [],
}));

/** A worker whose words the test speaks. */
class FakeWorker implements WorkerLike {
  readonly heard: ToWorker[] = [];
  terminated = false;
  private readonly listeners: ((event: MessageEvent<FromWorker> & ErrorEvent) => void)[] = [];

  postMessage(message: ToWorker): void {
    this.heard.push(message);
  }

  addEventListener(type: string, listener: (event: MessageEvent<FromWorker> & ErrorEvent) => void): void {
    if (type === 'message') this.listeners.push(listener);
  }

  terminate(): void {
    this.terminated = true;
  }

  say(message: FromWorker): void {
    for (const listener of this.listeners) listener({ data: message } as MessageEvent<FromWorker> & ErrorEvent);
  }

  event(event: Event): void {
    this.say({ type: 'event', event });
  }
}

const finished = (cell: string, status: 'ok' | 'error' | 'interrupted' = 'ok'): Event => ({ type: 'finished', cell, status, millis: 1 });

describe('the kernel', () => {
  let workers: FakeWorker[];
  let events: KernelEvent[];
  let kernel: WorkerKernel;

  function make(isolated: boolean): void {
    workers = [];
    events = [];
    kernel = new WorkerKernel(
      () => {
        const worker = new FakeWorker();
        workers.push(worker);
        return worker;
      },
      async () => isolated,
    );
    kernel.subscribe((event) => events.push(event));
  }

  async function up(shared?: Int32Array<SharedArrayBuffer>): Promise<FakeWorker> {
    const starting = kernel.start();
    await vi.waitFor(() => expect(workers.length).toBeGreaterThan(0));
    const worker = workers.at(-1)!;
    if (shared) worker.say({ type: 'memory', buffer: shared.buffer, counters: 0 });
    worker.event({ type: 'ready', threads: 2, stages: [] });
    await starting;
    return worker;
  }

  const states = () => events.filter((event) => event.type === 'state').map((event) => event.state);
  const reasons = () => events.flatMap((event) => (event.type === 'state' && event.reason ? [event.reason] : []));

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells who begins to listen later that it is up, until it is not', async () => {
    make(false);
    await up();
    const heard: string[] = [];
    kernel.subscribe((event) => heard.push(event.type));
    expect(heard).toEqual(['ready']);
    void kernel.restart();
    const later: string[] = [];
    kernel.subscribe((event) => later.push(event.type));
    expect(later).toEqual([]);
  });

  it('starts the threaded build when the page is isolated, else the plain one', async () => {
    make(true);
    const threaded = (await up()).heard[0];
    expect(threaded?.type === 'start' && threaded.engine).toMatch(/engine\/threads-1\/$/);
    make(false);
    const plain = (await up()).heard[0];
    expect(plain?.type === 'start' && [plain.threads, plain.engine.endsWith('/plain-1/')]).toEqual([0, true]);
  });

  it('is busy while cells run and settles each with its status', async () => {
    make(true);
    const worker = await up();
    const [first, second] = [kernel.execute('a', '1'), kernel.execute('b', '2')];
    expect(kernel.state).toBe('busy');
    worker.event(finished('a'));
    expect(await first).toBe('ok');
    expect(kernel.state).toBe('busy');
    worker.event(finished('b', 'error'));
    expect(await second).toBe('error');
    expect(states()).toEqual(['starting', 'idle', 'busy', 'idle']);
  });

  it('raises the flag in shared memory on Stop and ends a kernel that is silent for a second', async () => {
    make(true);
    const shared = new Int32Array(new SharedArrayBuffer(16));
    const worker = await up(shared);
    const soft = kernel.execute('a', 'fit');
    kernel.interrupt();
    expect(shared[0]).toBe(1);
    worker.event(finished('a', 'interrupted'));
    expect(await soft).toBe('interrupted');
    await vi.advanceTimersByTimeAsync(2000);
    expect(worker.terminated).toBe(false);

    const hard = kernel.execute('b', 'while True: pass');
    expect(shared[0]).toBe(0);
    kernel.interrupt();
    await vi.advanceTimersByTimeAsync(999);
    expect(worker.terminated).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    expect(worker.terminated).toBe(true);
    expect(await hard).toBe('interrupted');
    expect(reasons()[0]).toContain('did not answer Stop');
    await vi.waitFor(() => expect(workers).toHaveLength(2));
  });

  it('ends the plain kernel at once on Stop', async () => {
    make(false);
    const worker = await up();
    const cell = kernel.execute('a', 'while True: pass');
    kernel.interrupt();
    expect(worker.terminated).toBe(true);
    expect(await cell).toBe('interrupted');
  });

  it('replaces a kernel that broke, and what ran in it is told why', async () => {
    make(true);
    const worker = await up();
    const cells = [kernel.execute('a', '1'), kernel.execute('b', '2')];
    const completion = kernel.complete('', 'd', 1);
    worker.say({ type: 'fault', fault: { error: 'RuntimeError: unreachable', panic: 'memory allocation failed' } });
    for (const cell of cells) await expect(cell).rejects.toThrow('ran out of memory');
    expect(await completion).toEqual({ from: 1, options: [] });
    await vi.waitFor(() => expect(workers).toHaveLength(2));
    workers[1]!.event({ type: 'ready', threads: 2, stages: [] });
    expect(states()).toEqual(['starting', 'idle', 'busy', 'dead', 'starting', 'idle']);
    worker.event({ type: 'stream', cell: 'a', stream: 'stdout', text: 'from the grave' });
    expect(events.some((event) => event.type === 'stream')).toBe(false);
  });

  it('falls back to one thread when the threaded build cannot start, and no further', async () => {
    make(true);
    const starting = kernel.start();
    await vi.waitFor(() => expect(workers).toHaveLength(1));
    workers[0]!.say({ type: 'fault', fault: { error: 'RangeError', panic: '' } });
    await expect(starting).rejects.toThrow();
    await vi.waitFor(() => expect(workers).toHaveLength(2));
    const start = workers[1]!.heard[0];
    expect(start?.type === 'start' && start.threads).toBe(0);
    workers[1]!.say({ type: 'fault', fault: { error: 'RangeError', panic: '' } });
    await vi.advanceTimersByTimeAsync(100);
    expect(workers).toHaveLength(2);
    expect(kernel.state).toBe('dead');
  });

  it('tells of tasks done between the messages of a busy kernel', async () => {
    make(true);
    const shared = new Int32Array(new SharedArrayBuffer(16));
    const worker = await up(shared);
    void kernel.execute('a', 'fit');
    worker.event({ type: 'progress', cell: 'a', name: 'csv', done: 0, total: 8 });
    shared.set([0, 1, 5, 8]);
    await vi.advanceTimersByTimeAsync(150);
    expect(events.at(-1)).toEqual({ type: 'progress', cell: 'a', name: 'csv', done: 5, total: 8 });
    shared.set([0, 2, 1, 3]);
    const before = events.length;
    await vi.advanceTimersByTimeAsync(300);
    expect(events).toHaveLength(before);
  });

  it('answers for help only when it can', async () => {
    make(true);
    const worker = await up();
    const answer = kernel.complete('', 'spark.re', 8);
    const request = worker.heard.at(-1);
    const id = request?.type === 'request' && request.request.type === 'complete' ? request.request.id : -1;
    worker.event({ type: 'completions', id, from: 6, options: [] });
    expect(await answer).toEqual({ from: 6, options: [] });
    void kernel.execute('a', '1');
    expect(await kernel.inspect('', 'x', 1)).toBeNull();
  });
});
