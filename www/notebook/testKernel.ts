/** A kernel for unit tests, which they play by hand. */

import { deferred, type Deferred } from '../deferred';
import type { Kernel, KernelEvent, KernelState } from '../kernel/client';
import type { CellStatus, Completion, Event, Occurrence, Problem, ReferenceModule, SignatureHelp } from '../kernel/protocol';

export class TestKernel implements Kernel {
  state: KernelState = 'starting';
  readonly executed: { cell: string; source: string }[] = [];
  readonly files = new Map<string, ArrayBuffer>();
  interrupts = 0;
  restarts = 0;
  completions: { from: number; options: Completion[] } = { from: 0, options: [] };
  signature: SignatureHelp | null = null;
  problems: Problem[] = [];
  places: Occurrence[] = [];
  modules: ReferenceModule[] = [];
  private readonly listeners = new Set<(event: KernelEvent) => void>();
  private running: Deferred<CellStatus> | null = null;
  private count = 0;

  async start(): Promise<void> {
    this.become('starting');
    this.emit({ type: 'ready', threads: 2, stages: [] });
    this.become('idle');
  }

  async restart(): Promise<void> {
    this.restarts += 1;
    this.running?.reject(new Error('The kernel was restarted.'));
    this.running = null;
    this.files.clear();
    await this.start();
  }

  execute(cell: string, source: string): Promise<CellStatus> {
    this.executed.push({ cell, source });
    this.running = deferred<CellStatus>();
    this.become('busy');
    this.emit({ type: 'started', cell, executionCount: ++this.count });
    return this.running.promise;
  }

  runJob(run: string, job: string): Promise<CellStatus> {
    return this.execute(run, job);
  }

  interrupt(): void {
    this.interrupts += 1;
  }

  async complete(): Promise<{ from: number; options: Completion[] }> {
    return this.completions;
  }

  async inspect(): Promise<null> {
    return null;
  }

  async signatureHelp(): Promise<SignatureHelp | null> {
    return this.signature;
  }

  async check(): Promise<Problem[]> {
    return this.problems;
  }

  async occurrences(): Promise<Occurrence[]> {
    return this.places;
  }

  async describe(): Promise<ReferenceModule[]> {
    return this.modules;
  }

  async readTable(): Promise<null> {
    return null;
  }

  async profileColumn(): Promise<null> {
    return null;
  }

  async putFile(path: string, bytes: ArrayBuffer): Promise<void> {
    this.files.set(path, bytes);
  }

  async removeFile(path: string): Promise<void> {
    this.files.delete(path);
  }

  subscribe(listener: (event: KernelEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  // What the tests play

  emit(event: KernelEvent | Event): void {
    for (const listener of this.listeners) listener(event);
  }

  /** Ends the running cell. */
  async finish(status: CellStatus = 'ok', millis = 5): Promise<void> {
    const cell = this.executed.at(-1)?.cell ?? '';
    const { running } = this;
    this.running = null;
    this.emit({ type: 'finished', cell, status, millis });
    this.become('idle');
    running?.resolve(status);
    await settle();
  }

  /** The kernel breaks under the running cell. */
  async die(reason: string): Promise<void> {
    const { running } = this;
    this.running = null;
    running?.reject(new Error(reason));
    this.become('dead', reason);
    await settle();
  }

  private become(state: KernelState, reason?: string): void {
    this.state = state;
    this.emit(reason === undefined ? { type: 'state', state } : { type: 'state', state, reason });
  }
}

/** Lets promises that are due settle. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
