/** A kernel without a notebook: `scripts/bench.mjs` runs its jobs in it. */

import { createKernel } from '../www/kernel/client';

const kernel = createKernel();

/** What a program printed, and how its cell ended. */
async function run(source: string): Promise<{ status: string; text: string }> {
  let text = '';
  const forget = kernel.subscribe((event) => {
    if (event.type === 'stream') text += event.text;
    if (event.type === 'display' && event.output.kind === 'error') text += event.output.traceback.text;
  });
  try {
    return { status: await kernel.execute('bench', source), text };
  } finally {
    forget();
  }
}

async function put(path: string, address: string): Promise<void> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  await kernel.putFile(path, await answer.arrayBuffer());
}

Object.assign(window, { bench: { kernel, run, put } });
