import { describe, expect, it } from 'vitest';
import { CommandKeys, type KeyPress } from './commandKeys';

function press(key: string, ...modifiers: ('shift' | 'ctrl' | 'alt' | 'meta')[]): KeyPress {
  return {
    key,
    shiftKey: modifiers.includes('shift'),
    ctrlKey: modifiers.includes('ctrl'),
    altKey: modifiers.includes('alt'),
    metaKey: modifiers.includes('meta'),
  };
}

describe("Jupyter's keys", () => {
  it.each([
    [press('Enter'), 'edit'],
    [press('Enter', 'shift'), 'runAndAdvance'],
    [press('Enter', 'ctrl'), 'run'],
    [press('Enter', 'meta'), 'run'],
    [press('Enter', 'alt'), 'runAndInsert'],
    [press('a'), 'addAbove'],
    [press('b'), 'addBelow'],
    [press('m'), 'toMarkdown'],
    [press('y'), 'toCode'],
    [press('z'), 'undo'],
    [press('Z', 'shift'), 'redo'],
    [press('j'), 'next'],
    [press('ArrowUp'), 'previous'],
    [press('ArrowDown', 'alt'), 'moveDown'],
    [press('?', 'shift'), 'help'],
  ])('%o means %s', (key, command) => expect(new CommandKeys().press(key, 0)).toBe(command));

  it('leaves the browser its own keys', () => {
    const keys = new CommandKeys();
    for (const key of [
      press('a', 'ctrl'),
      press('c', 'ctrl'),
      press('v', 'meta'),
      press('r', 'ctrl'),
      press('Tab'),
      press('F5'),
      press('q'),
    ]) {
      expect(keys.press(key, 0)).toBeNull();
    }
  });

  it('deletes on the second D when it comes soon', () => {
    const keys = new CommandKeys();
    expect(keys.press(press('d'), 0)).toBeNull();
    expect(keys.press(press('d'), 300)).toBe('delete');
    expect(keys.press(press('d'), 400)).toBeNull();
    expect(keys.press(press('d'), 5000)).toBeNull();
    expect(keys.press(press('d'), 5100)).toBe('delete');
  });

  it('forgets the first D when another key comes between', () => {
    const keys = new CommandKeys();
    keys.press(press('d'), 0);
    keys.press(press('j'), 50);
    expect(keys.press(press('d'), 100)).toBeNull();
    keys.press(press('i'), 150);
    expect(keys.press(press('i'), 200)).toBe('stop');
    keys.press(press('0'), 250);
    expect(keys.press(press('0'), 300)).toBe('restart');
  });
});
