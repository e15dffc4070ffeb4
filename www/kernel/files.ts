/** The files that cells see, on the kernel's side: the reader's own in memory outside the engine's, the bundled data sets fetched when read. */

export interface FoundFile {
  readonly path: string;
  readonly size: number;
}

const FILES = '/files/';
const DATASETS = '/datasets/';

export class KernelFiles {
  private readonly own = new Map<string, Uint8Array>();
  private readonly fetched = new Map<string, Uint8Array>();

  constructor(
    private readonly folder: string,
    private readonly datasets: readonly (readonly [name: string, bytes: number])[],
  ) {}

  put(path: string, bytes: Uint8Array): void {
    this.own.set(path, bytes);
  }

  remove(path: string): boolean {
    return this.own.delete(path);
  }

  /** The bytes of a file; nothing when there is none. */
  read(path: string): Uint8Array | undefined {
    return this.own.get(path) ?? this.fetched.get(path) ?? this.fetch(path);
  }

  list(): FoundFile[] {
    const own = Array.from(this.own, ([path, bytes]) => ({ path, size: bytes.length })).filter(({ path }) => !KernelFiles.isRemote(path));
    return [...own, ...this.datasets.map(([name, size]) => ({ path: DATASETS + name, size }))];
  }

  /** Cells may write under `/files/`, and below `/tmp/` for what they don't want to keep. */
  static isWritable(path: string): boolean {
    return !path.startsWith(DATASETS) && !KernelFiles.isRemote(path);
  }

  /** Whether it is the address of another host's file: the page fetches those. */
  static isRemote(path: string): boolean {
    return path.startsWith('https://') && URL.canParse(path);
  }

  /** Whether the page keeps the file for the next visit. */
  static isKept(path: string): boolean {
    return path.startsWith(FILES);
  }

  /** The engine asks in the middle of a computation and can't wait for a promise, so the request is a synchronous one. */
  private fetch(path: string): Uint8Array | undefined {
    const name = path.slice(DATASETS.length);
    if (!path.startsWith(DATASETS) || !this.datasets.some(([known]) => known === name)) return undefined;
    const request = new XMLHttpRequest();
    request.open('GET', new URL(encodeURI(name), this.folder), false);
    request.responseType = 'arraybuffer';
    try {
      request.send();
    } catch {
      throw new Error(`The data set ${path} can't be loaded: there is no connection.`);
    }
    if (request.status !== 200) throw new Error(`The data set ${path} can't be loaded: the host answered ${request.status}.`);
    const bytes = new Uint8Array(request.response as ArrayBuffer);
    this.fetched.set(path, bytes);
    return bytes;
  }
}
