/** What an editor may ask about its code, within the notebook that it is a part of. */

import type { Completion, Documentation, Problem, SignatureHelp } from '../kernel/protocol';

export interface Assistant {
  /** Whether there is somebody to answer: nobody is while a cell runs. */
  readonly isFree: boolean;
  complete(source: string, cursor: number): Promise<{ from: number; options: Completion[] }>;
  inspect(source: string, cursor: number): Promise<Documentation | null>;
  signatureHelp(source: string, cursor: number): Promise<SignatureHelp | null>;
  /** Goes to where the variable at the cursor gets its value; false when there is no such place. */
  goToDefinition(source: string, cursor: number): Promise<boolean>;
  /** How often the variable at the cursor stands in the notebook; 0 when there is none. */
  countOccurrences(source: string, cursor: number): Promise<number>;
  /** Renames the variable at the cursor in all cells. */
  rename(source: string, cursor: number, name: string): Promise<void>;
  /** Shows the documentation of a class or function among all others. */
  openReference(name: string): void;
}

/** Problems of a source, by which an editor tells whether they are still about what it shows. */
export interface Checked {
  readonly source: string;
  readonly problems: readonly Problem[];
}
