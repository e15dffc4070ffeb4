/** A traceback's text beside the frames it names. */

import type { Traceback, TracebackFrame } from '../kernel/protocol';

export interface TracebackLine {
  /** The blanks before the text. */
  readonly indent: string;
  readonly text: string;
  /** The frame that this line heads. */
  readonly frame: TracebackFrame | null;
  /** A line of carets under source. */
  readonly caret: boolean;
}

const HEADING = /^\s*(File|Cell) .*\bline \d+/;

/** The lines of the traceback; those that head a frame carry it, as far as text and frames agree. */
export function tracebackLines(traceback: Traceback): readonly TracebackLine[] {
  const lines = traceback.text.replace(/\n$/, '').split('\n');
  const headings = lines.filter((line) => HEADING.test(line)).length;
  const agrees = headings === traceback.frames.length;
  let next = 0;
  return lines.map((line) => {
    const frame = agrees && HEADING.test(line) ? (traceback.frames[next++] ?? null) : null;
    const text = line.trimStart();
    return { indent: line.slice(0, line.length - text.length), text, frame, caret: /^[\^~]+\s*$/.test(text) };
  });
}
