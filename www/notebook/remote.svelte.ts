/** Files of other hosts: fetched by the page when its reader agrees to the host, and given to the kernel under their addresses. */

import type { Kernel } from '../kernel/client';

export interface Fetching {
  readonly url: string;
  readonly received: number;
  /** 0 when the host doesn't say. */
  readonly total: number;
}

export class RemoteFiles {
  fetching: Fetching | null = $state.raw(null);
  /** Why an address could not be fetched. */
  problem: { readonly url: string; readonly message: string } | null = $state.raw(null);
  /** Hosts that the reader agreed to, as long as the page is open. */
  private readonly agreed = new Set<string>();
  private abort: AbortController | null = null;

  constructor(
    private readonly kernel: Pick<Kernel, 'putFile'>,
    private readonly fetch: typeof globalThis.fetch = (...args) => globalThis.fetch(...args),
  ) {}

  isAgreed(url: string): boolean {
    return this.agreed.has(new URL(url).host);
  }

  agree(url: string): void {
    this.agreed.add(new URL(url).host);
  }

  stop(): void {
    this.abort?.abort();
  }

  /** Fetches a file for the kernel; says whether it has it now. */
  async give(url: string): Promise<boolean> {
    this.stop();
    const abort = (this.abort = new AbortController());
    this.problem = null;
    this.fetching = { url, received: 0, total: 0 };
    try {
      const bytes = await this.read(url, abort.signal);
      await this.kernel.putFile(url, bytes);
      return true;
    } catch (error) {
      const { host } = new URL(url);
      const message = abort.signal.aborted
        ? 'Stopped.'
        : error instanceof Refused
          ? error.message
          : `${host} can't be read from here: it doesn't let other pages read this file, or there is no connection. Download the file and drop it on the notebook.`;
      this.problem = { url, message };
      return false;
    } finally {
      if (this.abort === abort) {
        this.abort = null;
        this.fetching = null;
      }
    }
  }

  private async read(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
    const response = await this.fetch(url, { mode: 'cors', credentials: 'omit', referrerPolicy: 'no-referrer', signal });
    if (!response.ok) throw new Refused(`${new URL(url).host} answered ${response.status} for this file.`);
    const total = Number(response.headers.get('content-length') ?? 0);
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let received = 0;
    const reader = response.body?.getReader();
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
      pieces.push(piece.value);
      received += piece.value.length;
      this.fetching = { url, received, total };
    }
    const whole = new Uint8Array(received);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole.buffer;
  }
}

/** The host answered, and said no. */
class Refused extends Error {}
