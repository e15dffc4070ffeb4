// CPython for the benches and the conformance count, which compare Kindling with what learners would install otherwise.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, root, run, step } from './run.mjs';

const venv = join(root, '.venv');

/**
 * A Python that has the packages: `KINDLING_PYTHON`, which is taken as it is, or an environment of our own in `.venv`. Undefined without python3.
 * @param {string[]} packages as pip names them, with versions
 */
export async function pythonWith(packages) {
  if (process.env.KINDLING_PYTHON) return process.env.KINDLING_PYTHON;
  const python = join(venv, 'bin', 'python');
  if (!existsSync(python)) {
    if (!ask('python3', ['-m', 'venv', '--help'])) return undefined;
    await run('python3', ['-m', 'venv', venv]);
  }
  const mark = join(venv, 'packages.json');
  /** @type {string[]} */
  const installed = existsSync(mark) ? JSON.parse(readFileSync(mark, 'utf8')) : [];
  const missing = packages.filter((name) => !installed.includes(name));
  if (missing.length) {
    await step(`Python packages: ${missing.join(', ')}`, () => run(python, ['-m', 'pip', 'install', '--quiet', ...missing]));
    writeFileSync(mark, JSON.stringify([...installed, ...missing]));
  }
  return python;
}
