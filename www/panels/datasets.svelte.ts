/** The data sets that come with the page. */

export interface Dataset {
  readonly path: string;
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  readonly task: string;
  readonly source: string;
  readonly licence: string;
}

class Datasets {
  entries: readonly Dataset[] = $state.raw([]);
  failed: boolean = $state(false);
  private loading: Promise<void> | null = null;

  /** Reads the catalogue once. */
  load(): Promise<void> {
    this.loading ??= this.read();
    return this.loading;
  }

  private async read(): Promise<void> {
    try {
      const response = await fetch(new URL('datasets/catalogue.json', document.baseURI));
      if (!response.ok) throw new Error(response.statusText);
      const catalogue = (await response.json()) as (Omit<Dataset, 'path'> & { file: string })[];
      this.entries = catalogue.map(({ file, ...rest }) => ({ ...rest, path: `/datasets/${file}` }));
      this.failed = false;
    } catch {
      this.failed = true;
      this.loading = null;
    }
  }
}

export const datasets = new Datasets();
