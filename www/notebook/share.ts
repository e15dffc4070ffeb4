/** Links: making one, and what an address with a fragment asks for. */

import type { Codec } from './codec';
import { withoutOutputs, type Notebook } from './document';

/** The longest fragment that a link may carry; what is longer goes as a file. */
export const LINK_LIMIT = 64 * 1024;

export interface ShareLink {
  readonly url: string;
  /** Characters of the whole link. */
  readonly length: number;
  readonly fits: boolean;
}

export async function shareLink(codec: Codec, notebook: Notebook, address: string): Promise<ShareLink> {
  const fragment = await codec.encodeShare(withoutOutputs(notebook));
  const url = `${address.split('#', 1)[0]}#${fragment}`;
  return { url, length: url.length, fits: fragment.length <= LINK_LIMIT };
}

export type Opening =
  | { readonly type: 'own' }
  | { readonly type: 'link'; readonly fragment: string; readonly notebook: Notebook }
  | { readonly type: 'broken'; readonly message: string };

/** Reads the fragment of the page's address (with or without `#`). */
export async function readLink(codec: Codec, hash: string): Promise<Opening> {
  const fragment = hash.replace(/^#/, '');
  if (fragment === '') return { type: 'own' };
  try {
    return { type: 'link', fragment, notebook: withoutOutputs(await codec.decodeShare(fragment)) };
  } catch (error) {
    return { type: 'broken', message: error instanceof Error ? error.message : String(error) };
  }
}
