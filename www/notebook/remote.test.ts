import { expect, it } from 'vitest';
import { RemoteFiles } from './remote.svelte';
import { CellState } from './cell.svelte';
import { Session } from './session.svelte';
import { settle, TestKernel } from './testKernel';

const URL_A = 'https://data.example/a.csv';

const cell = (id: string) => new CellState({ id, kind: 'code', source: `read ${id}`, outputs: [], executionCount: null });

function set(fetch: (url: string) => Promise<Response>) {
  const kernel = new TestKernel();
  const remote = new RemoteFiles(kernel, (url) => fetch(String(url)));
  const session = new Session(kernel, undefined, undefined, () => 1, remote);
  return { kernel, remote, session };
}

it('asks before it fetches, then runs the cell again with what waited behind it', async () => {
  const asked: string[] = [];
  const { kernel, session } = set(async (url) => {
    asked.push(url);
    return new Response('x\n1\n');
  });
  await session.start();
  const [first, second] = [cell('a'), cell('b')];
  session.run([first, second]);
  await settle();
  kernel.emit({ type: 'remoteFile', url: URL_A });
  await kernel.finish('error');
  expect([first.wanted, asked, second.run.phase]).toEqual([URL_A, [], 'idle']);

  await session.fetchAndRun(first);
  await settle();
  expect(asked).toEqual([URL_A]);
  expect(new TextDecoder().decode(kernel.files.get(URL_A))).toBe('x\n1\n');
  expect([first.wanted, first.run.phase, second.run.phase]).toEqual([null, 'running', 'queued']);
  await kernel.finish();
  await kernel.finish();
  expect(kernel.executed.map(({ cell }) => cell)).toEqual(['a', 'a', 'b']);

  // The next file of a host that was agreed to is fetched without a word, once.
  const third = cell('c');
  session.run([third]);
  await settle();
  kernel.emit({ type: 'remoteFile', url: 'https://data.example/b.csv' });
  await kernel.finish('error');
  await settle();
  expect(asked).toEqual([URL_A, 'https://data.example/b.csv']);
  expect(third.run.phase).toBe('running');
  kernel.emit({ type: 'remoteFile', url: 'https://data.example/b.csv' });
  await kernel.finish('error');
  await settle();
  expect([asked.length, third.run.phase]).toEqual([2, 'finished']);
});

it('says why a file could not be fetched', async () => {
  const { kernel, remote } = set(async () => new Response('', { status: 404 }));
  expect(await remote.give(URL_A)).toBe(false);
  expect(remote.problem?.message).toBe('data.example answered 404 for this file.');
  const refused = set(async () => Promise.reject(new TypeError('Failed to fetch')));
  expect(await refused.remote.give(URL_A)).toBe(false);
  expect(refused.remote.problem?.message).toContain("doesn't let other pages read this file");
  expect([kernel.files.size, refused.remote.fetching]).toEqual([0, null]);
});
