// `npm run conformance [MODULE…] [--failures [WORD]]`: runs the examples in PySpark's own docstrings here, and counts for each module how many
// statements run and how many print what real Spark prints. `--failures` shows each that doesn't, of the names that contain a word. Needs
// python3 with venv, which reads the docstrings; Spark itself isn't started.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pythonWith } from './python.mjs';
import { main, root, run } from './run.mjs';

await main(async () => {
  const at = process.argv.indexOf('--failures');
  const word = at < 0 ? undefined : (process.argv[at + 1] ?? '');
  const { positionals } = parseArgs({ args: process.argv.slice(2, at < 0 ? undefined : at), allowPositionals: true });
  const python = await pythonWith(['pyspark==4.3.0', 'numpy==2.4.6', 'pandas==3.1.1', 'pyarrow==26.0.1']);
  if (!python) throw new Error('python3 with its venv module is missing.\n    sudo apt-get install python3-venv');
  const folder = join(root, 'target', 'conformance');
  mkdirSync(folder, { recursive: true });
  const examples = join(folder, 'examples.json');
  await run(python, [join('tests', 'conformance', 'examples.py'), examples, ...positionals]);
  const cargo = ['run', '--quiet', '--example', 'conformance', '--', examples];
  await run('cargo', word === undefined ? cargo : [...cargo, '--failures', word]);
});
