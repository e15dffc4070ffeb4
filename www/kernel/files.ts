/** The files that cells see and the engine doesn't have yet: those of the reader's that it had no room for, and the bundled data sets. */

export interface FoundFile {
  readonly path: string;
  readonly size: number;
}

const FILES = '/files/';
const DATASETS = '/datasets/';

export class KernelFiles {
  private readonly kept = new Map<string, Uint8Array>();
  /** The texts of the Python library by their files. */
  private texts: Readonly<Record<string, string>> | undefined;

  constructor(
    private readonly folder: string,
    private readonly datasets: readonly (readonly [name: string, bytes: number])[],
    private readonly libraryAddress: string,
  ) {}

  keep(path: string, bytes: Uint8Array): void {
    this.kept.set(path, bytes);
  }

  /** Says whether the file was here. */
  forget(path: string): boolean {
    return this.kept.delete(path);
  }

  /** The bytes of a file; nothing when there is none. */
  read(path: string): Uint8Array | undefined {
    return this.kept.get(path) ?? this.fetch(path);
  }

  list(): FoundFile[] {
    const kept = Array.from(this.kept, ([path, bytes]) => ({ path, size: bytes.length }));
    return [...kept, ...this.datasets.map(([name, size]) => ({ path: DATASETS + name, size }))];
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

  /** A file of the Python library, all of which is fetched when a cell imports the first. */
  library(file: string): Uint8Array | undefined {
    this.texts ??= JSON.parse(new TextDecoder().decode(get(this.libraryAddress, 'The Python library'))) as Record<string, string>;
    const text = this.texts[file];
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }

  private fetch(path: string): Uint8Array | undefined {
    const name = path.slice(DATASETS.length);
    if (!path.startsWith(DATASETS) || !this.datasets.some(([known]) => known === name)) return undefined;
    return get(new URL(encodeURI(name), this.folder), `The data set ${path}`);
  }
}

/** The engine asks in the middle of a computation and can't wait for a promise, so the request is a synchronous one. */
function get(address: string | URL, what: string): Uint8Array {
  const request = new XMLHttpRequest();
  request.open('GET', address, false);
  request.responseType = 'arraybuffer';
  try {
    request.send();
  } catch {
    throw new Error(`${what} can't be loaded: there is no connection.`);
  }
  if (request.status !== 200) throw new Error(`${what} can't be loaded: the host answered ${request.status}.`);
  return new Uint8Array(request.response as ArrayBuffer);
}
