import { describe, expect, it } from 'vitest';
import type { Traceback } from '../kernel/protocol';
import { formatDuration } from './duration';
import { highlightPython } from './highlight';
import { parseMarkdown, safeAddress } from './markdown';
import { plainText } from './text';
import { tracebackLines } from './traceback';

describe('Markdown', () => {
  it('leaves HTML as visible text', () => {
    const source = '<script>alert(1)</script>\n\nHello <img src=x onerror=alert(1)> there';
    expect(JSON.stringify(parseMarkdown(source))).toContain('<script>alert(1)</script>');
    expect(parseMarkdown(source).map((block) => block.type)).toEqual(['paragraph', 'paragraph']);
  });

  it('lets only whole web and mail addresses be links', () => {
    const links = (source: string) => JSON.stringify(parseMarkdown(source)).includes('"type":"link"');
    expect(links('[a](https://spark.apache.org)')).toBe(true);
    expect(links('[a](mailto:a@b.c)')).toBe(true);
    for (const address of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      '&#106;avascript:alert(1)',
      'data:text/html,x',
      '#k1abc',
      '/path',
      'vbscript:x',
    ]) {
      expect(links(`[a](${address})`), address).toBe(false);
    }
    expect(safeAddress('https://user@host/')).toBe('https://user@host/');
  });

  it('shows pictures only from inside the notebook', () => {
    const kinds = (source: string) => JSON.stringify(parseMarkdown(source));
    expect(kinds('![a](data:image/png;base64,AAAA)')).toContain('"type":"image"');
    expect(kinds('![a](https://example.org/pixel.png)')).not.toContain('"type":"image"');
    expect(kinds('![a](data:text/html,x)')).not.toContain('"type":"image"');
  });

  it('reads character references and leaves what is code alone', () => {
    expect(parseMarkdown('a &lt; b &amp; c &#8594; d &unknown; `&lt;`')).toEqual([
      {
        type: 'paragraph',
        children: [
          { type: 'text', text: 'a < b & c → d &unknown; ' },
          { type: 'code', text: '&lt;' },
        ],
      },
    ]);
  });

  it('knows tables, tasks, ordered lists and fenced code', () => {
    const blocks = parseMarkdown('| a | b |\n|---|--:|\n| 1 | 2 |\n\n3. three\n\n- [x] done\n\n```python\nx = 1\n```');
    expect(blocks.map((block) => block.type)).toEqual(['table', 'list', 'list', 'code']);
    expect(blocks[0]).toMatchObject({ align: [null, 'right'] });
    expect(blocks[1]).toMatchObject({ start: 3 });
    expect(blocks[2]).toMatchObject({ start: null, items: [{ done: true }] });
    expect(blocks[3]).toMatchObject({ language: 'python', text: 'x = 1' });
  });

  it('survives what nests without end', () => {
    expect(parseMarkdown('> '.repeat(5000) + 'deep')).toHaveLength(1);
    expect(parseMarkdown('*'.repeat(3000) + 'a' + '*'.repeat(3000)).length).toBeGreaterThan(0);
    expect(parseMarkdown(Array.from({ length: 300 }, (_, n) => `${' '.repeat(2 * n)}- x`).join('\n')).length).toBeGreaterThan(0);
  });
});

describe('tracebacks', () => {
  const frame = (line: number) => ({ cell: 'c', function: '<module>', line, column: 0, endLine: line, endColumn: 3 });
  const traceback: Traceback = {
    exception: 'ZeroDivisionError',
    message: 'division by zero',
    text: 'Traceback (most recent call last):\n  File "<cell 1>", line 3, in <module>\n    f(0)\n    ~^^^\n  File "<cell 1>", line 1, in f\n    1 / x\nZeroDivisionError: division by zero\n',
    frames: [frame(3), frame(1)],
  };

  it('links each heading to its frame and marks carets', () => {
    const lines = tracebackLines(traceback);
    expect(lines.map((line) => line.frame?.line ?? null)).toEqual([null, 3, null, null, 1, null, null]);
    expect(lines.map((line) => line.caret)).toEqual([false, false, false, true, false, false, false]);
  });

  it('links by line and function when the text shows other frames than there are', () => {
    const lines = tracebackLines({ ...traceback, frames: [frame(3)] });
    expect(lines.map((line) => line.frame?.line ?? null)).toEqual([null, 3, null, null, null, null, null]);
  });
});

describe('texts', () => {
  it('drop colour codes', () => expect(plainText('\u001b[31mred\u001b[0m')).toBe('red'));

  it('say times as people do', () => {
    expect([0.2, 42, 420, 12_340, 61_000].map(formatDuration)).toEqual(['1 ms', '42 ms', '0.42 s', '12.3 s', '1 min 1 s']);
  });

  it('colour Python without losing a character', () => {
    const source = 'def f(x):\n    return "é" + x  # why\n';
    expect(
      highlightPython(source)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(source);
    expect(highlightPython(source).find((piece) => piece.text === 'def')?.style).toBe('code-keyword');
  });
});
