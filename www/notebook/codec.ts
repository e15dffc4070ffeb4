/** The notebook's written forms. They are made by the page's own wasm build, so that the native program reads the same. */

import type { Notebook } from './document';

export interface Codec {
  /** The fragment of a link, without `#`. */
  encodeShare(notebook: Notebook): Promise<string>;
  /** Rejects with a sentence for the reader when the fragment is broken, cut off or too large. */
  decodeShare(fragment: string): Promise<Notebook>;
  /** nbformat 4.5 */
  toIpynb(notebook: Notebook): Promise<string>;
  /** Rejects with a sentence for the reader when the text is no notebook. */
  fromIpynb(text: string): Promise<Notebook>;
}
