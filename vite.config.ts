import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { isolation } from './scripts/headers.mjs';
import { engine } from './scripts/vite-engine.mjs';

export default defineConfig({
  base: './',
  publicDir: 'www/public',
  plugins: [svelte(), engine()],
  // Component tests mount components, which Svelte's server build can't.
  ...(process.env.VITEST ? { resolve: { conditions: ['browser'] } } : {}),
  build: {
    target: 'es2022',
    // The policy allows no inline styles or scripts, and a hashed file caches better than a data URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', 'service-worker': 'www/service-worker.ts' },
      output: {
        // A service worker's address is its identity: it keeps its name from build to build.
        entryFileNames: (chunk) => (chunk.name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  worker: { format: 'es' },
  server: {
    port: 8080,
    strictPort: true,
    headers: isolation,
    watch: { ignored: ['**/target/**', '**/dist/**', '**/.tools/**', '**/.venv/**', '**/src/**'] },
  },
  preview: { port: 8081, strictPort: true, headers: isolation },
  test: {
    environment: 'jsdom',
    // For machines that are busy with a build.
    testTimeout: 20_000,
    include: ['www/**/*.test.ts', 'scripts/**/*.test.ts'],
  },
});
