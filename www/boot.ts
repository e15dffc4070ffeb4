/** Puts the page's parts together. Tests do the same with a kernel of their own. */

import type { Painter } from './cell/painter';
import type { Kernel } from './kernel/client';
import { Actions } from './notebook/actions';
import { Analysis } from './notebook/analysis.svelte';
import type { Codec } from './notebook/codec';
import { emptyNotebook } from './notebook/document';
import { Files } from './notebook/files.svelte';
import { Library } from './notebook/library.svelte';
import { RemoteFiles } from './notebook/remote.svelte';
import { Session } from './notebook/session.svelte';
import type { Storage } from './notebook/storage';
import { NotebookStore } from './notebook/store.svelte';
import { welcome } from './notebook/welcome';
import { Page } from './page.svelte';
import type { Services } from './services';

export interface Parts {
  readonly kernel: Kernel;
  readonly codec: Codec;
  readonly painter: () => Promise<Painter>;
  /** None where the browser keeps nothing. */
  readonly storage: Storage | null;
}

export function assemble({ kernel, codec, painter, storage }: Parts): Services {
  const store = new NotebookStore(emptyNotebook());
  const page = new Page();
  const files = new Files(kernel, storage);
  const remote = new RemoteFiles(kernel);
  const session = new Session(
    kernel,
    () => files.mount(),
    (path, bytes) => void (bytes ? files.remember(path, new Blob([bytes])) : files.forget(path)),
    (cell) => store.indexOf(cell.id) + 1,
    remote,
  );
  const library = new Library(store, storage, welcome, () => void session.changeDocument(), navigator.locks);
  const actions = new Actions(store, session, {
    save: () => void library.flush(),
    help: () => page.open({ type: 'help' }),
  });
  const analysis = new Analysis(kernel, store, (name) => page.openReference(name));
  return { kernel, store, session, analysis, library, files, remote, actions, codec, painter, page };
}
