/** What lies over the notebook: a dialog, the side panel, a passing notice. */

import type { Guide } from './panels/guided/guide';

export type PanelTab = 'notebooks' | 'files' | 'datasets' | 'reference' | 'jobs';

export type OpenDialog = { readonly type: 'share' } | { readonly type: 'help' } | { readonly type: 'guide'; readonly guide: Guide };

const NOTICE_TIME = 6000;

export class Page {
  dialog: OpenDialog | null = $state.raw(null);
  panel: PanelTab | null = $state(null);
  notice: string | null = $state(null);
  /** What the reference is searched for. */
  referenceQuery: string = $state('');
  private timer: ReturnType<typeof setTimeout> | undefined;

  open(dialog: OpenDialog): void {
    this.dialog = dialog;
  }

  close(): void {
    this.dialog = null;
  }

  togglePanel(): void {
    this.panel = this.panel ? null : 'datasets';
  }

  openJobs(): void {
    this.panel = 'jobs';
  }

  openReference(name: string): void {
    this.referenceQuery = name;
    this.panel = 'reference';
  }

  /** Says something in passing. */
  say(notice: string): void {
    clearTimeout(this.timer);
    this.notice = notice;
    this.timer = setTimeout(() => (this.notice = null), NOTICE_TIME);
  }
}
