/** A traceback's text beside the frames it names. */

import type { Traceback, TracebackFrame } from '../kernel/protocol';

export interface TracebackLine {
  /** The blanks before the text. */
  readonly indent: string;
  readonly text: string;
  /** The frame that this line heads. */
  readonly frame: TracebackFrame | null;
  /** Whether it is a line of carets under source. */
  readonly caret: boolean;
}

const HEADING = /^\s*File ".*", line (\d+)(?:, in (.*))?$/;

/**
 * The lines of the traceback; those that head a frame carry it. Where the text leaves out frames that repeat, or tells of exceptions that
 * led to this one, a heading carries a frame of its line and function.
 */
export function tracebackLines({ text, frames }: Traceback): readonly TracebackLine[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const agrees = lines.filter((line) => HEADING.test(line)).length === frames.length;
  let next = 0;
  const frameOf = (line: string): TracebackFrame | null => {
    const [heading, number, name] = HEADING.exec(line) ?? [];
    if (heading === undefined) return null;
    if (agrees) return frames[next++] ?? null;
    return frames.find((frame) => frame.line === Number(number) && (name === undefined || frame.function === name)) ?? null;
  };
  return lines.map((line) => {
    const text = line.trimStart();
    return { indent: line.slice(0, line.length - text.length), text, frame: frameOf(line), caret: /^[\^~]+\s*$/.test(text) };
  });
}
