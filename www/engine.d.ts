declare module 'virtual:kindling-engine' {
  /** The engine's builds: their folder under `engine/`, and the first size of the memory that the page makes for them, in 64 KiB pages. */
  const engine: Readonly<Partial<Record<'threads' | 'plain' | 'page', { folder: string; pages: number }>>>;
  export default engine;
}
