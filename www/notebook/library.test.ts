import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyNotebook, newCell, type Notebook } from './document';
import type { Locks } from './holds';
import { Library } from './library.svelte';
import { Storage } from './storage';
import { NotebookStore } from './store.svelte';

const named = (title: string, source = title): Notebook => ({ title, cells: [newCell('code', source)] });
const welcome = () => named('Welcome');

let factory: IDBFactory;

/** A page as a reader finds it on a visit. */
async function visit(locks?: Locks) {
  const storage = await Storage.open(factory);
  const store = new NotebookStore(emptyNotebook());
  const library = new Library(store, storage, welcome, () => {}, locks);
  return { storage, store, library };
}

/** The browser's locks as two tabs share them. */
function sharedLocks(): Locks {
  const held = new Map<string, (error: Error) => void>();
  return {
    request: (name, { steal }, callback) => {
      if (held.has(name) && !steal) return Promise.resolve(callback(null));
      held.get(name)?.(new Error('stolen'));
      return new Promise((resolve, reject) => {
        held.set(name, reject);
        void callback({ name })?.then(() => {
          if (held.get(name) === reject) held.delete(name);
          resolve(undefined);
        });
      });
    },
  };
}

beforeEach(() => {
  factory = new IDBFactory();
});

describe('own notebooks', () => {
  it('welcomes on the first visit and restores what was changed on the next', async () => {
    const first = await visit();
    await first.library.open({ type: 'own' });
    expect(first.store.title).toBe('Welcome');
    first.store.title = 'Mine';
    (first.store.cells[0] as { source: string }).source = 'changed';
    first.library.touch();
    await first.library.flush();

    const second = await visit();
    await second.library.open({ type: 'own' });
    expect(second.store.snapshot()).toMatchObject({ title: 'Mine', cells: [{ source: 'changed' }] });
  });

  it('saves by itself shortly after a change', async () => {
    const { storage, store, library } = await visit();
    await library.open({ type: 'own' });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      store.title = 'Changed';
      library.touch();
      expect(library.saveState).toBe('saving');
      await vi.advanceTimersByTimeAsync(1000);
    } finally {
      vi.useRealTimers();
    }
    await vi.waitFor(() => expect(library.saveState).toBe('saved'));
    expect((await storage.notebook(library.currentId))?.title).toBe('Changed');
  });

  it('keeps the open notebook in the list when another one is opened', async () => {
    const { store, library } = await visit();
    await library.open({ type: 'own' });
    await library.adopt(named('From a file'));
    expect(store.title).toBe('From a file');
    expect(library.entries.map((entry) => entry.title).sort()).toEqual(['From a file', 'Welcome']);
    const before = library.entries.find((entry) => entry.title === 'Welcome');
    await library.openStored(before?.id ?? '');
    expect(store.title).toBe('Welcome');
  });

  it('opens another notebook, or an empty one, when the open one is deleted', async () => {
    const { store, library } = await visit();
    await library.open({ type: 'own' });
    await library.adopt(named('Second'));
    await library.remove(library.currentId);
    expect(store.title).toBe('Welcome');
    await library.remove(library.currentId);
    expect(store.cells.map((cell) => cell.source)).toEqual(['']);
  });

  it('works where the browser keeps nothing, and says so', async () => {
    const store = new NotebookStore(emptyNotebook());
    const library = new Library(store, null, welcome);
    await library.open({ type: 'own' });
    library.touch();
    expect(store.title).toBe('Welcome');
    expect(library.saveState).toBe('off');
  });
});

describe('two tabs with one notebook', () => {
  it('let only the first write, until the other takes over what it left', async () => {
    const locks = sharedLocks();
    const first = await visit(locks);
    await first.library.open({ type: 'own' });
    const second = await visit(locks);
    await second.library.open({ type: 'own' });
    expect([first.library.held, second.library.held]).toEqual([true, false]);

    second.store.title = 'Not to be saved';
    second.library.touch();
    await second.library.flush();
    first.store.title = 'From the first tab';
    first.library.touch();
    await first.library.flush();

    await second.library.takeOver();
    expect(second.store.title).toBe('From the first tab');
    expect([first.library.held, second.library.held]).toEqual([false, true]);
    first.store.title = 'Too late';
    first.library.touch();
    await first.library.flush();
    expect((await second.storage.notebook(second.library.currentId))?.title).toBe('From the first tab');
  });

  it('lets go of a notebook when another one is opened', async () => {
    const locks = sharedLocks();
    const first = await visit(locks);
    await first.library.open({ type: 'own' });
    await first.library.create();
    const second = await visit(locks);
    await second.library.open({ type: 'own' });
    const welcomed = second.library.entries.find((entry) => entry.title === 'Welcome');
    await second.library.openStored(welcomed?.id ?? '');
    expect([first.library.held, second.library.held]).toEqual([true, true]);
  });
});

describe('notebooks from links', () => {
  const link = { type: 'link', fragment: 'k1abc', notebook: named('Shared') } as const;

  it('are shown beside the own notebook, which stays as it was', async () => {
    const first = await visit();
    await first.library.open({ type: 'own' });
    const own = first.library.currentId;
    await first.library.open(link);
    expect(first.store.title).toBe('Shared');
    expect(first.library.link).toBe('k1abc');
    (first.store.cells[0] as { source: string }).source = 'tried something';
    first.library.touch();
    await first.library.flush();
    expect((await first.storage.notebook(own))?.title).toBe('Welcome');

    const second = await visit();
    await second.library.open({ type: 'own' });
    expect(second.store.title).toBe('Welcome');
    expect(second.library.entries.map((entry) => entry.title)).toEqual(['Welcome']);
  });

  it('remember what was changed in them until the same link is opened again', async () => {
    const first = await visit();
    await first.library.open(link);
    (first.store.cells[0] as { source: string }).source = 'tried something';
    first.library.touch();
    const second = await (async () => {
      await first.library.flush();
      return visit();
    })();
    await second.library.open(link);
    expect(second.store.cells[0]?.source).toBe('tried something');
  });

  it('become the reader’s own when kept, beside the earlier ones', async () => {
    const { library } = await visit();
    await library.open({ type: 'own' });
    await library.open(link);
    await library.keep();
    expect(library.link).toBeNull();
    expect(library.entries.map((entry) => entry.title).sort()).toEqual(['Shared', 'Welcome']);
    const next = await visit();
    await next.library.open({ type: 'own' });
    expect(next.store.title).toBe('Shared');
  });

  it('leave the own notebook open with a message when they are broken', async () => {
    const { store, library } = await visit();
    await library.open({ type: 'broken', message: 'The link was cut off.' });
    expect(store.title).toBe('Welcome');
    expect(library.linkError).toBe('The link was cut off.');
  });

  it('do not pile up', async () => {
    const { storage, library } = await visit();
    for (let n = 0; n < 15; n += 1) {
      await library.open({ type: 'link', fragment: `k1${n}`, notebook: named(`Shared ${n}`) });
      library.touch();
    }
    await library.flush();
    const links = (await storage.notebooks()).filter((stored) => stored.link !== null);
    expect(links.length).toBeLessThanOrEqual(11);
  });
});
