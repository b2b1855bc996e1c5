/** Debian's Chromium, driven by playwright-core. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const whole = '/usr/bin/chromium';
/** The same without windows of its own, which take a second of the processor for each page; without push and cameras, too. */
const shell = '/usr/lib/chromium/chromium-headless-shell';
/** Why tests that need a browser are skipped, or false. */
export const noChromium: string | false = existsSync(whole) ? false : `${whole} is not installed`;

const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  // A camera of its own, for who may use one.
  ...['--disable-component-update', '--disable-sync', '--use-fake-device-for-media-stream'],
];

export const launchWhole = (): Promise<Browser> => chromium.launch({ executablePath: whole, headless: true, args });

/** For what needs neither push nor a camera: in the shell where it is installed, which is quicker. */
export const launch = (): Promise<Browser> =>
  existsSync(shell) ? chromium.launch({ executablePath: shell, headless: true, args }) : launchWhole();

/** What the page complains about, on its console or by an error that nobody caught. */
export function complaintsOf(page: Page): string[] {
  const found: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
  });
  page.on('pageerror', (error) => found.push(String(error)));
  return found;
}
