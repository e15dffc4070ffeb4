import { describe, expect, it } from 'vitest';
import type { Codec } from './codec';
import { newCell, type Notebook } from './document';
import { LINK_LIMIT, readLink, shareLink } from './share';

const notebook: Notebook = {
  title: 'T',
  cells: [{ ...newCell('code', 'secret = 1'), outputs: [{ kind: 'text', text: 'output' }], executionCount: 2 }],
};

/** Only what links need; the real codec is tested where it is written, in Rust. */
const codec = {
  encodeShare: async (given: Notebook) => encodeURIComponent(JSON.stringify(given)),
  decodeShare: async (fragment: string) => {
    try {
      return JSON.parse(decodeURIComponent(fragment)) as Notebook;
    } catch {
      throw new Error('The link is damaged.');
    }
  },
} as Codec;

describe('making a link', () => {
  it('carries the source and no outputs, in place of any fragment that is there', async () => {
    const { url, length, fits } = await shareLink(codec, notebook, 'https://example.org/k/?x=1#old');
    expect(url.startsWith('https://example.org/k/?x=1#')).toBe(true);
    expect(decodeURIComponent(url)).toContain('secret = 1');
    expect(decodeURIComponent(url)).not.toContain('"output"');
    expect(length).toBe(url.length);
    expect(fits).toBe(true);
  });

  it('says when the notebook is too long for one', async () => {
    const long: Notebook = { title: 'T', cells: [newCell('code', 'x'.repeat(LINK_LIMIT))] };
    expect((await shareLink(codec, long, 'https://example.org/')).fits).toBe(false);
  });
});

describe('reading an address', () => {
  it('opens the own notebook without a fragment', async () => {
    expect(await readLink(codec, '')).toEqual({ type: 'own' });
    expect(await readLink(codec, '#')).toEqual({ type: 'own' });
  });

  it('shows what the link carries, stripped of outputs that somebody put into it', async () => {
    const fragment = await codec.encodeShare(notebook);
    const opening = await readLink(codec, `#${fragment}`);
    expect(opening).toMatchObject({
      type: 'link',
      fragment,
      notebook: { cells: [{ source: 'secret = 1', outputs: [], executionCount: null }] },
    });
  });

  it('says why a broken one can not be opened', async () => {
    expect(await readLink(codec, '#k1???')).toEqual({ type: 'broken', message: 'The link is damaged.' });
  });
});
