// `npm run build`: the whole page in dist/, for any static host and any path.
import { buildEngine } from './engine.mjs';
import { prepare } from './prepare.mjs';
import { main, run, step } from './run.mjs';

export async function buildPage() {
  await step('Engine', () => buildEngine());
  await step('Page', () => run('vite', ['build', '--logLevel', 'warn']));
}

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    await prepare();
    await buildPage();
    console.log('\ndist/ is ready. `node scripts/serve.mjs` shows it on http://localhost:8081');
  });
}
