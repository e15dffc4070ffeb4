// Starts the threads of the kernel's pool. The build puts this file in the place of wasm-bindgen-rayon's `workerHelpers.no-bundler.js`, for
// two reasons: that one starts workers from `blob:` addresses, which the page's policy (`worker-src 'self'`) forbids, and it leaves them
// the least of stacks. It is both the kernel's module that starts the threads and the script that each of them runs.

/** @param {Worker | typeof globalThis} target @param {string} type @returns {Promise<any>} */
function message(target, type) {
  return new Promise((resolve, reject) => {
    const hear = (/** @type {any} */ event) => {
      if (event.data?.type !== type) return;
      target.removeEventListener('message', hear);
      resolve(event.data);
    };
    target.addEventListener('message', hear);
    if (target !== globalThis) target.addEventListener('error', () => reject(new Error('A thread of the engine could not be started.')));
  });
}

/** Where `parts.js` is. @param {string} main the engine's script */
function beside(main) {
  return new URL('parts.js', main).href;
}

// The kernel's worker gets other messages only, so this waits there for nothing.
void message(globalThis, 'kindling-thread').then(async ({ main, module, memory, receiver, faults, parts }) => {
  const engine = await import(/* @vite-ignore */ main);
  const { offerParts } = await import(/* @vite-ignore */ beside(main));
  offerParts(await engine.default({ module_or_path: module, memory, thread_stack_size: __THREAD_STACK_BYTES__ }), parts);
  postMessage({ type: 'kindling-thread-ready' });
  try {
    engine.wbg_rayon_start_worker(receiver);
  } catch (error) {
    // The kernel's worker waits for this thread and would wait for ever: the page must hear of it past it.
    new BroadcastChannel(faults).postMessage({ error: String(error), panic: globalThis.kindlingPanic ?? '' });
  }
});

/** Keeps the threads from being collected: Firefox drops workers that only shared memory refers to (bug 1702191). */
let threads;

/** @param {WebAssembly.Module} module @param {WebAssembly.Memory} memory @param {any} builder */
export async function startWorkers(module, memory, builder) {
  const { kindlingFaults: faults } = globalThis;
  const main = builder.mainJS();
  const { compiledParts } = await import(/* @vite-ignore */ beside(main));
  const start = { type: 'kindling-thread', main, module, memory, receiver: builder.receiver(), faults, parts: compiledParts() };
  threads = await Promise.all(
    Array.from({ length: builder.numThreads() }, async (_, index) => {
      const worker = new Worker(import.meta.url, { type: 'module', name: `kindling-${index + 1}` });
      const ready = message(worker, 'kindling-thread-ready');
      worker.postMessage(start);
      await ready;
      return worker;
    }),
  );
  builder.build();
}
