/** What components share: made once in `App.svelte`, found through Svelte's context. */

import { createContext } from 'svelte';
import type { Painter } from './cell/painter';
import type { Kernel } from './kernel/client';
import type { Actions } from './notebook/actions';
import type { Analysis } from './notebook/analysis.svelte';
import type { Codec } from './notebook/codec';
import type { Files } from './notebook/files.svelte';
import type { Library } from './notebook/library.svelte';
import type { RemoteFiles } from './notebook/remote.svelte';
import type { Session } from './notebook/session.svelte';
import type { NotebookStore } from './notebook/store.svelte';
import type { Page } from './page.svelte';

export interface Services {
  readonly kernel: Kernel;
  readonly store: NotebookStore;
  readonly session: Session;
  readonly analysis: Analysis;
  readonly library: Library;
  readonly files: Files;
  readonly remote: RemoteFiles;
  readonly actions: Actions;
  readonly codec: Codec;
  readonly page: Page;
  /** Loads what draws charts; the same promise each time. */
  readonly painter: () => Promise<Painter>;
}

export const [services, provideServices] = createContext<Services>();
