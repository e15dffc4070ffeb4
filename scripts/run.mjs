// Running programs and telling how long steps take.
import { spawn, spawnSync } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');
export const tools = join(root, '.tools');

/** The environment for what the scripts run: our own tools come first. */
export const environment = {
  ...process.env,
  PATH: [join(tools, 'bin'), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
};

const onWindows = process.platform === 'win32';

/**
 * Runs a program to its end, its output shown as it comes, each line after `label` when there is one.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, label?: string }} [options]
 * @returns {Promise<void>} rejected with a sentence when the program fails
 */
export function run(command, args, { env = {}, label } = {}) {
  return new Promise((fulfil, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...environment, ...env },
      shell: onWindows,
      stdio: ['ignore', label ? 'pipe' : 'inherit', label ? 'pipe' : 'inherit'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream?.setEncoding('utf8').on('data', (text) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) console.log(`[${label}] ${line}`);
      });
      stream?.on('end', () => rest && console.log(`[${label}] ${rest}`));
    }
    child.on('error', (error) => reject(new Error(`${command} can't be started: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) fulfil();
      else reject(new Error(`${command} ${args[0] ?? ''} ended with ${signal ?? `code ${code}`}`));
    });
  });
}

/** What a program prints, or nothing when it isn't there or fails. */
export function ask(/** @type {string} */ command, /** @type {string[]} */ args) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, env: environment, shell: onWindows, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** `0.4 s`, `12 s`, `3 min 5 s` */
export function duration(/** @type {number} */ millis) {
  const seconds = millis / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${seconds.toFixed(0)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Says what begins, does it, and says how long it took.
 * @template T
 * @param {string} name
 * @param {() => T | Promise<T>} work
 */
export async function step(name, work) {
  console.log(`\n▸ ${name}`);
  const started = performance.now();
  const result = await work();
  console.log(`  ${name}: ${duration(performance.now() - started)}`);
  return result;
}

/** Ends the program with a message and no stack when something went wrong that its user can mend. */
export async function main(/** @type {() => Promise<unknown>} */ work) {
  process.chdir(root);
  try {
    await work();
  } catch (error) {
    console.error(`\n✗ ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
