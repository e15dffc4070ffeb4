/** Running cells: a queue before the kernel, and what the kernel says carried to the cell that asked. */

import { deferred } from '../deferred';
import type { Kernel, KernelEvent } from '../kernel/client';
import type { StageInfo, StreamName } from '../kernel/protocol';
import { formatDuration } from '../cell/duration';
import type { CellState } from './cell.svelte';

interface Job {
  readonly run: number;
  readonly cell: CellState;
  /** As it was when the run was asked for. */
  readonly source: string;
  /** Whether the kernel has it: until then it waits for the kernel to come up. */
  isExecuting: boolean;
}

/** Printed text is shown at most this often, or a busy loop of prints would keep the page from drawing. */
const STREAM_INTERVAL = 40;

export class Session {
  state: Kernel['state'] = $state('starting');
  /** Partitions worked on at once; 0 until the kernel is up. */
  threads: number = $state(0);
  stages: readonly StageInfo[] = $state.raw([]);
  /** For screen readers: the latest thing that happened. */
  announcement: string = $state('');
  /** Why the kernel went away, until the next run. */
  failure: string | null = $state(null);
  private queue: Job[] = [];
  private current: Job | null = null;
  private runs = 0;
  /** Whether this kernel has run anything. */
  private used = false;
  private pending: { stream: StreamName; text: string } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Settles when the kernel that is coming up may run cells. */
  private readiness = deferred<void>();
  private readinessSettled = true;
  private unsubscribe: () => void;

  constructor(
    readonly kernel: Kernel,
    /** Called for each kernel that comes up, before a cell runs in it. */
    private readonly prepare: () => Promise<void> = async () => {},
    private readonly fileChanged: (path: string, bytes: ArrayBuffer | null) => void = () => {},
    private readonly cellNumber: (cell: CellState) => number = () => 0,
  ) {
    this.state = kernel.state;
    this.awaitKernel();
    this.unsubscribe = kernel.subscribe((event) => this.hear(event));
  }

  get isBusy(): boolean {
    return this.state === 'busy';
  }

  async start(): Promise<void> {
    await this.kernel.start();
  }

  /** Queues cells in order. Markdown and empty cells have nothing to run. A cell already waiting is not queued twice. */
  run(cells: readonly CellState[]): void {
    for (const cell of cells) {
      if (cell.kind !== 'code' || cell.source.trim() === '' || cell.isBusy) continue;
      const job: Job = { run: ++this.runs, cell, source: cell.source, isExecuting: false };
      cell.queued(job.run);
      this.queue.push(job);
    }
    void this.pump();
  }

  /** Stops the running cell and forgets those that wait. */
  stop(): void {
    this.dropQueue();
    if (this.current?.isExecuting) this.kernel.interrupt();
    else if (this.current) {
      this.current.cell.unqueued(this.current.run);
      this.current = null;
    }
  }

  /** A fresh kernel: variables are gone, the document stays. */
  async restart(cells: readonly CellState[]): Promise<void> {
    this.dropQueue();
    this.lose('The kernel was restarted.');
    this.failure = null;
    this.used = false;
    await this.kernel.restart();
    for (const cell of cells) cell.detach();
    this.announcement = 'Kernel restarted. Nothing has run in it yet.';
  }

  /** Another document is open: what ran for the last one must not show in it. */
  async changeDocument(): Promise<void> {
    if (this.used) await this.restart([]);
  }

  dispose(): void {
    this.unsubscribe();
    clearTimeout(this.timer);
  }

  private async pump(): Promise<void> {
    if (this.current) return;
    const job = this.queue.shift();
    if (!job) return;
    this.current = job;
    this.used = true;
    let ok = false;
    try {
      if (this.kernel.state === 'dead') await this.kernel.restart();
      await this.readiness.promise;
      if (this.current !== job) return;
      job.isExecuting = true;
      this.failure = null;
      ok = (await this.kernel.execute(job.cell.id, job.source)) === 'ok';
    } catch (error) {
      job.cell.lost(job.run, error instanceof Error ? error.message : String(error));
    }
    if (this.current === job) this.current = null;
    // What follows a failed cell would only fail for its want.
    if (!ok) this.dropQueue();
    await this.pump();
  }

  private hear(event: KernelEvent): void {
    switch (event.type) {
      case 'state':
        this.stateChanged(event);
        break;
      case 'ready':
        this.threads = event.threads;
        this.stages = event.stages;
        void this.becomeReady();
        break;
      case 'fileChanged':
        this.fileChanged(event.path, event.removed ? null : (event.bytes ?? new ArrayBuffer(0)));
        break;
      case 'started':
        this.forJob(event.cell, ({ cell, run, source }) => cell.started(run, source, event.executionCount));
        break;
      case 'stream':
        this.streamed(event.cell, event.stream, event.text);
        break;
      case 'display':
        this.flush();
        this.forJob(event.cell, ({ cell, run }) => cell.displayed(run, event.output));
        break;
      case 'progress':
        this.forJob(event.cell, ({ cell, run }) => cell.progressed(run, { name: event.name, done: event.done, total: event.total }));
        break;
      case 'jobs':
        this.forJob(event.cell, ({ cell }) => cell.worked(event.jobs, event.leftOut));
        break;
      case 'finished':
        this.flush();
        this.forJob(event.cell, ({ cell, run }) => {
          cell.finished(run, event.status, event.millis);
          this.announce(cell);
        });
        break;
      default:
        break;
    }
  }

  private stateChanged(event: Extract<KernelEvent, { type: 'state' }>): void {
    this.state = event.state;
    if (event.state === 'starting') this.awaitKernel();
    if (event.state !== 'dead') return;
    this.failure = event.reason ?? 'The kernel stopped working.';
    this.readinessSettled = true;
    this.readiness.reject(new Error(this.failure));
    this.announcement = this.failure;
    this.lose(this.failure);
    this.dropQueue();
  }

  private awaitKernel(): void {
    // What waits already goes on waiting.
    if (!this.readinessSettled) return;
    this.readinessSettled = false;
    this.readiness = deferred<void>();
    // A kernel that dies before anything waits for it is no unhandled error.
    this.readiness.promise.catch(() => {});
  }

  private async becomeReady(): Promise<void> {
    const { readiness } = this;
    this.readinessSettled = true;
    await this.prepare().then(readiness.resolve, readiness.reject);
  }

  /** Runs only for the cell that is being executed: anything else is from a run that is over. */
  private forJob(cell: string, act: (job: Job) => void): void {
    if (this.current?.cell.id === cell) act(this.current);
  }

  private streamed(cell: string, stream: StreamName, text: string): void {
    if (this.current?.cell.id !== cell) return;
    if (this.pending && this.pending.stream !== stream) this.flush();
    this.pending = { stream, text: (this.pending?.text ?? '') + text };
    this.timer ??= setTimeout(() => this.flush(), STREAM_INTERVAL);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { pending, current } = this;
    this.pending = null;
    if (pending && current) current.cell.streamed(current.run, pending.stream, pending.text);
  }

  private lose(reason: string): void {
    this.flush();
    this.current?.cell.lost(this.current.run, reason);
  }

  private dropQueue(): void {
    for (const { cell, run } of this.queue) cell.unqueued(run);
    this.queue = [];
  }

  private announce(cell: CellState): void {
    if (cell.run.phase !== 'finished') return;
    const name = `Cell ${this.cellNumber(cell)}`;
    const time = formatDuration(cell.run.millis);
    const endings = { ok: `finished in ${time}`, error: `failed after ${time}`, interrupted: `stopped after ${time}` };
    this.announcement = `${name} ${endings[cell.run.status]}.`;
  }
}
