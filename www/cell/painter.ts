/** What draws charts: the page's own small wasm build, loaded when the first chart appears. */

import type { Chart, ChartTable, ReadOut, Style } from '../kernel/protocol';

export interface Painter {
  /** Draws at device resolution; sets the canvas's own size. */
  draw(canvas: HTMLCanvasElement, chart: Chart, style: Style): void;
  /** What is under a point, in CSS pixels from the canvas's corner. */
  hover(chart: Chart, style: Style, x: number, y: number): ReadOut | null;
  /** The data behind. */
  table(chart: Chart): ChartTable;
  /** A height that suits the chart at this width, in CSS pixels. */
  height(chart: Chart, width: number): number;
}
