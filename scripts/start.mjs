// `npm start`: sets the machine up where needed, builds the engine, and serves the page while developing.
import { buildEngine } from './engine.mjs';
import { prepare } from './prepare.mjs';
import { main, run, step } from './run.mjs';

await main(async () => {
  await prepare();
  await step('Engine', () => buildEngine());
  console.log('\nKindling is at http://localhost:8080 (Ctrl+C ends it)\n');
  await run('vite', []);
});
