/** The kernel as the page knows it: it may die at any moment, and the page never does. */

import { datasets, engine } from 'virtual:kindling-engine';
import { describeFault, STOPPED } from './faults';
import { isolate, keepForOffline } from './isolation';
import type { Fault, FromWorker, ToWorker } from './messages';
import type {
  CellSource,
  CellStatus,
  ColumnProfile,
  Completion,
  Documentation,
  Event,
  JobConditions,
  Occurrence,
  Problem,
  ReferenceModule,
  Request,
  SignatureHelp,
  TableAnswer,
  TableQuery,
} from './protocol';

export type KernelState = 'starting' | 'idle' | 'busy' | 'dead';

export type KernelEvent =
  | Exclude<Event, { type: 'fileChanged' }>
  /** With the bytes of the file, when a cell wrote it. */
  | (Extract<Event, { type: 'fileChanged' }> & { bytes?: ArrayBuffer })
  /** A dead kernel says why. */
  | { type: 'state'; state: KernelState; reason?: string };

export interface Kernel {
  readonly state: KernelState;
  /** Settles when cells can run. */
  start(): Promise<void>;
  /** Settles when the cell is over; rejects with the reason when the kernel died under it. */
  execute(cell: string, source: string): Promise<CellStatus>;
  /** Runs a job again, as `execute` runs a cell: its events have `run` for their cell. */
  runJob(run: string, job: string, conditions: JobConditions): Promise<CellStatus>;
  /** Stops the running cell: softly, and after a second of silence by ending the kernel. */
  interrupt(): void;
  /** A fresh kernel in place of this one: no variables, no files. */
  restart(): Promise<void>;
  /** Nothing while a cell runs. */
  complete(above: string, source: string, cursor: number): Promise<{ from: number; options: Completion[] }>;
  inspect(above: string, source: string, cursor: number): Promise<Documentation | null>;
  signatureHelp(above: string, source: string, cursor: number): Promise<SignatureHelp | null>;
  /** What is wrong in the code cells; null when nobody could look. */
  check(cells: readonly CellSource[]): Promise<Problem[] | null>;
  occurrences(cells: readonly CellSource[], cell: string, cursor: number): Promise<Occurrence[]>;
  /** Everything that Spark's modules and Kindling's own have; null when nobody could look. */
  describe(): Promise<ReferenceModule[] | null>;
  /** Rows of a table that a cell showed; null while the kernel is busy. */
  readTable(table: string, query: TableQuery, from: number, count: number): Promise<TableAnswer | null>;
  /** What a column of such a table looks like; null while the kernel is busy. */
  profileColumn(table: string, column: number): Promise<{ profile: ColumnProfile | null; message: string | null } | null>;
  /** Gives a file to this kernel; its bytes are handed over. A fresh kernel has to be given them again. */
  putFile(path: string, bytes: ArrayBuffer): Promise<void>;
  removeFile(path: string): Promise<void>;
  /** A kernel that is up already says so to whoever begins to listen. */
  subscribe(listener: (event: KernelEvent) => void): () => void;
}

/** How long a cell may take to notice Stop before its kernel is ended. */
const PATIENCE = 1000;
const POLL = 100;
const MOST_THREADS = 16;

/** What a worker needs of a browser's; tests give their own. */
export interface WorkerLike {
  postMessage(message: ToWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message' | 'error' | 'messageerror', listener: (event: MessageEvent<FromWorker> & ErrorEvent) => void): void;
  terminate(): void;
}

export function createKernel(): Kernel {
  return new WorkerKernel(() => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'kindling' }), isolate);
}

interface Pending<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

interface Execution extends Pending<CellStatus> {
  readonly cell: string;
  readonly started: number;
}

/** The four integers of `TaskCounters` in the engine's memory. */
const enum Counter {
  Cancel,
  Stages,
  Done,
  Total,
}

export class WorkerKernel implements Kernel {
  state: KernelState = 'starting';
  private worker: WorkerLike | undefined;
  private faults: BroadcastChannel | undefined;
  private counters: Int32Array | undefined;
  private threaded: boolean | undefined;
  private up: Extract<Event, { type: 'ready' }> | undefined;
  private starting: (Pending<void> & { promise: Promise<void> }) | undefined;
  /** In the order in which the kernel runs them. */
  private executions: Execution[] = [];
  private readonly asked = new Map<number, Pending<Event | undefined>>();
  private lastId = 0;
  private readonly listeners = new Set<(event: KernelEvent) => void>();
  private stage: Extract<Event, { type: 'progress' }> | undefined;
  private poll: ReturnType<typeof setInterval> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly makeWorker: () => WorkerLike,
    private readonly isolated: () => Promise<boolean>,
  ) {}

  start(): Promise<void> {
    return this.starting?.promise ?? this.launch();
  }

  restart(): Promise<void> {
    this.end('The kernel was restarted.');
    return this.launch();
  }

  execute(cell: string, source: string): Promise<CellStatus> {
    return this.enqueue(cell, { type: 'execute', cell, source });
  }

  runJob(run: string, job: string, conditions: JobConditions): Promise<CellStatus> {
    return this.enqueue(run, { type: 'runJob', run, job, conditions });
  }

  private enqueue(cell: string, request: Request): Promise<CellStatus> {
    if (this.state === 'dead') return Promise.reject(new Error('The kernel is not running.'));
    return new Promise((resolve, reject) => {
      if (this.counters && this.executions.length === 0) Atomics.store(this.counters, Counter.Cancel, 0);
      this.executions.push({ cell, resolve, reject, started: performance.now() });
      this.send(request);
      if (this.state === 'idle') this.become('busy');
    });
  }

  interrupt(): void {
    if (this.executions.length === 0) return;
    if (!this.counters) {
      this.stopHard();
      return;
    }
    Atomics.store(this.counters, Counter.Cancel, 1);
    Atomics.notify(this.counters, Counter.Cancel);
    this.patience ??= setTimeout(() => this.stopHard(), PATIENCE);
  }

  async complete(above: string, source: string, cursor: number): Promise<{ from: number; options: Completion[] }> {
    const answer = await this.ask((id) => ({ type: 'complete', id, above, source, cursor }));
    return answer?.type === 'completions' ? { from: answer.from, options: answer.options } : { from: cursor, options: [] };
  }

  async inspect(above: string, source: string, cursor: number): Promise<Documentation | null> {
    const answer = await this.ask((id) => ({ type: 'inspect', id, above, source, cursor }));
    return answer?.type === 'inspected' ? answer.documentation : null;
  }

  async signatureHelp(above: string, source: string, cursor: number): Promise<SignatureHelp | null> {
    const answer = await this.ask((id) => ({ type: 'signatureHelp', id, above, source, cursor }));
    return answer?.type === 'signature' ? answer.signature : null;
  }

  async check(cells: readonly CellSource[]): Promise<Problem[] | null> {
    const answer = await this.ask((id) => ({ type: 'check', id, cells: [...cells] }));
    return answer?.type === 'checked' ? answer.problems : null;
  }

  async occurrences(cells: readonly CellSource[], cell: string, cursor: number): Promise<Occurrence[]> {
    const answer = await this.ask((id) => ({ type: 'findOccurrences', id, cells: [...cells], cell, cursor }));
    return answer?.type === 'occurrences' ? answer.occurrences : [];
  }

  async describe(): Promise<ReferenceModule[] | null> {
    const answer = await this.ask((id) => ({ type: 'describe', id }));
    return answer?.type === 'reference' ? answer.modules : null;
  }

  async readTable(table: string, query: TableQuery, from: number, count: number): Promise<TableAnswer | null> {
    const answer = await this.ask((id) => ({ type: 'readTable', id, table, query, from, count }));
    return answer?.type === 'tableRead' ? answer.answer : null;
  }

  async profileColumn(table: string, column: number): Promise<{ profile: ColumnProfile | null; message: string | null } | null> {
    const answer = await this.ask((id) => ({ type: 'profileColumn', id, table, column }));
    return answer?.type === 'columnProfiled' ? answer : null;
  }

  async putFile(path: string, bytes: ArrayBuffer): Promise<void> {
    this.send({ type: 'putFile', path }, bytes);
  }

  async removeFile(path: string): Promise<void> {
    this.send({ type: 'removeFile', path });
  }

  subscribe(listener: (event: KernelEvent) => void): () => void {
    this.listeners.add(listener);
    if (this.up) listener(this.up);
    return () => this.listeners.delete(listener);
  }

  private launch(): Promise<void> {
    let settle: Pending<void> | undefined;
    const promise = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
    // Who cares hears of it through the promise or the state; nobody has to.
    promise.catch(() => {});
    const starting = { ...settle!, promise };
    this.starting = starting;
    this.become('starting');
    void this.bringUp(starting);
    return promise;
  }

  private async bringUp(starting: object): Promise<void> {
    const threaded = (this.threaded ??= await this.isolated());
    // A restart in the meantime brings up its own.
    if (this.starting !== starting) return;
    const build = threaded ? engine.threads : engine.plain;
    if (!build) {
      this.die('The engine is missing from this build of the page.');
      return;
    }
    const worker = this.makeWorker();
    const ours = () => this.worker === worker;
    this.worker = worker;
    worker.addEventListener('message', (event) => ours() && this.hear(event.data, build.folder));
    worker.addEventListener(
      'error',
      (event) => ours() && this.broke({ error: event.message || 'the engine could not be loaded', panic: '' }),
    );
    worker.addEventListener('messageerror', () => ours() && this.broke({ error: 'a message could not be read', panic: '' }));
    const faults = `kindling-${Math.random().toString(36).slice(2)}`;
    if (threaded) {
      this.faults = new BroadcastChannel(faults);
      this.faults.addEventListener('message', (event: MessageEvent<Fault>) => ours() && this.broke(event.data));
    }
    const base = document.baseURI;
    worker.postMessage(
      {
        type: 'start',
        engine: new URL(`engine/${build.folder}/`, base).href,
        pages: build.pages,
        threads: threaded ? Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS) : 0,
        datasetsFolder: new URL('datasets/', base).href,
        datasets,
        faults,
      },
      [],
    );
  }

  private hear(message: FromWorker, folder: string): void {
    if (message.type === 'memory') {
      this.counters = new Int32Array(message.buffer, message.counters, 4);
    } else if (message.type === 'fault') {
      this.broke(message.fault);
    } else {
      this.heed(message.event, message.bytes, folder);
    }
  }

  private heed(event: Event, bytes: ArrayBuffer | undefined, folder: string): void {
    switch (event.type) {
      case 'ready':
        // The benches measure the start by it.
        performance.mark('kindling-ready');
        this.worker?.postMessage({ type: 'fetchAhead' }, []);
        this.become(this.executions.length > 0 ? 'busy' : 'idle');
        this.up = event;
        this.emit(event);
        this.starting?.resolve();
        void keepForOffline([`engine/${folder}/`, `engine/${engine.page?.folder}/`, 'datasets/']);
        return;
      case 'completions':
      case 'inspected':
      case 'signature':
      case 'checked':
      case 'occurrences':
      case 'reference':
      case 'tableRead':
      case 'columnProfiled':
        this.asked.get(event.id)?.resolve(event);
        this.asked.delete(event.id);
        return;
      case 'progress':
        this.stage = event;
        this.emit(event);
        return;
      case 'fileChanged':
        this.emit(bytes ? { ...event, bytes } : event);
        return;
      case 'finished':
        this.finished(event);
        return;
      default:
        this.emit(event);
    }
  }

  private finished(event: Extract<Event, { type: 'finished' }>): void {
    this.stage = undefined;
    clearTimeout(this.patience);
    this.patience = undefined;
    const execution = this.executions.shift();
    this.emit(event);
    execution?.resolve(event.status);
    if (this.executions.length === 0) this.become('idle');
  }

  /** Between the kernel's own messages, the tasks done so far: its thread is busy, its memory can be read. */
  private look(): void {
    const { counters, stage } = this;
    if (!counters || !stage || stage.done !== 0 || Atomics.load(counters, Counter.Total) !== stage.total) return;
    const done = Math.min(Atomics.load(counters, Counter.Done), stage.total);
    if (done > 0) this.emit({ ...stage, done });
  }

  private ask(request: (id: number) => Request): Promise<Event | undefined> {
    if (this.state !== 'idle') return Promise.resolve(undefined);
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      this.send(request(id));
    });
  }

  private send(request: Request, bytes?: ArrayBuffer): void {
    const message: ToWorker = bytes ? { type: 'request', request, bytes } : { type: 'request', request };
    this.worker?.postMessage(message, bytes ? [bytes] : []);
  }

  private stopHard(): void {
    const [running] = this.executions;
    if (!running) return;
    this.executions.shift();
    this.emit({ type: 'finished', cell: running.cell, status: 'interrupted', millis: performance.now() - running.started });
    running.resolve('interrupted');
    this.die(STOPPED);
    void this.launch();
  }

  /** The engine broke: a kernel that had come up is replaced; one that never did would only break again. */
  private broke(fault: Fault): void {
    const cameUp = this.state !== 'starting';
    this.die(describeFault(fault));
    if (cameUp) {
      void this.launch();
    } else if (this.threaded) {
      // Some browsers share memory but refuse so much of it, or threads of threads: one thread is better than none.
      this.threaded = false;
      void this.launch();
    }
  }

  private die(reason: string): void {
    this.end(reason);
    this.become('dead', reason);
  }

  /** Drops the worker with all it owns, and settles what waited for it. */
  private end(reason: string): void {
    this.worker?.terminate();
    this.faults?.close();
    this.worker = this.faults = this.counters = this.stage = this.up = undefined;
    clearTimeout(this.patience);
    this.patience = undefined;
    const error = new Error(reason);
    this.starting?.reject(error);
    this.starting = undefined;
    for (const { reject } of this.executions.splice(0)) reject(error);
    for (const { resolve } of this.asked.values()) resolve(undefined);
    this.asked.clear();
  }

  private become(state: KernelState, reason?: string): void {
    this.state = state;
    clearInterval(this.poll);
    this.poll = state === 'busy' ? setInterval(() => this.look(), POLL) : undefined;
    this.emit(reason === undefined ? { type: 'state', state } : { type: 'state', state, reason });
  }

  private emit(event: KernelEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
