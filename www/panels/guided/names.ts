/** What the session knows, asked through completion: DataFrames and their columns. */

import type { Kernel } from '../../kernel/client';

/** Variables that hold DataFrames, as the running session has them; none while it is busy. */
export async function framesIn(kernel: Kernel): Promise<readonly string[]> {
  if (kernel.state !== 'idle') return [];
  const { options } = await kernel.complete('', '', 0);
  return options.filter(({ kind, detail }) => kind === 'variable' && detail.startsWith('DataFrame')).map(({ label }) => label);
}

/** The columns of a DataFrame in the session; none when it is not there. */
export async function columnsOf(kernel: Kernel, frame: string): Promise<readonly string[]> {
  if (frame === '' || kernel.state !== 'idle') return [];
  const source = `${frame}.`;
  const { options } = await kernel.complete('', source, source.length);
  return options.filter(({ kind }) => kind === 'column').map(({ label }) => label);
}
