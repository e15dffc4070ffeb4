/** The notebook's written forms. They are made by the page's own wasm build, so that the native program reads the same. */

import type { Page } from '../kernel/page';
import type { Notebook } from './document';

export interface Codec {
  /** The fragment of a link, without `#`, however long. */
  encodeShare(notebook: Notebook): Promise<string>;
  /** Rejects with a sentence for the reader when the fragment is broken, cut off or too large. */
  decodeShare(fragment: string): Promise<Notebook>;
  /** nbformat 4.5 */
  toIpynb(notebook: Notebook): Promise<string>;
  /** By its name, `.ipynb` or `.py`. Rejects with a sentence for the reader when the text is no notebook. */
  fromFile(name: string, text: string): Promise<Notebook>;
}

/** The codec of the page's build, which is loaded when first needed. */
export function pageCodec(page: () => Promise<Page>): Codec {
  return {
    encodeShare: async (notebook) => (await page()).encodeLink(notebook),
    decodeShare: async (fragment) => (await page()).decodeLink<Notebook>(fragment),
    toIpynb: async (notebook) => (await page()).toIpynb(notebook),
    fromFile: async (name, text) => (await page()).fromFile<Notebook>(name, text),
  };
}
