/** One tab writes a notebook at a time: two would overwrite each other's work. */

import { deferred } from '../deferred';

/** What is used of the browser's `navigator.locks`. */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly steal?: boolean },
    callback: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>;
}

/** A page that is being left lets go a moment after the next one has started. */
const MOMENT = 300;

export class Holds {
  private release: () => void = () => {};
  private turn = 0;

  constructor(
    /** None in browsers without locks: every tab then writes. */
    private readonly locks: Locks | undefined,
    /** Called when another tab took the notebook over. */
    private readonly lost: () => void,
  ) {}

  /** Lets go of the notebook held before and holds this one; says whether that is possible. */
  async take(id: string, steal = false): Promise<boolean> {
    this.release();
    if (steal) return this.request(id, { steal });
    if (await this.request(id, { ifAvailable: true })) return true;
    await new Promise((resolve) => setTimeout(resolve, MOMENT));
    return this.request(id, { ifAvailable: true });
  }

  private request(id: string, options: { ifAvailable?: boolean; steal?: boolean }): Promise<boolean> {
    const { locks } = this;
    if (!locks) return Promise.resolve(true);
    const turn = ++this.turn;
    const answer = deferred<boolean>();
    locks
      .request(`kindling-${id}`, options, (lock) => {
        answer.resolve(lock !== null);
        if (lock === null) return undefined;
        const held = deferred<void>();
        this.release = () => held.resolve();
        return held.promise;
      })
      // The request of a lock that is stolen fails after it was granted.
      .catch(() => {
        answer.resolve(true);
        if (turn === this.turn) this.lost();
      });
    return answer.promise;
  }
}
