// `npm run bench [JOB…]`: the jobs of benches/jobs and the loops of benches/python natively, in Chromium threaded and plain, and in their peers
// (scikit-learn; Polars and LightGBM on two threads; CPython), frames also in pandas on Pyodide, in one session, with ratios; then cold start and
// bytes. Needs python3 with venv for the peers; without it their column stays empty. A job's first run in a fresh page or process is told, and the
// median of those after it: in its first run a browser still compiles what the job runs.
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';
import { buildPage } from './build.mjs';
import { launchOptions } from './chromium.mjs';
import { isolation, noIsolation } from './headers.mjs';
import { prepare } from './prepare.mjs';
import { pandasJobs, pyodideJobs } from './pyodide.mjs';
import { pythonWith } from './python.mjs';
import { environment, main, root, run, step } from './run.mjs';
import { staticServer } from './serve.mjs';

const rows = Number(process.env.KINDLING_BENCH_ROWS ?? 1_000_000);
const data = join(root, 'target', 'bench');
const csv = join(data, `mixed-${rows}.csv`);
/** The jobs over the CSV file. */
const ofFile = ['csv', 'features'];
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');

/** Runs after a job's first: so many, or until they took so many seconds. */
const repeats = 3;
const repeatSeconds = 8;

/** @typedef {{ first: number, again?: number | undefined }} Times */
/** @typedef {{ seconds?: Times, check?: string, failure?: string, parts?: Record<string, Times>, memory?: number | undefined }} Result */

/** What the runs of a job printed, one after the other, or what they printed instead. @returns {Result} */
function parse(/** @type {string} */ text) {
  const [first, ...later] = [...text.matchAll(/^seconds ([\d.e+-]+)$/gm)].map(([, time]) => Number(time));
  if (first === undefined) return { failure: text.trim().split('\n').at(-1) ?? 'nothing' };
  /** @type {Record<string, number[]>} */
  const parts = {};
  for (const [, time, name = ''] of text.matchAll(/^part ([\d.e+-]+) (.*)$/gm)) (parts[name] ??= []).push(Number(time));
  return {
    seconds: times(first, later),
    check: /^check (.*)$/m.exec(text)?.[1] ?? '',
    parts: Object.fromEntries(Object.entries(parts).map(([name, [first = NaN, ...later]]) => [name, times(first, later)])),
  };
}

/** @returns {Times} */
function times(/** @type {number} */ first, /** @type {number[]} */ later) {
  return { first, again: later.sort((a, b) => a - b)[later.length >> 1] };
}

/** @returns {Result} */
function program(/** @type {string} */ command, /** @type {string[]} */ args) {
  const { stdout, stderr, status } = spawnSync(command, args, { cwd: root, env: environment, encoding: 'utf8', maxBuffer: 1 << 26 });
  return status === 0 ? parse(stdout) : { failure: (stderr || stdout || `code ${status}`).trim().split('\n').at(-1) ?? '' };
}

/** The files of the jobs by name. A loop is timed from within: the same text runs in CPython. A job that has `questions` gets the loop that times
 * each. */
function findJobs() {
  const benches = join(root, 'benches');
  const questions = readFileSync(join(benches, 'questions.py'), 'utf8');
  /** @type {Record<string, string>} */
  const jobs = {};
  const add = (/** @type {string} */ file, /** @type {string} */ text) => {
    const timed = join(data, file);
    writeFileSync(timed, text);
    jobs[file.slice(0, -3)] = timed;
  };
  for (const file of readdirSync(join(benches, 'jobs'))) {
    const text = readFileSync(join(benches, 'jobs', file), 'utf8');
    add(file, /^questions = /m.test(text) ? text + questions : text);
  }
  for (const file of readdirSync(join(benches, 'python'))) {
    const text = readFileSync(join(benches, 'python', file), 'utf8');
    add(file, `import time\nstart_of_loop = time.perf_counter()\n${text}\nprint("seconds", time.perf_counter() - start_of_loop)\n`);
  }
  return jobs;
}

/** Runs each job in a fresh page. @returns {Promise<Record<string, Result>>} */
async function browserJobs(/** @type {Record<string, string>} */ jobs, /** @type {boolean} */ isolated) {
  const vite = await createServer({
    root,
    logLevel: 'error',
    server: {
      port: isolated ? 8193 : 8194,
      strictPort: true,
      hmr: false,
      headers: isolated ? isolation : noIsolation,
      fs: { allow: [root] },
    },
  });
  await vite.listen();
  const browser = await chromium.launch(launchOptions);
  /** @type {Record<string, Result>} */
  const results = {};
  try {
    for (const [job, program] of Object.entries(jobs)) {
      const page = await browser.newPage();
      await page.goto(`http://localhost:${vite.config.server.port}/benches/browser.html`);
      await page.waitForFunction(() => 'bench' in window);
      const source = readFileSync(program, 'utf8');
      const file = ofFile.includes(job) ? `/target/bench/mixed-${rows}.csv` : undefined;
      const { status, text, memory } = await page.evaluate(
        async ({ source, file, isolated, weighed, repeats, repeatSeconds }) => {
          const { bench } = /** @type {any} */ (window);
          await bench.kernel.start();
          if (bench.kernel.threaded !== isolated) throw new Error(`The kernel should have ${isolated ? '' : 'no '}threads.`);
          // An engine's memory never shrinks: what it holds after a run is the most that it held. The browser takes a minute to tell.
          const held = async () => (await /** @type {any} */ (performance).measureUserAgentSpecificMemory()).bytes;
          const before = weighed && (await held());
          if (file) await bench.put('/files/mixed.csv', file);
          const result = await bench.run(source);
          if (weighed) result.memory = (await held()) - before;
          const limit = performance.now() + repeatSeconds * 1000;
          for (let run = 0; run < repeats && result.status === 'ok' && (run === 0 || performance.now() < limit); run++) {
            // What the run before has cached would be found again.
            await bench.run('spark.catalog.clearCache()');
            const { status, text } = await bench.run(source);
            result.status = status;
            result.text += text;
          }
          return result;
        },
        { source, file, isolated, weighed: isolated && job === 'csv', repeats, repeatSeconds },
      );
      results[job] = status === 'ok' ? { ...parse(text), memory } : { failure: text.trim().split('\n').at(-1) ?? status };
      await page.close();
    }
  } finally {
    await browser.close();
    await vite.close();
  }
  return results;
}

/** From the page's address to a kernel that takes cells, in a browser that has never seen it, and what was fetched for that. */
async function coldStart(/** @type {boolean} */ isolated) {
  const server = staticServer({ folder: join(root, 'dist'), headers: isolated ? isolation : {}, serviceWorker: false });
  /** @type {Set<string>} */
  const fetched = new Set();
  server.on('request', (request) => fetched.add(new URL(request.url ?? '/', 'http://localhost').pathname));
  await new Promise((listening) => server.listen(8195, () => listening(undefined)));
  const browser = await chromium.launch(launchOptions);
  try {
    const page = await browser.newPage();
    await page.goto('http://localhost:8195/');
    await page.waitForFunction(() => performance.getEntriesByName('kindling-ready').length > 0, undefined, { timeout: 60_000 });
    const seconds = await page.evaluate(() => (performance.getEntriesByName('kindling-ready')[0]?.startTime ?? 0) / 1000);
    const bytes = [...fetched].map((path) => brotli(join(root, 'dist', path === '/' ? 'index.html' : path))).reduce((a, b) => a + b, 0);
    return { seconds, bytes };
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
}

function brotli(/** @type {string} */ file) {
  if (!existsSync(file) || !statSync(file).isFile()) return 0;
  return brotliCompressSync(readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

await main(async () => {
  await prepare();
  const wanted = process.argv.slice(2);
  mkdirSync(data, { recursive: true });
  const jobs = Object.fromEntries(Object.entries(findJobs()).filter(([job]) => wanted.length === 0 || wanted.includes(job)));
  if (ofFile.some((job) => jobs[job]) && !existsSync(csv)) {
    await step('The CSV file', () => run('python3', [join('benches', 'mixed_csv.py'), csv, String(rows)]));
  }
  await step('Native program', () => run('cargo', ['build', '--release', '--bin', 'kindling']));
  await buildPage();
  const python = await pythonWith(['scikit-learn==1.9.1', 'pandas==3.1.1', 'numpy==2.4.6', 'polars==2.1.0', 'lightgbm==4.7.0']);

  /** @type {Record<'native' | 'peer' | 'pyodide' | 'threads' | 'plain', Record<string, Result>>} */
  const table = { native: {}, peer: {}, pyodide: {}, threads: {}, plain: {} };
  const mounted = join(data, 'files');
  mkdirSync(mounted, { recursive: true });
  if (existsSync(csv)) spawnSync('ln', ['-sf', csv, join(mounted, 'mixed.csv')]);
  for (const [job, file] of Object.entries(jobs)) {
    await step(`${job}: native, peer`, () => {
      table.native[job] = program(join(target, 'release', 'kindling'), ['run', file, '--files', mounted]);
      if (python)
        table.peer[job] = program(
          python,
          existsSync(join(root, 'benches', 'python', `${job}.py`))
            ? [file]
            : [join('benches', 'peer.py'), job, csv, String(repeats), String(repeatSeconds)],
        );
    });
  }
  await step('Pyodide', async () => {
    const texts = await pyodideJobs(
      pandasJobs.filter((job) => jobs[job]),
      data,
      csv,
      2,
    );
    table.pyodide = Object.fromEntries(Object.entries(texts).map(([job, text]) => [job, parse(text)]));
  });
  await step('Chromium, threaded', async () => (table.threads = await browserJobs(jobs, true)));
  await step('Chromium, plain', async () => (table.plain = await browserJobs(jobs, false)));

  const columns = /** @type {const} */ (['peer', 'pyodide', 'native', 'threads', 'plain']);
  console.log(`\n${'seconds (× peer)'.padEnd(30)}${columns.map((name) => name.padStart(20)).join('')}`);
  const row = (/** @type {string} */ title, /** @type {(name: keyof typeof table) => Times | undefined} */ timed) => {
    for (const which of /** @type {const} */ (['first', 'again'])) {
      const peer = timed('peer')?.[which];
      const cells = columns.map((name) => {
        const seconds = timed(name)?.[which];
        if (seconds === undefined) return '–';
        return peer && name !== 'peer' ? `${seconds.toFixed(3)} (×${(seconds / peer).toFixed(2)})` : seconds.toFixed(3);
      });
      if (which === 'again' && cells.every((cell) => cell === '–')) continue;
      const label = which === 'first' ? title : `${' '.repeat(title.length - title.trimStart().length)}  again`;
      console.log(`${label.padEnd(30)}${cells.map((cell) => cell.padStart(20)).join('')}`);
    }
  };
  for (const job of Object.keys(jobs)) {
    row(job, (name) => table[name][job]?.seconds);
    const parts = Object.keys(table.native[job]?.parts ?? {});
    for (const part of parts) row(`  ${part}`, (name) => table[name][job]?.parts?.[part]);
    for (const name of columns) {
      const result = table[name][job];
      if (result?.failure) console.log(`    ${name} failed: ${result.failure}`);
      else if (result?.check) console.log(`    ${name.padEnd(14)} ${result.check}`);
      if (result?.memory) {
        const [most, file] = [result.memory, statSync(csv).size].map((bytes) => bytes / 1e6);
        console.log(
          `    ${name.padEnd(14)} ${most?.toFixed(0)} MB for a file of ${file?.toFixed(0)} MB (×${((most ?? 0) / (file ?? 1)).toFixed(2)})`,
        );
      }
    }
  }
  for (const [name, isolated] of /** @type {const} */ ([
    ['threads', true],
    ['plain', false],
  ])) {
    const { seconds, bytes } = await coldStart(isolated);
    console.log(`Cold start, ${name}: ${seconds.toFixed(2)} s to a ready kernel; ${(bytes / 1e6).toFixed(3)} MB brotli fetched for it`);
  }
});
