/** Cross-origin isolation, which shared memory needs: from the host's headers, else from the service worker's. */

const reloadedKey = 'kindling.reloaded-for-isolation';

/**
 * Whether the page may share memory with its workers. On a host that sends no headers the page is reloaded, at most once, to come through
 * the service worker, which sends them: then this never settles.
 */
export async function isolate(): Promise<boolean> {
  // The development server sends the headers, and what changes by the minute is not kept for offline use.
  if (import.meta.env.DEV) return crossOriginIsolated;
  const registered = navigator.serviceWorker ? register() : Promise.resolve(false);
  if (crossOriginIsolated) {
    remember(false);
    return true;
  }
  // A frame is only as isolated as the page around it: no reload helps.
  if (window.parent !== window || !(await registered) || wasReloaded() || !remember(true)) return false;
  location.reload();
  return new Promise(() => {});
}

/** Asks the service worker to keep these folders of the build, so that the page works offline. */
export async function keepForOffline(folders: readonly string[]): Promise<void> {
  if (import.meta.env.DEV || !navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.ready;
  registration.active?.postMessage({ keep: folders });
}

/** Whether a service worker stands ready to answer for this page. */
async function register(): Promise<boolean> {
  try {
    const { installing, waiting, active } = await navigator.serviceWorker.register(new URL('service-worker.js', document.baseURI));
    // A browser that turned it down quietly would be waited for in vain.
    if (!installing && !waiting && !active) return false;
  } catch {
    // A host without it, a private window: the page works all the same, only not offline.
    return false;
  }
  const patience = new Promise<false>((resolve) => setTimeout(resolve, 10_000, false));
  return Promise.race([navigator.serviceWorker.ready.then(() => true), patience]);
}

function wasReloaded(): boolean {
  try {
    return sessionStorage.getItem(reloadedKey) !== null;
  } catch {
    return true;
  }
}

/** Notes across the reload that it happened; false where the browser keeps no notes, and a reload could become a loop. */
function remember(reloaded: boolean): boolean {
  try {
    if (reloaded) sessionStorage.setItem(reloadedKey, '1');
    else sessionStorage.removeItem(reloadedKey);
    return true;
  } catch {
    return false;
  }
}
