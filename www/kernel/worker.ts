/** The kernel's worker: owns one instance of the engine, its memory and its pool, and dies with them. */

import { KernelFiles } from './files';
import type { FromWorker, Start, ToWorker } from './messages';
import type { Event } from './protocol';

/** What the engine's JavaScript exports; see `src/wasm.rs`. */
interface Engine {
  default(options: { module_or_path: string; memory?: WebAssembly.Memory }): Promise<WebAssembly.Exports>;
  initThreadPool(threads: number): Promise<void>;
  countersAddress(): number;
  Kernel: new (
    host: Host,
    threads: number,
  ) => {
    handle(request: string): void;
    putFile(path: string, bytes: Uint8Array): boolean;
    removeFile(path: string): void;
  };
}

/** See `www/kernel/parts.js`. */
interface Parts {
  offerParts(core: WebAssembly.Exports): void;
  fetchAhead(): Promise<void>;
}

/** What the engine asks of the worker; see `src/wasm.rs`. */
class Host {
  private readonly nap = 'SharedArrayBuffer' in self ? new Int32Array(new SharedArrayBuffer(4)) : undefined;

  constructor(private readonly files: KernelFiles) {}

  emit(event: string): void {
    post({ type: 'event', event: JSON.parse(event) as Event });
  }

  epochMillis(): number {
    return Date.now();
  }

  monotonicMillis(): number {
    return performance.now();
  }

  pause(millis: number): void {
    if (this.nap) {
      Atomics.wait(this.nap, 0, 0, millis);
      return;
    }
    const end = performance.now() + millis;
    while (performance.now() < end);
  }

  readFile(path: string): Uint8Array | undefined {
    const bytes = this.files.read(path);
    if (bytes || !KernelFiles.isRemote(path)) return bytes;
    post({ type: 'event', event: { type: 'remoteFile', url: path } });
    throw new Error(`This notebook asks before it reads from ${new URL(path).host}. Agree below the cell, and it runs again.`);
  }

  readLibrary(file: string): Uint8Array | undefined {
    return this.files.library(file);
  }

  listFiles(): { path: string; size: number }[] {
    return this.files.list();
  }

  /** The engine has read the file, and owns it from here on. */
  forgetFile(path: string): void {
    this.files.forget(path);
  }

  /** `bytes` is a copy of the engine's, for the page. */
  writeFile(path: string, bytes: Uint8Array<ArrayBuffer>): void {
    if (!KernelFiles.isWritable(path)) throw new Error(`${path} can't be written: only what is under /files/ and /tmp/ can.`);
    this.files.forget(path);
    if (KernelFiles.isKept(path))
      post({ type: 'event', event: { type: 'fileChanged', path, removed: false }, bytes: bytes.buffer }, [bytes.buffer]);
  }

  /** Says whether there was such a file, which the engine knows of its own. */
  removeFile(path: string, isEngines: boolean): boolean {
    if (!KernelFiles.isWritable(path)) throw new Error(`${path} can't be removed: the bundled data sets stay as they are.`);
    const was = this.files.forget(path) || isEngines;
    if (was && KernelFiles.isKept(path)) post({ type: 'event', event: { type: 'fileChanged', path, removed: true } });
    return was;
  }
}

function post(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

/** The engine notes here what it says when it panics, just before it traps. */
declare const kindlingPanic: string | undefined;

function fault(error: unknown): void {
  const panic = typeof kindlingPanic === 'string' ? kindlingPanic : '';
  post({ type: 'fault', fault: { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error), panic } });
}

/** The page's own largest, halved until the browser grants it: it only reserves addresses, but some don't have so many. */
function sharedMemory(pages: number): WebAssembly.Memory {
  for (let maximum = 65536; ; maximum >>= 1) {
    try {
      const memory = new WebAssembly.Memory({ initial: pages, maximum, shared: true });
      // Read by src/wasm.rs.
      Object.assign(self, { kindlingMemory: maximum * 65536 });
      return memory;
    } catch (error) {
      if (maximum / 2 < pages) throw error;
    }
  }
}

let files: KernelFiles;
let parts: Parts;
let kernel: InstanceType<Engine['Kernel']>;

/** Starts the pool's threads, with the parts that have come. */
let startPool = (): Promise<void> => Promise.resolve();
let started: Promise<void> | undefined;

function pool(): Promise<void> {
  started ??= startPool();
  return started;
}

async function start({ engine: folder, threads, pages, datasetsFolder, datasets, faults }: Start): Promise<void> {
  files = new KernelFiles(datasetsFolder, datasets, `${folder}library.json`);
  const engine = (await import(/* @vite-ignore */ `${folder}kindling.js`)) as Engine;
  parts = (await import(/* @vite-ignore */ `${folder}parts.js`)) as Parts;
  const module_or_path = `${folder}kindling_bg.wasm`;
  if (threads === 0) {
    parts.offerParts(await engine.default({ module_or_path }));
  } else {
    // Read by www/kernel/pool.js.
    Object.assign(self, { kindlingFaults: faults });
    const memory = sharedMemory(pages);
    parts.offerParts(await engine.default({ module_or_path, memory }));
    if (threads > 1) startPool = () => engine.initThreadPool(threads);
    post({ type: 'memory', buffer: memory.buffer as unknown as SharedArrayBuffer, counters: engine.countersAddress() });
  }
  kernel = new engine.Kernel(new Host(files), Math.max(threads, 1));
}

function put(path: string, bytes: Uint8Array): void {
  files.forget(path);
  if (!kernel.putFile(path, bytes)) files.keep(path, bytes);
}

function remove(path: string): void {
  files.forget(path);
  kernel.removeFile(path);
}

function handle(message: ToWorker): void | Promise<void> {
  if (message.type === 'start') return start(message);
  if (message.type === 'fetchAhead') {
    // The threads share what is compiled, so they wait for it as long as no cell runs; nobody else does.
    parts.fetchAhead().then(pool).catch(fault);
    return;
  }
  const { request, bytes } = message;
  if (request.type === 'putFile') put(request.path, new Uint8Array(bytes ?? new ArrayBuffer(0)));
  else if (request.type === 'removeFile') remove(request.path);
  else if (request.type === 'execute') return pool().then(() => kernel.handle(JSON.stringify(request)));
  else kernel.handle(JSON.stringify(request));
}

/** One after the other; after a fault, none. */
let queue: Promise<void> = Promise.resolve();
self.addEventListener('message', (event: MessageEvent<ToWorker>) => {
  if (!['start', 'fetchAhead', 'request'].includes(event.data?.type)) return;
  queue = queue.then(() => handle(event.data));
  queue.catch(fault);
});
