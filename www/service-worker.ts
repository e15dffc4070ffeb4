/// <reference lib="webworker" />
// Keeps one build's files for offline use, and isolates the page on hosts that can't send the headers for it.
// A new build waits until every page of the old one is closed: nothing changes under an open notebook.
export {};

declare const self: ServiceWorkerGlobalScope;

/** Written by the build: its hash, and its files relative to this worker, with the policy of the page. */
declare const __KINDLING_BUILD__: string;
declare const __KINDLING_FILES__: readonly string[];
declare const __KINDLING_POLICY__: string;

const scope = self.registration.scope;
const family = `kindling ${scope} `;
const cacheName = family + __KINDLING_BUILD__;
const files = new Set(__KINDLING_FILES__.map((file) => new URL(file, scope).href));
const page = new URL('index.html', scope).href;

/** What the page needs to show itself; the engines and data sets follow when it asks for them. */
const shell = __KINDLING_FILES__.filter((file) => !/^(engine|datasets)\//.test(file)).map((file) => new URL(file, scope).href);

self.addEventListener('install', (event) => {
  event.waitUntil(keep(shell));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith(family) && name !== cacheName) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', (event) => {
  const message: unknown = event.data;
  if (typeof message !== 'object' || message === null || !('keep' in message) || !Array.isArray(message.keep)) return;
  const wanted = message.keep.map((prefix) => new URL(String(prefix), scope).href);
  event.waitUntil(keep([...files].filter((file) => wanted.some((prefix) => file.startsWith(prefix)))));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === 'GET' && url.origin === self.location.origin) {
    event.respondWith(answer(request, url));
  }
});

async function answer(request: Request, url: URL): Promise<Response> {
  const address = url.origin + url.pathname;
  const file = address === scope ? page : address;
  if (!files.has(file)) return isolated(await fetch(request));
  const cache = await caches.open(cacheName);
  const kept = await cache.match(file);
  if (kept) return isolated(kept);
  const fresh = await fetch(request);
  if (fresh.status === 200 && !request.headers.has('range')) await cache.put(file, fresh.clone());
  return isolated(fresh);
}

/** Stores what isn't there yet. */
async function keep(wanted: readonly string[]): Promise<void> {
  const cache = await caches.open(cacheName);
  await Promise.all(
    wanted.map(async (file) => {
      if (await cache.match(file)) return;
      // What carries its hash in its name may come from the browser's cache, where the page has just put it.
      const hashed = /\/(assets|engine)\//.test(file.slice(scope.length - 1));
      await cache.add(new Request(file, { cache: hashed ? 'default' : 'no-cache' }));
    }),
  );
}

/** The page may fetch what its reader agrees to; workers, where cells run, may not. */
const workerPolicy = __KINDLING_POLICY__.replace(' https:', '');

/** The same answer with the headers that let pages share memory with their workers, and hold workers to the page's policy. */
function isolated(response: Response): Response {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  const isPage = headers.get('content-type')?.startsWith('text/html') ?? false;
  headers.set('Content-Security-Policy', isPage ? __KINDLING_POLICY__ : workerPolicy);
  const empty = response.status === 204 || response.status === 304;
  return new Response(empty ? null : response.body, { status: response.status, statusText: response.statusText, headers });
}
