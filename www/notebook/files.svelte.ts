/** The reader's files: kept in the browser, and given to every kernel that starts. */

import type { Kernel } from '../kernel/client';
import type { Storage } from './storage';

export interface FileEntry {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

export class Files {
  entries: readonly FileEntry[] = $state.raw([]);
  /** Changes that the browser has not stored yet: a page that is left now would lose them. */
  private unsaved = $state(0);
  private readonly contents = new Map<string, Blob>();
  private restored: Promise<void> | null = null;

  constructor(
    private readonly kernel: Kernel,
    /** None where the browser keeps nothing: files then last as long as the page. */
    private readonly storage: Storage | null,
  ) {}

  get saving(): boolean {
    return this.unsaved > 0;
  }

  /** Reads what earlier visits left, once. */
  restore(): Promise<void> {
    this.restored ??= this.read();
    return this.restored;
  }

  /** Gives all files to a kernel that has just started. */
  async mount(): Promise<void> {
    await this.restore();
    for (const [path, content] of this.contents) await this.kernel.putFile(path, await content.arrayBuffer());
  }

  /** Stores a file for cells to read, and for the next visit; says whether the browser had room for that. */
  async put(path: string, content: Blob): Promise<boolean> {
    const kept = await this.remember(path, content);
    await this.kernel.putFile(path, await content.arrayBuffer());
    return kept;
  }

  async remove(path: string): Promise<void> {
    await this.forget(path);
    await this.kernel.removeFile(path);
  }

  /** A cell wrote a file: the kernel has it already. */
  async remember(path: string, content: Blob): Promise<boolean> {
    const modified = Date.now();
    this.contents.set(path, content);
    this.entries = [...this.entries.filter((entry) => entry.path !== path), { path, size: content.size, modified }].sort(byPath);
    const { storage } = this;
    if (!storage) return false;
    return this.noted(storage.saveFile({ path, content, size: content.size, modified })).then(
      () => true,
      () => false,
    );
  }

  /** A cell removed a file. */
  async forget(path: string): Promise<void> {
    this.contents.delete(path);
    this.entries = this.entries.filter((entry) => entry.path !== path);
    if (this.storage) await this.noted(this.storage.removeFile(path));
  }

  content(path: string): Blob | undefined {
    return this.contents.get(path);
  }

  private async noted(change: Promise<void>): Promise<void> {
    this.unsaved += 1;
    try {
      await change;
    } finally {
      this.unsaved -= 1;
    }
  }

  private async read(): Promise<void> {
    const stored = (await this.storage?.files().catch(() => [])) ?? [];
    for (const file of stored) this.contents.set(file.path, file.content);
    this.entries = stored.map(({ path, size, modified }) => ({ path, size, modified })).sort(byPath);
  }
}

function byPath(a: FileEntry, b: FileEntry): number {
  return a.path.localeCompare(b.path);
}
