/** A cell as the page holds it: what is stored, and what its latest run is doing. */

import type { CellStatus, JobReport, Output, StreamName } from '../kernel/protocol';
import type { Cell, CellKind, Shown } from './document';
import { appendOutput, appendStream, withoutKernel } from './outputs';

export type RunPhase =
  /** Not run by this kernel. Outputs may still be here from an earlier visit. */
  | { readonly phase: 'idle' }
  | { readonly phase: 'queued' }
  | { readonly phase: 'running'; readonly since: number }
  | { readonly phase: 'finished'; readonly status: CellStatus; readonly millis: number }
  /** The kernel died under the cell, or was restarted. */
  | { readonly phase: 'lost'; readonly reason: string };

export interface CellProgress {
  readonly name: string;
  readonly done: number;
  /** 0 when nobody knows. */
  readonly total: number;
}

export class CellState {
  readonly id: string;
  kind: CellKind = $state('code');
  source: string = $state('');
  outputs: readonly Shown[] = $state.raw([]);
  /** What its last run had Spark do, action by action. */
  jobs: readonly JobReport[] = $state.raw([]);
  /** Further jobs, of which nothing was kept. */
  jobsLeftOut: number = $state(0);
  executionCount: number | null = $state(null);
  run: RunPhase = $state.raw({ phase: 'idle' });
  progress: CellProgress | null = $state.raw(null);
  /** The address of another host's file that its last run ended for. */
  wanted: string | null = $state(null);
  /** Whether a Markdown cell shows its source. */
  editing: boolean = $state(false);
  /** What other programs keep with the cell. */
  private readonly kept: Pick<Cell, 'metadata' | 'attachments'>;
  /** What was run last, to tell a cell that was changed since. */
  private ran: string | null = $state(null);
  /** The latest run asked for; events of any other are refused. */
  private runId = 0;

  constructor(cell: Cell) {
    this.id = cell.id;
    this.kind = cell.kind;
    this.source = cell.source;
    this.outputs = cell.outputs;
    this.executionCount = cell.executionCount;
    const { metadata, attachments } = cell;
    this.kept = { ...(metadata && { metadata }), ...(attachments && { attachments }) };
    this.editing = cell.kind === 'markdown' && cell.source.trim() === '';
  }

  get isRunning(): boolean {
    return this.run.phase === 'running';
  }

  get isBusy(): boolean {
    return this.run.phase === 'running' || this.run.phase === 'queued';
  }

  /** Whether the source is no longer what made the outputs. */
  get isChanged(): boolean {
    return this.ran !== null && this.ran !== this.source;
  }

  snapshot(): Cell {
    return {
      id: this.id,
      kind: this.kind,
      source: this.source,
      outputs: this.outputs,
      executionCount: this.executionCount,
      ...this.kept,
    };
  }

  queued(runId: number): void {
    this.runId = runId;
    this.run = { phase: 'queued' };
  }

  /** Back from the queue without having run. */
  unqueued(runId: number): void {
    if (this.accepts(runId) && this.run.phase === 'queued') this.run = { phase: 'idle' };
  }

  started(runId: number, source: string, executionCount: number): void {
    if (!this.accepts(runId)) return;
    this.outputs = [];
    this.worked([], 0);
    this.progress = null;
    this.wanted = null;
    this.ran = source;
    this.executionCount = executionCount;
    this.run = { phase: 'running', since: performance.now() };
  }

  streamed(runId: number, stream: StreamName, text: string): void {
    if (this.accepts(runId)) this.outputs = appendStream(this.outputs, stream, text);
  }

  displayed(runId: number, output: Output): void {
    if (this.accepts(runId)) this.outputs = appendOutput(this.outputs, output);
  }

  wants(runId: number, url: string): void {
    if (this.accepts(runId)) this.wanted = url;
  }

  progressed(runId: number, progress: CellProgress): void {
    if (this.accepts(runId)) this.progress = progress;
  }

  finished(runId: number, status: CellStatus, millis: number): void {
    if (!this.accepts(runId)) return;
    this.progress = null;
    this.run = { phase: 'finished', status, millis };
  }

  worked(jobs: readonly JobReport[], leftOut: number): void {
    this.jobs = jobs;
    this.jobsLeftOut = leftOut;
  }

  lost(runId: number, reason: string): void {
    if (!this.accepts(runId) || !this.isBusy) return;
    this.progress = null;
    this.run = { phase: 'lost', reason };
  }

  clear(): void {
    this.outputs = [];
    this.worked([], 0);
    this.executionCount = null;
    this.ran = null;
    this.progress = null;
    this.wanted = null;
    if (!this.isBusy) this.run = { phase: 'idle' };
  }

  /** The session that made the outputs is gone: they stay to be read, and the cell counts as not run. */
  detach(): void {
    this.outputs = withoutKernel(this.outputs);
    this.worked([], 0);
    this.executionCount = null;
    this.progress = null;
    this.wanted = null;
    this.ran = null;
    if (this.run.phase === 'finished') this.run = { phase: 'idle' };
  }

  private accepts(runId: number): boolean {
    return runId === this.runId;
  }
}
