/** How tests and benches start Chromium: the system's own, which asks nobody on the network for anything. */
export const launchOptions = {
  executablePath: process.env.KINDLING_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};
