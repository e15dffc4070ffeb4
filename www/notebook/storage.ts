/** What stays in this browser: notebooks and the reader's files, in one IndexedDB database. */

import type { Notebook } from './document';

export interface StoredNotebook extends Notebook {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** The link's fragment when it was opened from one and not yet kept. */
  readonly link: string | null;
}

export interface StoredFile {
  /** `/files/NAME` */
  readonly path: string;
  readonly content: Blob;
  readonly size: number;
  readonly modified: number;
}

const DATABASE = 'kindling';
const VERSION = 1;
const CURRENT = 'current';

export class Storage {
  private constructor(private readonly database: IDBDatabase) {}

  /** Opens the database. Rejects where the browser keeps nothing (some private windows); the page then works without. */
  static async open(factory: IDBFactory = indexedDB): Promise<Storage> {
    const request = factory.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('notebooks', { keyPath: 'id' });
      request.result.createObjectStore('files', { keyPath: 'path' });
      request.result.createObjectStore('settings');
    };
    const database = await settled(request);
    // Another tab with a newer page must not wait for this one.
    database.onversionchange = () => database.close();
    return new Storage(database);
  }

  notebook(id: string): Promise<StoredNotebook | undefined> {
    return settled<StoredNotebook | undefined>(this.store('notebooks', 'readonly').get(id));
  }

  /** All notebooks, latest first. */
  async notebooks(): Promise<StoredNotebook[]> {
    const all = await settled<StoredNotebook[]>(this.store('notebooks', 'readonly').getAll());
    return all.sort((a, b) => b.modified - a.modified);
  }

  async saveNotebook(notebook: StoredNotebook): Promise<void> {
    const store = this.store('notebooks', 'readwrite');
    const request = store.put(notebook);
    // A page that is being left does not live to see it done.
    store.transaction.commit();
    await settled(request);
  }

  async removeNotebook(id: string): Promise<void> {
    await settled(this.store('notebooks', 'readwrite').delete(id));
  }

  /** The reader's own notebook that was open last. */
  currentId(): Promise<string | undefined> {
    return settled<string | undefined>(this.store('settings', 'readonly').get(CURRENT));
  }

  async setCurrentId(id: string): Promise<void> {
    await settled(this.store('settings', 'readwrite').put(id, CURRENT));
  }

  async files(): Promise<StoredFile[]> {
    return settled<StoredFile[]>(this.store('files', 'readonly').getAll());
  }

  /** Resolves when the file is there for the next visit. */
  async saveFile(file: StoredFile): Promise<void> {
    const store = this.store('files', 'readwrite');
    store.put(file);
    await committed(store.transaction);
  }

  async removeFile(path: string): Promise<void> {
    const store = this.store('files', 'readwrite');
    store.delete(path);
    await committed(store.transaction);
  }

  close(): void {
    this.database.close();
  }

  private store(name: string, mode: IDBTransactionMode): IDBObjectStore {
    return this.database.transaction(name, mode).objectStore(name);
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser could not reach its storage.'));
  });
}

/** A request has succeeded before what it wrote is sure to stay. */
function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('The browser could not reach its storage.'));
    transaction.commit();
  });
}
