/** How what a running cell shows is gathered. */

import type { Output, StreamName } from '../kernel/protocol';
import type { Shown } from './document';

/** A cell that prints without end must not drown the page: what comes after this many characters is left out. */
export const STREAM_LIMIT = 200_000;
/** And no more than this many outputs are kept. */
export const OUTPUT_LIMIT = 500;

/** Adds printed text; pieces of one stream that follow each other are one output. */
export function appendStream(outputs: readonly Shown[], stream: StreamName, text: string): readonly Shown[] {
  const last = outputs.at(-1);
  if (last?.kind === 'stream' && last.stream === stream) {
    if (last.text.length >= STREAM_LIMIT) return outputs;
    return [...outputs.slice(0, -1), { ...last, text: cut(carriage(last.text, text)) }];
  }
  if (outputs.length >= OUTPUT_LIMIT) return outputs;
  return [...outputs, { kind: 'stream', stream, text: cut(carriage('', text)) }];
}

export function appendOutput(outputs: readonly Shown[], output: Output): readonly Shown[] {
  return outputs.length >= OUTPUT_LIMIT && output.kind !== 'error' ? outputs : [...outputs, output];
}

/** What stays of outputs when the kernel that made them is gone: tables can be read, but not asked for more. */
export function withoutKernel(outputs: readonly Shown[]): readonly Shown[] {
  const isLive = (output: Shown) => output.kind === 'table' && output.table.live !== undefined;
  if (!outputs.some(isLive)) return outputs;
  return outputs.map((output) => {
    if (output.kind !== 'table') return output;
    const { live: _, ...table } = output.table;
    return { ...output, table };
  });
}

function cut(text: string): string {
  if (text.length < STREAM_LIMIT) return text;
  return `${text.slice(0, STREAM_LIMIT)}\n… cut after ${STREAM_LIMIT.toLocaleString('en')} characters\n`;
}

/** Text after a carriage return overwrites its line, as a terminal would show it. */
function carriage(before: string, piece: string): string {
  if (!piece.includes('\r') && !before.endsWith('\r')) return before + piece;
  const text = (before + piece).replaceAll('\r\n', '\n');
  const lineStart = text.lastIndexOf('\n', before.length) + 1;
  const tail = text
    .slice(lineStart)
    .split('\n')
    .map((line) => {
      const end = line.endsWith('\r') ? '\r' : '';
      const kept = end ? line.slice(0, -1) : line;
      return kept.slice(kept.lastIndexOf('\r') + 1) + end;
    })
    .join('\n');
  return text.slice(0, lineStart) + tail;
}
