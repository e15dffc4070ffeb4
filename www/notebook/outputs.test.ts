import { describe, expect, it } from 'vitest';
import type { Shown } from './document';
import { appendOutput, appendStream, OUTPUT_LIMIT, STREAM_LIMIT } from './outputs';

const print = (...pieces: string[]) => pieces.reduce<readonly Shown[]>((outputs, piece) => appendStream(outputs, 'stdout', piece), []);
const text = (outputs: readonly Shown[]) => outputs.map((output) => ('text' in output ? output.text : '')).join('|');

describe('printed text', () => {
  it('overwrites its line after a carriage return, also across pieces', () => {
    expect(text(print('10 %\r20 %\r30 %\n'))).toBe('30 %\n');
    expect(text(print('first\n10 %', '\r20 %', '\r', '30 %\nlast'))).toBe('first\n30 %\nlast');
    expect(text(print('a\r\nb\r\n'))).toBe('a\nb\n');
  });

  it('is cut where it would drown the page, once and with a word about it', () => {
    const outputs = print('x'.repeat(STREAM_LIMIT + 5), 'more', 'and more');
    expect(text(outputs)).toMatch(/^x+\n… cut after 200,000 characters\n$/);
  });
});

describe('outputs', () => {
  it('are limited in number, but an error is always shown', () => {
    let outputs: readonly Shown[] = [];
    for (let n = 0; n < OUTPUT_LIMIT + 10; n += 1) outputs = appendOutput(outputs, { kind: 'text', text: String(n) });
    expect(outputs).toHaveLength(OUTPUT_LIMIT);
    const traceback = { exception: 'ValueError', message: '', text: '', frames: [] };
    expect(appendOutput(outputs, { kind: 'error', traceback })).toHaveLength(OUTPUT_LIMIT + 1);
  });
});
