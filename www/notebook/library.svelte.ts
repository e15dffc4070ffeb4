/** Which notebook is open, and its way to and from the browser's storage. */

import { emptyNotebook, freshId, type Notebook } from './document';
import { Holds, type Locks } from './holds';
import type { Opening } from './share';
import type { Storage, StoredNotebook } from './storage';
import type { NotebookStore } from './store.svelte';

export type SaveState = 'saved' | 'saving' | 'off';

const SAVE_DELAY = 400;
/** So many notebooks from links remember what was changed in them before they are kept. */
const LINKS_REMEMBERED = 9;

export interface NotebookEntry {
  readonly id: string;
  readonly title: string;
  readonly modified: number;
}

export class Library {
  /** Own notebooks, latest first. */
  entries: readonly NotebookEntry[] = $state.raw([]);
  currentId: string = $state(freshId());
  /** The fragment that the open notebook came from, until it is kept. */
  link: string | null = $state(null);
  /** Why a link could not be opened. */
  linkError: string | null = $state(null);
  saveState: SaveState = $state('saved');
  /** Whether this tab is the one that writes the open notebook. */
  held: boolean = $state(true);
  private readonly holds: Holds;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dirty = false;

  constructor(
    private readonly document: NotebookStore,
    private readonly storage: Storage | null,
    private readonly welcome: () => Notebook,
    /** Called when another document has taken the place of the one before. */
    private readonly opened: () => void = () => {},
    locks?: Locks,
  ) {
    this.holds = new Holds(locks, () => (this.held = false));
    if (!storage) this.saveState = 'off';
  }

  /** Opens what the address asks for: a link's notebook beside the reader's own, or the reader's own. */
  async open(opening: Opening): Promise<void> {
    await this.flush();
    this.linkError = opening.type === 'broken' ? opening.message : null;
    if (opening.type === 'link') await this.openLink(opening.fragment, opening.notebook);
    else await this.openOwn();
  }

  /** The own notebook that was open last, or the welcome on a first visit. */
  async openOwn(): Promise<void> {
    await this.flush();
    const id = await this.storage?.currentId();
    const stored = id ? await this.storage?.notebook(id) : undefined;
    this.link = null;
    await this.hold(stored?.id ?? freshId());
    this.load(stored ?? this.welcome());
    if (!stored) await this.save();
    await this.refresh();
  }

  async openStored(id: string): Promise<void> {
    await this.flush();
    const stored = await this.storage?.notebook(id);
    if (!stored) return;
    await this.show(stored.id, stored);
    await this.storage?.setCurrentId(id);
    await this.refresh();
  }

  /** Shows a notebook as a new one of the reader's own; the one that was open stays in the list. */
  async adopt(notebook: Notebook): Promise<void> {
    await this.flush();
    await this.show(freshId(), notebook);
    await this.save();
    await this.refresh();
  }

  create(): Promise<void> {
    return this.adopt(emptyNotebook());
  }

  createWelcome(): Promise<void> {
    return this.adopt(this.welcome());
  }

  /** Makes the notebook from a link one of the reader's own. */
  async keep(): Promise<void> {
    if (this.link === null) return;
    const linkId = this.currentId;
    clearTimeout(this.timer);
    this.link = null;
    await this.hold(freshId());
    await this.save();
    await this.storage?.removeNotebook(linkId);
    await this.refresh();
  }

  async remove(id: string): Promise<void> {
    await this.storage?.removeNotebook(id);
    await this.refresh();
    if (id !== this.currentId) return;
    clearTimeout(this.timer);
    this.dirty = false;
    const next = this.entries[0];
    if (next) await this.openStored(next.id);
    else await this.create();
  }

  /** Takes the notebook over from another tab, as that one left it. */
  async takeOver(): Promise<void> {
    this.held = await this.holds.take(this.currentId, true);
    const stored = await this.storage?.notebook(this.currentId);
    if (stored) this.load(stored);
  }

  /** Notes a change; it is written shortly after. */
  touch(): void {
    if (!this.storage || !this.held) return;
    this.dirty = true;
    this.saveState = 'saving';
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), SAVE_DELAY);
  }

  /** Writes what is not yet written. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    if (this.dirty) await this.save();
  }

  private async openLink(fragment: string, notebook: Notebook): Promise<void> {
    const id = `link-${fragment}`;
    const stored = await this.storage?.notebook(id);
    this.link = fragment;
    await this.hold(id);
    this.load(stored ?? notebook);
    await this.forgetOldLinks();
    await this.refresh();
  }

  /** What was changed in notebooks from links and never kept does not pile up for ever. */
  private async forgetOldLinks(): Promise<void> {
    const links = ((await this.storage?.notebooks()) ?? []).filter((stored) => stored.link !== null && stored.id !== this.currentId);
    for (const { id } of links.slice(LINKS_REMEMBERED)) await this.storage?.removeNotebook(id);
  }

  private async show(id: string, notebook: Notebook): Promise<void> {
    this.link = null;
    this.linkError = null;
    await this.hold(id);
    this.load(notebook);
  }

  private async hold(id: string): Promise<void> {
    this.currentId = id;
    this.held = await this.holds.take(id);
  }

  private load(notebook: Notebook): void {
    this.document.load(notebook);
    this.opened();
  }

  private async save(): Promise<void> {
    this.dirty = false;
    if (!this.storage || !this.held) return;
    const stored: StoredNotebook = { ...this.document.snapshot(), id: this.currentId, modified: Date.now(), link: this.link };
    try {
      await this.storage.saveNotebook(stored);
      if (this.link === null) await this.storage.setCurrentId(stored.id);
      this.saveState = this.dirty ? 'saving' : 'saved';
    } catch {
      // The disk is full or the browser withdrew its storage: say so, and try again at the next change.
      this.saveState = 'off';
    }
  }

  private async refresh(): Promise<void> {
    const stored = (await this.storage?.notebooks()) ?? [];
    this.entries = stored.filter((entry) => entry.link === null).map(({ id, title, modified }) => ({ id, title, modified }));
  }
}
