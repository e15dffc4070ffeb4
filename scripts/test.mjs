// `npm test`: all checks, each named with its time, with a summary at the end. `npm test -- NAME…` runs the steps whose names contain a word;
// `--quick` leaves out what needs a browser or a build of the page.
import { parseArgs } from 'node:util';
import { buildPage } from './build.mjs';
import { cargoFor } from './engine.mjs';
import { installWasmPack, prepare } from './prepare.mjs';
import { ask, duration, main, run } from './run.mjs';

const workspace = ['--workspace', '--all-targets'];

/** @type {{ name: string, quick?: boolean, work: () => Promise<unknown> }[]} */
const steps = [
  { name: 'rustfmt', quick: true, work: () => run('cargo', ['fmt', '--all', '--check']) },
  { name: 'clippy', quick: true, work: () => run('cargo', ['clippy', ...workspace, '--', '-D', 'warnings']) },
  { name: 'clippy for the browser', work: () => run('cargo', [...browser('clippy', 'kernel'), '--', '-D', 'warnings']) },
  { name: 'clippy for the page', work: () => run('cargo', [...browser('clippy', 'page'), '--', '-D', 'warnings']) },
  {
    name: 'cargo doc',
    quick: true,
    work: () => run('cargo', ['doc', '--workspace', '--no-deps', '--document-private-items'], { env: { RUSTDOCFLAGS: '-D warnings' } }),
  },
  { name: 'native tests', quick: true, work: () => run('cargo', ['test', '--workspace']) },
  { name: 'prettier', quick: true, work: () => run('prettier', ['--check', '--log-level', 'warn', '.']) },
  { name: 'svelte-check', quick: true, work: () => run('svelte-check', ['--fail-on-warnings', '--output', 'human']) },
  {
    name: 'tsc',
    quick: true,
    work: async () => {
      for (const project of ['tsconfig.worker.json', 'tsconfig.node.json']) await run('tsc', ['--project', project]);
    },
  },
  { name: 'vitest', quick: true, work: () => run('vitest', ['run']) },
  { name: 'build', work: buildPage },
  {
    name: 'tests in WebAssembly',
    work: async () => {
      await installWasmPack();
      const driver = process.env.CHROMEDRIVER ?? ask('which', ['chromedriver']);
      // As the plain build is built: what it compiled is used again.
      const { args, env } = cargoFor('plain');
      await run(
        'wasm-pack',
        [
          ...['test', '--headless', '--chrome', ...(driver ? ['--chromedriver', driver] : []), '--mode', 'no-install'],
          ...['.', '--test', 'wasm', ...args],
        ],
        { env: { ...env, WASM_BINDGEN_TEST_TIMEOUT: '600' } },
      );
    },
  },
  { name: 'end-to-end tests', work: () => run('playwright', ['test']) },
];

function browser(/** @type {string} */ command, /** @type {string} */ features) {
  return [command, '--package', 'kindling', '--lib', '--target', 'wasm32-unknown-unknown', '--no-default-features', '--features', features];
}

await main(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean', default: false } } });
  const chosen = steps.filter(
    ({ name, quick }) => (quick || !values.quick) && (positionals.length === 0 || positionals.some((word) => name.includes(word))),
  );
  if (chosen.length === 0) throw new Error(`No step has such a name. There are: ${steps.map(({ name }) => name).join(', ')}.`);
  await prepare();
  const started = performance.now();
  /** @type {{ name: string, millis: number, error?: string }[]} */
  const results = [];
  for (const { name, work } of chosen) {
    console.log(`\n▸ ${name}`);
    const begun = performance.now();
    try {
      await work();
      results.push({ name, millis: performance.now() - begun });
    } catch (error) {
      results.push({ name, millis: performance.now() - begun, error: error instanceof Error ? error.message : String(error) });
    }
  }
  console.log(`\nSummary (${duration(performance.now() - started)})`);
  for (const { name, millis, error } of results) {
    console.log(`  ${error ? '✗' : '✓'} ${name.padEnd(24)} ${duration(millis).padStart(12)}${error ? `  ${error}` : ''}`);
  }
  const failed = results.filter(({ error }) => error).length;
  console.log(`\n${results.length - failed} passed, ${failed} failed`);
  if (failed) process.exitCode = 1;
});
