/** Light or dark: as the system says, or as the reader chose. */

import { MediaQuery } from 'svelte/reactivity';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'kindling-theme';
const CHOICES: readonly ThemeChoice[] = ['system', 'light', 'dark'];

class Theme {
  private chosen: ThemeChoice = $state(remembered());
  private readonly system = new MediaQuery('(prefers-color-scheme: dark)');

  get choice(): ThemeChoice {
    return this.chosen;
  }

  set choice(choice: ThemeChoice) {
    this.chosen = choice;
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  }

  get dark(): boolean {
    return this.chosen === 'system' ? this.system.current : this.chosen === 'dark';
  }

  /** The colour behind outputs, as `www/styles/tokens.css` has it. */
  get surface(): [number, number, number] {
    return this.dark ? [22, 22, 24] : [255, 255, 255];
  }

  /** The next of system, light and dark. */
  cycle(): void {
    this.choice = CHOICES[(CHOICES.indexOf(this.chosen) + 1) % CHOICES.length] ?? 'system';
  }
}

function remembered(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return CHOICES.find((choice) => choice === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

export const theme = new Theme();
