// `npm run fuzz [SECONDS]`: runs cells made of any bytes (fuzz/fuzz_targets/cell.rs), grown from the programs of the recorded suite; a minute
// when no time is given. What makes it panic, abort or hang is left in fuzz/artifacts.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installCargoFuzz, installToolchain } from './prepare.mjs';
import { main, root, run } from './run.mjs';

await main(async () => {
  const seconds = Number(process.argv[2] ?? 60);
  if (!Number.isFinite(seconds)) throw new Error('Usage: npm run fuzz [SECONDS]');
  await installToolchain();
  await installCargoFuzz();
  const corpus = join(root, 'fuzz', 'corpus', 'cell');
  mkdirSync(corpus, { recursive: true });
  /** @type {{ topic: string, name: string, source: string }[]} */
  const programs = JSON.parse(readFileSync(join(root, 'tests', 'reference', 'python_programs.json'), 'utf8'));
  for (const { topic, name, source } of programs) {
    writeFileSync(join(corpus, `${topic} ${name}`.replaceAll(/[^\w-]+/g, '_')), source);
  }
  // No sanitizer: the crate has next to no unsafe code, and without one a second tries many more cells.
  await run('cargo', [
    ...['fuzz', 'run', '--sanitizer', 'none', 'cell', '--'],
    ...[`-max_total_time=${seconds}`, '-timeout=20', '-rss_limit_mb=3000', '-max_len=4096', '-close_fd_mask=1'],
  ]);
});
