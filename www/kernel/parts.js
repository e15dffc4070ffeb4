// Brings the parts of the engine that are not in its core (see scripts/parts) into the thread that calls into them. The build puts this file
// beside the engine, with the parts' names; the kernel's worker and each thread of its pool have one of their own.

/** @type {string[]} */
const names = __PARTS__;

/** Those that were fetched ahead, compiled. @type {Map<string, WebAssembly.Module>} */
const modules = new Map();

/**
 * From now on this thread's engine finds what it asks for.
 * @param {WebAssembly.Exports} core what the core exports
 * @param {Map<string, WebAssembly.Module>} [known] parts that another thread has compiled: what it has learnt of their hot loops comes with them
 */
export function offerParts(core, known) {
  known?.forEach((module, name) => modules.set(name, module));
  globalThis.kindlingLoadPart = (part) => {
    const name = names[part] ?? '';
    new WebAssembly.Instance(modules.get(name) ?? new WebAssembly.Module(fetchNow(name)), { core });
  };
}

/** The parts that are compiled. */
export function compiledParts() {
  return modules;
}

/** Fetches and compiles all parts, so that cells need not wait for them. What fails here is told by the cell that needs it. */
export async function fetchAhead() {
  await Promise.allSettled(
    names.map(async (name) => {
      modules.set(name, await WebAssembly.compileStreaming(fetch(address(name))));
    }),
  );
}

/** The engine asks in the middle of a computation and can't wait for a promise, so the request is a synchronous one. @param {string} name */
function fetchNow(name) {
  const request = new XMLHttpRequest();
  request.open('GET', address(name), false);
  request.responseType = 'arraybuffer';
  try {
    request.send();
  } catch {
    throw new Error(`The part '${name}' of the engine can't be loaded: there is no connection.`);
  }
  if (request.status !== 200) throw new Error(`The part '${name}' of the engine can't be loaded: the host answered ${request.status}.`);
  return request.response;
}

/** @param {string} name */
function address(name) {
  return new URL(`${name}.wasm`, import.meta.url);
}
