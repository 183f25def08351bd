// Opens the pages of `idsync serve --demo` in headless Chromium, narrow and wide, light and dark: axe finds nothing, nothing is
// wider than the window, and no request leaves the host.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import chromium from '@sparticuz/chromium';
import puppeteer from 'puppeteer-core';

const axe = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const found = [];

async function serve(program) {
  const child = spawn(program, ['serve', '--demo', '--listen', '127.0.0.1:0', '--interval', '1s']);
  for await (const line of createInterface({ input: child.stderr })) {
    const base = line.match(/page at (http:\/\/[^/]+)/)?.[1];
    if (base) {
      child.stderr.resume();
      return { child, base };
    }
  }
  throw new Error('the command ended before it listened');
}

async function check(page, url, where) {
  await page.goto(url);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wider > 0) found.push(`${where}: ${wider} pixels wider than the window`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run());
  for (const { id, nodes } of violations) found.push(`${where}: ${id}: ${nodes[0].html}`);
}

async function firstCluster(page, base) {
  for (;;) {
    await page.goto(base);
    const link = await page.$('a.name');
    if (link) return link.evaluate((anchor) => anchor.href);
  }
}

const { child, base } = await serve(process.argv[2]);
const browser = await puppeteer.launch({
  args: [...chromium.args, '--no-sandbox'],
  executablePath: await chromium.executablePath(),
  headless: 'shell',
});
try {
  for (const scheme of ['light', 'dark']) {
    for (const width of [375, 1440]) {
      const page = await browser.newPage();
      await page.setBypassCSP(true);
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      page.on('request', (request) => {
        if (!request.url().startsWith(base)) found.push(`a request to ${request.url()}`);
      });
      const cluster = await firstCluster(page, base);
      await check(page, base, `overview ${scheme} ${width}`);
      await check(page, cluster, `cluster ${scheme} ${width}`);
      await page.close();
    }
  }
} finally {
  await browser.close();
  child.kill();
}
console.log(found.length ? found.join('\n') : 'two pages, narrow and wide, light and dark: nothing found');
process.exitCode = found.length ? 1 : 0;
