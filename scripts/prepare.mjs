// What a build needs on this machine: checks what must be there, installs the rest.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ask, root, run, step, tools } from './run.mjs';

const wasmPackVersion = '0.15.1';
const cargoFuzzVersion = '0.13.2';

/** Fails with the line that installs what is missing. */
export function checkPrerequisites() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const missing = [];
  if (major < 20 || (major === 20 && minor < 19)) {
    missing.push(`Node.js 20.19 or newer (this is ${process.versions.node})\n    nvm install 22    or from https://nodejs.org`);
  }
  if (!ask('rustup', ['--version'])) {
    const line =
      process.platform === 'win32' ? 'winget install Rustlang.Rustup' : "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh";
    missing.push(`rustup, which brings Rust\n    ${line}`);
  }
  if (process.platform !== 'win32' && !ask('cc', ['--version'])) {
    const line =
      process.platform === 'darwin' ? 'xcode-select --install' : 'sudo apt-get install build-essential    (or your system’s C compiler)';
    missing.push(`a C compiler\n    ${line}`);
  }
  if (missing.length) throw new Error(`Missing on this machine:\n  ${missing.join('\n  ')}`);
}

/** The pinned toolchain with its components and target. */
export async function installToolchain() {
  const file = readFileSync(join(root, 'rust-toolchain.toml'), 'utf8');
  const list = (/** @type {string} */ key) =>
    [...(new RegExp(`^${key} = \\[(.*)\\]`, 'm').exec(file)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map((m) => m[1] ?? '');
  const channel = /^channel = "([^"]+)"/m.exec(file)?.[1] ?? '';
  const components = list('components');
  const targets = list('targets');
  const installed = ask('rustup', ['component', 'list', '--installed', '--toolchain', channel])?.split('\n') ?? [];
  const has = (/** @type {string} */ name) => installed.some((line) => line === name || line.startsWith(`${name}-`));
  if ([...components, ...targets.map((target) => `rust-std-${target}`)].every(has)) return;
  await step(`Rust ${channel}`, () =>
    run('rustup', [
      ...['toolchain', 'install', channel, '--profile', 'minimal', '--no-self-update'],
      ...components.flatMap((component) => ['--component', component]),
      ...targets.flatMap((target) => ['--target', target]),
    ]),
  );
}

/** wasm-bindgen in the version of the crate. */
export async function installBindgen() {
  const version = /^wasm-bindgen = "=([^"]+)"/m.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'))?.[1] ?? '';
  await install('wasm-bindgen', 'wasm-bindgen-cli', version, []);
}

/** wasm-pack, for the tests in a browser. */
export async function installWasmPack() {
  await install('wasm-pack', 'wasm-pack', wasmPackVersion, ['--locked']);
}

/** cargo-fuzz, for `npm run fuzz`. */
export async function installCargoFuzz() {
  await install('cargo-fuzz', 'cargo-fuzz', cargoFuzzVersion, ['--locked']);
}

async function install(
  /** @type {string} */ program,
  /** @type {string} */ crate,
  /** @type {string} */ version,
  /** @type {string[]} */ flags,
) {
  if (ask(join(tools, 'bin', program), ['--version']) === `${program} ${version}`) return;
  await step(`${crate} ${version} into .tools (once, some minutes)`, () =>
    run('cargo', ['install', crate, '--version', version, ...flags, '--root', tools], {
      env: { CARGO_TARGET_DIR: join(tools, 'target'), CARGO_PROFILE_RELEASE_LTO: 'off', CARGO_PROFILE_RELEASE_DEBUG: '0' },
    }),
  );
}

/** The page's packages, when the lock file is newer than what is there. */
export async function installPackages() {
  const mark = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return;
  await step('Packages of the page', () =>
    run('npm', ['ci', '--no-audit', '--no-fund'], { env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' } }),
  );
}

/** All that a build of the page needs. */
export async function prepare() {
  checkPrerequisites();
  await installToolchain();
  await installBindgen();
  await installPackages();
}
