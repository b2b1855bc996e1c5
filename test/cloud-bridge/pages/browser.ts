/** Debian's Chromium, driven by playwright-core. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const path = '/usr/bin/chromium';
/** Why tests that need a browser are skipped, or false. */
export const noChromium: string | false = existsSync(path) ? false : `${path} is not installed`;

const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  // A camera of its own, for who may use one.
  ...['--disable-component-update', '--disable-sync', '--use-fake-device-for-media-stream'],
];

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: path, headless: true, args });

/** What the page complains about, on its console or by an error that nobody caught. */
export function complaintsOf(page: Page): string[] {
  const found: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
  });
  page.on('pageerror', (error) => found.push(String(error)));
  return found;
}
