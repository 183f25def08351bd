// Opens the pages of `idsync serve` in headless Chromium, narrow and wide, light and dark, with hostile names: axe finds nothing,
// no page runs a script or is wider than the window, and no request leaves the host. `node check.js ../../target/debug/idsync`.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import chromium from '@sparticuz/chromium';
import puppeteer from 'puppeteer-core';

const program = process.argv[2];
const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const children = [];
const found = [];

/** Starts the command, and gives its first line that matches on stdout or stderr. */
async function start(argv, stream, pattern, env = {}) {
  const child = spawn(program, argv, { env: { ...process.env, ...env } });
  children.push(child);
  child[stream === 'stdout' ? 'stderr' : 'stdout'].resume();
  for await (const line of createInterface({ input: child[stream] })) {
    const match = line.match(pattern);
    if (match) {
      child[stream].resume();
      return match;
    }
  }
  throw new Error(`${argv[0]} ended too early`);
}

async function serve() {
  const scenario = new URL('hostile.yaml', import.meta.url).pathname;
  const [line] = await start(['emulator', '--quiet', '--time-scale', '60', '--scenario', scenario], 'stdout', /^\{.*/);
  const ready = JSON.parse(line);
  const places = ['--endpoint', ready.url, '--region', ready.region, '--project-id', ready.project_id, '--workspace', ready.workspace];
  const store = ['--store', join(mkdtempSync(join(tmpdir(), 'idsync-pages-')), 'history.db')];
  const env = { HUAWEICLOUD_SDK_AK: ready.ak, HUAWEICLOUD_SDK_SK: ready.sk, IDSYNC_CLOCK: `${ready.url}/_emulator/clock` };
  const flags = ['serve', '--listen', '127.0.0.1:0', '--interval', '1s', ...store, ...places];
  const [, base] = await start(flags, 'stderr', /page at (http:\/\/[^/]+)/, env);
  return base;
}

async function check(page, url, where) {
  await page.goto(url);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wider > 0) found.push(`${where}: ${wider} pixels wider than the window`);
  const foreign = await page.evaluate(() => document.querySelectorAll('script, iframe, img, [onerror], a[href^="javascript"]').length);
  if (foreign) found.push(`${where}: ${foreign} elements come from a name or a message`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run());
  for (const { id, nodes } of violations) found.push(`${where}: ${id}: ${nodes[0].html}`);
}

/** The pages of all clusters, once a sweep has found them and a spell has ended. */
async function clusters(page, base) {
  for (;;) {
    await page.goto(`${base}/?range=1h`);
    const links = await page.$$eval('a.name', (anchors) => anchors.map((anchor) => anchor.href));
    const bars = await page.$$eval('rect', (bars) => bars.length);
    if (links.length === 3 && bars > 3) return links;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Reloading is the reader's choice, by a link that is seen without scrolling. */
async function checkReloading(page, base, where) {
  const reloads = () => page.$('meta[http-equiv="refresh"]');
  await page.goto(base);
  if (await reloads()) found.push(`${where}: reloads without being asked`);
  for (const text of ['Reload every 5 s', 'Stop reloading']) {
    const link = await page.$(`::-p-text(${text})`);
    if (!(await link?.isIntersectingViewport())) {
      found.push(`${where}: "${text}" is not in sight`);
      return;
    }
    await Promise.all([page.waitForNavigation(), link.click()]);
    if (Boolean(await reloads()) !== text.startsWith('Reload')) found.push(`${where}: "${text}" has no effect`);
  }
}

let browser;
try {
  const base = await serve();
  browser = await puppeteer.launch({
    args: [...chromium.args, '--no-sandbox'],
    executablePath: await chromium.executablePath(),
    headless: 'shell',
  });
  for (const scheme of ['light', 'dark']) {
    for (const width of [375, 1440]) {
      const page = await browser.newPage();
      await page.setBypassCSP(true);
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      page.on('request', (request) => {
        if (!request.url().startsWith(base)) found.push(`a request to ${request.url()}`);
      });
      page.on('dialog', (dialog) => {
        found.push(`a dialog: ${dialog.message()}`);
        dialog.dismiss();
      });
      const links = await clusters(page, base);
      await check(page, base, `overview ${scheme} ${width}`);
      for (const link of links) await check(page, link, `${link.slice(base.length)} ${scheme} ${width}`);
      await checkReloading(page, base, `overview ${scheme} ${width}`);
      await page.close();
    }
  }
} finally {
  await browser?.close();
  for (const child of children) child.kill();
}
console.log(found.length ? found.join('\n') : 'overview and three clusters, narrow and wide, light and dark: nothing found');
process.exitCode = found.length ? 1 : 0;
