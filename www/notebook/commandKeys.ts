/** Jupyter's keys while a cell is selected and not being typed in. */

export type Command =
  | 'edit'
  | 'run'
  | 'runAndAdvance'
  | 'runAndInsert'
  | 'addAbove'
  | 'addBelow'
  | 'delete'
  | 'toMarkdown'
  | 'toCode'
  | 'undo'
  | 'redo'
  | 'previous'
  | 'next'
  | 'first'
  | 'last'
  | 'moveUp'
  | 'moveDown'
  | 'copy'
  | 'cut'
  | 'paste'
  | 'stop'
  | 'restart'
  | 'save'
  | 'help';

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** A key with its modifiers in one order, `Ctrl+Shift+ArrowUp`; the Mac's ⌘ counts as Ctrl. Capitals mean Shift. */
function chord(press: KeyPress): string {
  const letter = press.key.length === 1;
  const key = letter ? press.key.toLowerCase() : press.key;
  const shift = press.shiftKey && (!letter || /[a-z]/i.test(press.key));
  return `${press.ctrlKey || press.metaKey ? 'Ctrl+' : ''}${press.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

const SINGLE: Readonly<Record<string, Command>> = {
  Enter: 'edit',
  'Shift+Enter': 'runAndAdvance',
  'Ctrl+Enter': 'run',
  'Alt+Enter': 'runAndInsert',
  a: 'addAbove',
  b: 'addBelow',
  m: 'toMarkdown',
  y: 'toCode',
  z: 'undo',
  'Ctrl+z': 'undo',
  'Shift+z': 'redo',
  'Ctrl+Shift+z': 'redo',
  ArrowUp: 'previous',
  ArrowDown: 'next',
  k: 'previous',
  j: 'next',
  Home: 'first',
  End: 'last',
  'Ctrl+Shift+ArrowUp': 'moveUp',
  'Ctrl+Shift+ArrowDown': 'moveDown',
  'Alt+ArrowUp': 'moveUp',
  'Alt+ArrowDown': 'moveDown',
  c: 'copy',
  x: 'cut',
  v: 'paste',
  s: 'save',
  'Ctrl+s': 'save',
  h: 'help',
  '?': 'help',
  Delete: 'delete',
};

const DOUBLE: Readonly<Record<string, Command>> = { d: 'delete', i: 'stop', '0': 'restart' };

/** The second of two equal keys counts when it comes this soon. */
const PAUSE = 800;

export class CommandKeys {
  private last: { key: string; time: number } | null = null;

  /** The command that this press completes; null when it is none, or the first half of one. */
  press(press: KeyPress, time: number): Command | null {
    const key = chord(press);
    const { last } = this;
    this.last = null;
    const double = DOUBLE[key];
    if (double) {
      if (last?.key === key && time - last.time <= PAUSE) return double;
      this.last = { key, time };
      return null;
    }
    return SINGLE[key] ?? null;
  }
}

/** The keys as the help lists them. */
export const KEY_HELP: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Anywhere in a cell',
    keys: [
      ['Shift Enter', 'Run, go to the next cell'],
      ['Ctrl Enter', 'Run, stay'],
      ['Alt Enter', 'Run, add a cell below'],
      ['Ctrl S', 'Save now'],
    ],
  },
  {
    title: 'Typing in a cell',
    keys: [
      ['Esc', 'Leave the cell, select it'],
      ['Tab', 'Complete, or indent'],
      ['F1', 'Help on the name at the cursor'],
      ['F2', 'Rename the variable in all cells'],
      ['F12, Ctrl click', 'Go to where it gets its value'],
      ['Ctrl Shift Space', 'The parameters of the call'],
      ['F8', 'Go to the next problem'],
      ['Ctrl /', 'Comment or uncomment'],
    ],
  },
  {
    title: 'A cell is selected',
    keys: [
      ['Enter', 'Edit the cell'],
      ['↑ ↓ or K J', 'Previous or next cell'],
      ['A B', 'Add a cell above or below'],
      ['D D', 'Delete the cell'],
      ['Z, Shift Z', 'Undo, redo for cells'],
      ['M Y', 'Make it text, make it code'],
      ['C X V', 'Copy, cut, paste the cell'],
      ['Alt ↑ ↓', 'Move the cell'],
      ['I I', 'Stop'],
      ['0 0', 'Restart the kernel'],
    ],
  },
];
