/** The page's own small build of the engine: draws charts and reads and writes notebooks. Loaded when first needed. */

import { engine } from 'virtual:kindling-engine';
import type { Chart, ChartTable, ReadOut, Style } from './protocol';

/** What the build's JavaScript exports; see `src/wasm.rs`. */
interface Exports {
  default(options: { module_or_path: string }): Promise<unknown>;
  Drawing: new (chart: Chart) => Drawing;
  encodeLink(notebook: string): string;
  decodeLink(fragment: string): string;
  toIpynb(notebook: string): string;
  fromIpynb(text: string): string;
  fromFile(name: string, text: string): string;
}

interface Drawing {
  draw(canvas: HTMLCanvasElement, style: Style): void;
  hover(style: Style, x: number, y: number): ReadOut | null;
  svg(style: Style): string;
  table(): ChartTable;
  height(width: number): number;
}

let loading: Promise<Page> | undefined;

/** The build, fetched once. */
export function page(): Promise<Page> {
  loading ??= load().catch((error: unknown) => {
    // The next one who asks may have a connection again.
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Page> {
  if (!engine.page) throw new Error('The engine is missing from this build of the page.');
  const folder = new URL(`engine/${engine.page.folder}/`, document.baseURI).href;
  const exports = (await import(/* @vite-ignore */ `${folder}kindling.js`)) as Exports;
  await exports.default({ module_or_path: `${folder}kindling_bg.wasm` });
  return new Page(exports);
}

/** Errors are sentences for the reader. `N` is the notebook as the page holds it: see `src/notebook/document.rs`. */
export class Page {
  /** Charts are parsed once, however often the pointer moves over them. */
  private readonly drawings = new WeakMap<Chart, Drawing>();

  constructor(private readonly exports: Exports) {}

  /** Draws at device resolution; sets the canvas's own size, not its CSS size. */
  draw(canvas: HTMLCanvasElement, chart: Chart, style: Style): void {
    this.drawing(chart).draw(canvas, style);
  }

  /** The mark nearest to a point, in CSS pixels from the canvas's corner. */
  hover(chart: Chart, style: Style, x: number, y: number): ReadOut | null {
    return this.drawing(chart).hover(style, x, y);
  }

  svg(chart: Chart, style: Style): string {
    return this.drawing(chart).svg(style);
  }

  /** The data behind. */
  table(chart: Chart): ChartTable {
    return this.drawing(chart).table();
  }

  /** A height that suits the chart at this width, in CSS pixels. */
  height(chart: Chart, width: number): number {
    return this.drawing(chart).height(width);
  }

  /** The fragment of a link, without `#`; the page decides whether it is too long. */
  encodeLink<N>(notebook: N): string {
    return this.exports.encodeLink(JSON.stringify(notebook));
  }

  decodeLink<N>(fragment: string): N {
    return JSON.parse(this.exports.decodeLink(fragment)) as N;
  }

  /** nbformat 4.5 */
  toIpynb<N>(notebook: N): string {
    return this.exports.toIpynb(JSON.stringify(notebook));
  }

  fromIpynb<N>(text: string): N {
    return JSON.parse(this.exports.fromIpynb(text)) as N;
  }

  /** By its name: `.ipynb`, or Python as Databricks source, in the percent format, or plain. */
  fromFile<N>(name: string, text: string): N {
    return JSON.parse(this.exports.fromFile(name, text)) as N;
  }

  private drawing(chart: Chart): Drawing {
    const made = this.drawings.get(chart) ?? new this.exports.Drawing(chart);
    this.drawings.set(chart, made);
    return made;
  }
}
