declare module 'virtual:kindling-engine' {
  /** The engine's builds: their folder under `engine/`, and the first size of the memory that is made for them, in 64 KiB pages. */
  export const engine: Readonly<Partial<Record<'threads' | 'plain' | 'page', { folder: string; pages: number }>>>;
  /** The bundled data sets under `datasets/` with their sizes in bytes. */
  export const datasets: readonly (readonly [name: string, bytes: number])[];
}
