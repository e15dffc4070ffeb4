/** What the page and the kernel's worker say to each other; the kernel's own words travel inside. */

import type { Event, Request } from './protocol';

export type ToWorker =
  | Start
  /** A cell can run: now the parts of the engine may come that it has begun without. */
  | { readonly type: 'fetchAhead' }
  | { readonly type: 'request'; readonly request: Request; readonly bytes?: ArrayBuffer };

/** The first message: what to run. */
export interface Start {
  readonly type: 'start';
  /** Address of the engine's folder, with its slash. */
  readonly engine: string;
  /** Threads of the pool; 0 for the plain build. */
  readonly threads: number;
  /** The least first size of the engine's memory, in 64 KiB pages. */
  readonly pages: number;
  /** Address of the folder of data sets, with its slash. */
  readonly datasetsFolder: string;
  readonly datasets: readonly (readonly [name: string, bytes: number])[];
  /** A channel where threads of the pool report that they broke: the kernel's worker can't, it waits for them. */
  readonly faults: string;
}

export type FromWorker =
  /** The shared memory and where the Stop flag and the counters are in it. */
  | { readonly type: 'memory'; readonly buffer: SharedArrayBuffer; readonly counters: number }
  | { readonly type: 'event'; readonly event: Event; readonly bytes?: ArrayBuffer }
  /** The engine is broken beyond use. */
  | { readonly type: 'fault'; readonly fault: Fault };

/** What ended an engine: an exception's text, and what the engine said before. */
export interface Fault {
  readonly error: string;
  readonly panic: string;
}
