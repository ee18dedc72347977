import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const ROOT = join(__dirname, '../../..');
const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
/** Nothing is to be asked of the world outside. */
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-features=Translate,OptimizationHints,MediaRouter'];

const executablePath = [process.env['CHROMIUM_PATH'] ?? '', ...CANDIDATES].find((path) => path !== '' && existsSync(path));
if (executablePath === undefined) {
  const remedy = 'install one (Debian: apt-get install chromium), or name it with CHROMIUM_PATH';
  if (process.env['CI'] === 'true') throw new Error(`CI needs a Chromium: ${remedy}`);
  console.log(`No Chromium found, so the pages are not tested: ${remedy}`);
}

/** A test in a browser; skipped where there is none. */
export const inBrowser = executablePath === undefined ? test.skip : test;
/** What such tests need before them. */
export const beforeBrowser: typeof beforeAll = (prepare, timeout) => { if (executablePath !== undefined) beforeAll(prepare, timeout); };

export async function launchChromium(): Promise<Browser> {
  // As root, as in most containers, Chromium has no sandbox of its own.
  return chromium.launch({ executablePath: executablePath ?? '', args: [...QUIET, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])] });
}

/** Kept for people to look at: test-results/screenshots/NAME.png. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const directory = join(ROOT, 'test-results/screenshots');
  await mkdir(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}
