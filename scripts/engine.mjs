// Builds the engine's WebAssembly: the threaded kernel, the plain kernel and the page's own small build, each into a folder named by its hash.
// What LLVM's whole-program optimisation made goes out as it is: another pass of wasm-opt took five minutes a build, was no faster, and grew
// the download by 3 %.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { ask, main, root, run, step, tools } from './run.mjs';

const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');
const output = join(root, 'target', 'engine');
const manifestFile = join(output, 'manifest.json');

/** A stack large enough for deep Python recursion; the interpreter's own limit comes first. */
const stackBytes = 8 << 20;
/** For each thread of the pool: parallel fits run there, Python does not. */
const threadStackBytes = 4 << 20;

const features = ['+simd128', '+bulk-memory', '+mutable-globals', '+sign-ext', '+nontrapping-fptoint'];
const linkShared = [
  '--shared-memory',
  '--import-memory',
  '--max-memory=4294967296',
  ...['__wasm_init_tls', '__tls_size', '__tls_align', '__tls_base', '__heap_base'].map((name) => `--export=${name}`),
];

/** @type {Record<string, { features: string, rustflags: string[], cargo: string[] }>} */
const builds = {
  threads: {
    features: 'kernel,threads',
    rustflags: ['-C', `target-feature=${[...features, '+atomics'].join(',')}`, ...linkShared.flatMap((flag) => ['-C', `link-arg=${flag}`])],
    // Memory can only be shared when std itself was built for it.
    cargo: ['-Z', 'build-std=std,panic_abort'],
  },
  plain: { features: 'kernel', rustflags: ['-C', `target-feature=${features.join(',')}`], cargo: [] },
  page: { features: 'page', rustflags: ['-C', `target-feature=${features.join(',')}`], cargo: [] },
};

/** Brings the named builds up to date; what is fresh costs a look. */
export async function buildEngine(names = Object.keys(builds)) {
  mkdirSync(output, { recursive: true });
  const made = await Promise.all(names.map(async (name) => ({ name, wasm: await compile(name) })));
  await run('cargo', ['build', '--quiet', '--package', 'kindling-parts'], { label: 'parts', env: { CARGO_TARGET_DIR: target } });
  const manifest = existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, 'utf8')) : {};
  for (const { name, wasm } of made) manifest[name] = await package_(name, wasm, manifest[name]);
  writeFileSync(manifestFile, JSON.stringify(manifest, undefined, 2));
  const kept = new Set(Object.values(manifest).map(({ folder }) => folder));
  for (const folder of readdirSync(output)) {
    if (folder !== 'manifest.json' && !folder.endsWith('-fresh') && !kept.has(folder)) rmSync(join(output, folder), { recursive: true });
  }
  for (const name of names) {
    const { folder, bytes, brotli, parts } = manifest[name];
    console.log(`  ${folder.padEnd(28)} ${mega(bytes)} raw  ${mega(brotli)} brotli`);
    for (const part of parts) console.log(`    ${part.name.padEnd(26)} ${mega(part.bytes)} raw  ${mega(part.brotli)} brotli`);
  }
  return manifest;
}

/** Of every build. Where a panic came from is not told: file, line and column of each place that could are 3 % of the download. What panics in
 * the browser panics in the terminal, which tells it. */
const flags = ['-Z', 'location-detail=none', '-C', `link-arg=-zstack-size=${stackBytes}`];

/** How cargo is called for a build: what it builds, and the environment with the flags and a target folder of its own, so that builds with other
 * flags don't undo each other. */
export function cargoFor(/** @type {string} */ name) {
  const build = builds[name];
  if (!build) throw new Error(`There is no build '${name}'; there are ${Object.keys(builds).join(', ')}.`);
  return {
    args: ['--profile', 'wasm', '--no-default-features', '--features', build.features, ...build.cargo],
    env: {
      CARGO_TARGET_DIR: join(target, `wasm-${name}`),
      CARGO_ENCODED_RUSTFLAGS: [...build.rustflags, ...flags].join('\x1f'),
    },
  };
}

async function compile(/** @type {string} */ name) {
  const { args, env } = cargoFor(name);
  await run('cargo', ['build', '--lib', '--target', 'wasm32-unknown-unknown', ...args], {
    label: name,
    env: { ...env, CARGO_TERM_PROGRESS_WHEN: 'never' },
  });
  return join(env.CARGO_TARGET_DIR, 'wasm32-unknown-unknown', 'wasm', 'kindling.wasm');
}

/**
 * @typedef {{ bytes: number, brotli: number }} Size
 * @typedef {Size & { source: string, folder: string, pages: number, parts: (Size & { name: string })[] }} Package
 * @returns {Promise<Package>}
 */
async function package_(/** @type {string} */ name, /** @type {string} */ wasm, /** @type {any} */ before) {
  const pool = readFileSync(join(root, 'www', 'kernel', 'pool.js'), 'utf8');
  const loader = readFileSync(join(root, 'www', 'kernel', 'parts.js'), 'utf8');
  const splitter = join(target, 'debug', process.platform === 'win32' ? 'kindling-parts.exe' : 'kindling-parts');
  const source = createHash('sha256')
    .update(readFileSync(wasm))
    .update(readFileSync(splitter))
    .update(pool)
    .update(loader)
    .update(library(name))
    .update(ask(join(tools, 'bin', 'wasm-bindgen'), ['--version']) ?? '')
    .digest('hex');
  if (before?.source === source && existsSync(join(output, before.folder))) return before;
  return step(`Engine: ${name}`, async () => {
    const fresh = join(output, `${name}-fresh`);
    rmSync(fresh, { recursive: true, force: true });
    const names = name === 'page' ? ['--remove-name-section'] : [];
    await run('wasm-bindgen', [
      ...['--target', 'web', '--no-typescript', '--remove-producers-section', ...names],
      ...['--out-name', 'kindling', '--out-dir', fresh, wasm],
    ]);
    const bound = join(fresh, 'kindling_bg.wasm');
    /** @type {(Size & { name: string })[]} */
    let parts = [];
    if (name !== 'page') {
      const written = ask(splitter, [bound, fresh]);
      if (written === undefined) throw new Error(`${splitter} could not take ${bound} apart.`);
      parts = written.split('\n').map((part) => ({ name: part, ...size(readFileSync(join(fresh, `${part}.wasm`))) }));
      const quoted = parts.map((part) => `'${part.name}'`).join(', ');
      writeFileSync(join(fresh, 'parts.js'), loader.replace('__PARTS__', `[${quoted}]`));
      writeFileSync(join(fresh, 'library.json'), library(name));
    }
    if (name === 'threads') ownPool(fresh, pool);
    const hash = createHash('sha256');
    for (const file of readdirSync(fresh, { recursive: true, encoding: 'utf8' }).sort()) {
      if (statSync(join(fresh, file)).isFile()) hash.update(readFileSync(join(fresh, file)));
    }
    const folder = `${name}-${hash.digest('hex').slice(0, 12)}`;
    rmSync(join(output, folder), { recursive: true, force: true });
    renameSync(fresh, join(output, folder));
    const core = readFileSync(join(output, folder, 'kindling_bg.wasm'));
    const glue = size(readFileSync(join(output, folder, 'kindling.js')));
    const { bytes, brotli } = size(core);
    return { source, folder, pages: initialPages(core), bytes: bytes + glue.bytes, brotli: brotli + glue.brotli, parts };
  });
}

/** The Python texts that a kernel fetches when a cell imports the first of them, by their files; nothing for the page's own build. */
function library(/** @type {string} */ name) {
  if (name === 'page') return '';
  const folder = join(root, 'src', 'python', 'lib');
  return JSON.stringify(
    Object.fromEntries(
      readdirSync(folder)
        .sort()
        .map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
    ),
  );
}

/** Puts our starter of the pool's threads in the place of wasm-bindgen-rayon's, which starts them from addresses that the page's policy forbids. */
function ownPool(/** @type {string} */ folder, /** @type {string} */ pool) {
  const helper = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('workerHelpers.no-bundler.js'));
  if (!helper) throw new Error('wasm-bindgen-rayon no longer starts its threads by workerHelpers.no-bundler.js; see www/kernel/pool.js.');
  writeFileSync(join(folder, helper), pool.replaceAll('__THREAD_STACK_BYTES__', String(threadStackBytes)));
}

/** The least size, in pages, of the memory that a module imports; 0 when it brings its own. */
function initialPages(/** @type {Buffer} */ bytes) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const skipName = () => {
    const length = number();
    at += length;
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = number() + at;
    if (section !== 2) {
      at = end;
      continue;
    }
    for (let left = number(); left > 0; left--) {
      skipName();
      skipName();
      const kind = bytes[at++];
      if (kind === 2) {
        at++;
        return number();
      }
      if (kind === 0) number();
      else if (kind === 1) {
        at++;
        const bounded = (bytes[at++] ?? 0) & 1;
        number();
        if (bounded) number();
      } else if (kind === 3) at += 2;
      else number();
    }
    return 0;
  }
  return 0;
}

/** Compressed at quality 9, which takes a second; a host's 11 saves about a tenth more and takes half a minute. @returns {Size} */
function size(/** @type {Buffer} */ file) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: file.length };
  return { bytes: file.length, brotli: brotliCompressSync(file, { params }).length };
}

function mega(/** @type {number} */ bytes) {
  return `${(bytes / 1e6).toFixed(3)} MB`;
}

if (process.argv[1] === import.meta.filename) {
  const names = process.argv.slice(2);
  await main(() => buildEngine(names.length ? names : undefined));
}
