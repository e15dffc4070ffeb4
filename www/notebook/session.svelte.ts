/** Running cells: a queue before the kernel, and what the kernel says carried to the cell that asked. */

import { deferred } from '../deferred';
import type { Kernel, KernelEvent } from '../kernel/client';
import type { JobConditions, JobReport, StageInfo, StreamName } from '../kernel/protocol';
import { formatDuration } from '../cell/duration';
import type { CellState } from './cell.svelte';
import type { RemoteFiles } from './remote.svelte';

interface Job {
  readonly run: number;
  readonly cell: CellState;
  /** As it was when the run was asked for. */
  readonly source: string;
  /** Whether the kernel has it: until then it waits for the kernel to come up. */
  isExecuting: boolean;
  /** Files of other hosts that it was given. */
  readonly given: Set<string>;
}

/** What became of a job that was run again. */
export type JobRun = { readonly kind: 'ran'; readonly job: JobReport } | { readonly kind: 'failed'; readonly message: string };

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
  /** The job that is run again, and what the kernel has said of it. */
  private again: { readonly id: string; job: JobReport | null; message: string } | null = $state.raw(null);
  /** Whether this kernel has run anything. */
  private used = false;
  /** Cells that were to run after one that failed. */
  private heldBack: { readonly behind: CellState; readonly cells: readonly CellState[] } | null = null;
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
    private readonly remote: RemoteFiles | null = null,
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
      const job: Job = { run: ++this.runs, cell, source: cell.source, isExecuting: false, given: new Set() };
      cell.queued(job.run);
      this.queue.push(job);
    }
    void this.pump();
  }

  /** Stops the running cell and forgets those that wait. */
  stop(): void {
    this.dropQueue();
    this.remote?.stop();
    if (this.current?.isExecuting || this.again) this.kernel.interrupt();
    else if (this.current) {
      this.current.cell.unqueued(this.current.run);
      this.current = null;
    }
  }

  get isRunningJob(): boolean {
    return this.again !== null;
  }

  /** Runs a job of a cell again. Nothing else may be running. */
  async runJob(job: string, conditions: JobConditions): Promise<JobRun> {
    if (this.current || this.again || this.state !== 'idle') return { kind: 'failed', message: 'The kernel is busy.' };
    const again = { id: `job-${++this.runs}`, job: null as JobReport | null, message: 'It ran no task.' };
    this.again = again;
    try {
      const status = await this.kernel.runJob(again.id, job, conditions);
      if (status === 'interrupted') return { kind: 'failed', message: 'Stopped.' };
      return again.job ? { kind: 'ran', job: again.job } : { kind: 'failed', message: again.message };
    } catch (error) {
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    } finally {
      this.again = null;
      void this.pump();
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
    if (this.current || this.again) return;
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
    if (!ok && this.current === job && (await this.obtained(job))) {
      job.isExecuting = false;
      job.cell.queued(job.run);
      this.queue.unshift(job);
    } else if (!ok) {
      // What follows a failed cell would only fail for its want.
      this.heldBack = { behind: job.cell, cells: this.queue.map(({ cell }) => cell) };
      this.dropQueue();
    }
    if (this.current === job) this.current = null;
    await this.pump();
  }

  /** Fetches the file that a cell ended for, once the reader agrees to its host, and runs it again with what waited behind it. */
  async fetchAndRun(cell: CellState): Promise<void> {
    const url = cell.wanted;
    if (url === null || !this.remote) return;
    const waited = this.heldBack?.behind === cell ? this.heldBack.cells : [];
    this.remote.agree(url);
    if (await this.remote.give(url)) this.run([cell, ...waited]);
  }

  /** Whether the kernel now has the file that a cell ended for: the reader has agreed to its host before. */
  private async obtained({ cell, given }: Job): Promise<boolean> {
    const url = cell.wanted;
    if (url === null || given.has(url) || !this.remote?.isAgreed(url)) return false;
    given.add(url);
    return this.remote.give(url);
  }

  private hear(event: KernelEvent): void {
    if (this.again && 'cell' in event && event.cell === this.again.id) {
      if (event.type === 'jobs') this.again.job = event.jobs.at(-1) ?? null;
      if (event.type === 'display' && event.output.kind === 'text') this.again.message = event.output.text;
      return;
    }
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
      case 'remoteFile':
        if (this.current) this.current.cell.wants(this.current.run, event.url);
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
