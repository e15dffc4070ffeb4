import { defineConfig } from '@playwright/test';
import { launchOptions } from './scripts/chromium.mjs';

/** The page under a path of its own, as three kinds of host give it. */
const path = '/a/path/';
const hosts = {
  /** Sends the headers for cross-origin isolation. */
  isolated: { port: 8190, flags: [] },
  /** Sends none, and has no service worker either: one thread. */
  plain: { port: 8191, flags: ['--no-headers', '--no-service-worker'] },
  /** Sends none: the service worker isolates the page. */
  worker: { port: 8192, flags: ['--no-headers'] },
};

const address = (name: keyof typeof hosts) => `http://localhost:${hosts[name].port}${path}`;

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  reporter: [['list']],
  forbidOnly: !!process.env.CI,
  // A machine of CI's may be busy for a while: what fails once there and then passes is told as flaky.
  retries: process.env.CI ? 1 : 0,
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    launchOptions,
    // The service worker is what one of the hosts is there for; elsewhere it would only answer before the host does.
    serviceWorkers: 'block',
    // A trace doubles the time: ask for one with `--trace on` when a test fails.
    trace: 'off',
  },
  projects: [
    // `name.spec.ts` runs with and without isolation, `name.HOST.spec.ts` on that host only.
    { name: 'isolated', testMatch: /\/[^.]+(\.isolated)?\.spec\.ts$/, use: { baseURL: address('isolated') } },
    { name: 'plain', testMatch: /\/[^.]+(\.plain)?\.spec\.ts$/, use: { baseURL: address('plain') } },
    { name: 'worker', testMatch: /\/[^.]+\.worker\.spec\.ts$/, use: { baseURL: address('worker'), serviceWorkers: 'allow' } },
  ],
  webServer: Object.values(hosts).map(({ port, flags }) => ({
    command: `node scripts/serve.mjs --port ${port} --base ${path} ${flags.join(' ')} dist`,
    url: `http://localhost:${port}${path}`,
    reuseExistingServer: false,
  })),
});
