/**
 * Every page of the portal in Chromium: axe, no sideways scrolling, nothing in the console. Light and dark, wide and 320 px
 * narrow, turned, text at 200 %, three languages.
 *
 *   node pages.mjs --portal ORIGIN [--out DIR] [--look NAME]
 *
 * Walks the demo's portal as its invented citizen does, by clicks; knows forms and links by where they lead, never by a label.
 * What only a phone can bring about (a code taken, pages, bytes) is the headless walk's to show.
 */
import axe from 'axe-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values: options } = parseArgs({ options: { portal: { type: 'string' }, out: { type: 'string' }, look: { type: 'string' } } });
if (options.out) mkdirSync(options.out, { recursive: true });
const portal = options.portal;
// The demo's second host, which opens the app.
const links = portal.replace('127.0.0.1', 'localhost');

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const looks = [
  { name: 'wide', width: 1280, height: 900, theme: 'light', language: 'en' },
  { name: 'wide-dark', width: 1280, height: 900, theme: 'dark', language: 'en' },
  { name: 'narrow', width: 320, height: 640, theme: 'light', language: 'en' },
  { name: 'narrow-fr', width: 320, height: 640, theme: 'light', language: 'fr' },
  { name: 'narrow-de-dark', width: 320, height: 640, theme: 'dark', language: 'de' },
  { name: 'turned', width: 844, height: 390, theme: 'light', language: 'de' },
  { name: 'text-200', width: 1024, height: 768, theme: 'light', language: 'fr', text: '200%' },
  { name: 'text-200-narrow', width: 640, height: 900, theme: 'dark', language: 'de', text: '200%' },
].filter((look) => !options.look || look.name === options.look);

/** Goes from page to page and says the name of each; `refused` marks an answer that is an error on purpose. */
async function* everyPage(page) {
  const choose = (selector) => page.locator(selector).first().click();
  const procedure = `${portal}/procedures/study-grant`;
  yield { name: 'login', at: portal };
  yield { name: 'nothing-here', at: `${portal}/no-such-page`, refused: true };
  yield { name: 'open-ticket', at: `${links}/t` };
  yield { name: 'open-link', at: `${links}/l` };

  await page.goto(portal);
  await choose('form[action="/login/eid"] button');
  await page.getByRole('button', { name: 'Marie Weber' }).click();
  await page.waitForSelector('form[action="/espaces"]');
  yield { name: 'espaces' };
  await page.locator('form[action="/espaces"] button').first().click();
  await page.waitForURL(`${portal}/procedures`);
  yield { name: 'procedures' };
  yield { name: 'procedure', at: procedure };
  yield { name: 'procedure-closed', at: `${portal}/procedures/driving-licence` };
  yield { name: 'procedure-unknown', at: `${portal}/procedures/no-such-procedure`, refused: true };

  await page.goto(procedure);
  await choose('a[href$="/add#window"]');
  await page.waitForSelector('.choice');
  yield { name: 'window' };
  await choose('.choice[href*="/by/app"]');
  await page.waitForSelector('#document_type');
  yield { name: 'window-app' };
  await page.selectOption('#document_type', { index: 1 });
  await page.fill('#name', 'Rentrée 2026');
  await choose('form[action$="/tickets"] button');
  await page.waitForSelector('[data-countdown]');
  yield { name: 'code' };
  await choose('form[action$="/typed"] button');
  await page.waitForSelector('[data-typed]');
  yield { name: 'code-typed' };
  const code = page.url().replace(/\/typed.*/, '');
  await choose('form[action$="/cancel"] button');
  await page.waitForSelector('#documents');
  yield { name: 'code-cancelled', at: code };

  await page.goto(procedure);
  await choose('a[href*="/slots/"][href$="#window"]');
  await page.waitForSelector('.choice');
  yield { name: 'window-attach' };
  await choose('.choice[href*="/by/computer"]');
  await page.waitForSelector('#file');
  yield { name: 'window-computer' };
  await page.setInputFiles('#file', { name: 'paper.pdf', mimeType: 'application/pdf', buffer: Buffer.from('a letter') });
  await page.locator('form[action$="/documents"] button').click();
  await page.waitForSelector('[role="alert"]');
  yield { name: 'file-refused', refused: true };

  await page.goto(procedure);
  await choose('a[href$="/history"]');
  await page.waitForURL(/history$/);
  yield { name: 'history' };
  await page.goto(procedure);
  await choose('a[href$="/receipt"]');
  await page.waitForURL(/receipt$/);
  yield { name: 'receipt' };
  yield { name: 'activity', at: `${portal}/activity` };

  yield { name: 'devices', at: `${portal}/devices` };
  await choose('#link-device form button');
  await page.waitForSelector('#link-qr');
  yield { name: 'link-code' };
  const link = page.url();
  await choose('form[action$="/cancel"] button');
  await page.waitForURL(/devices$/);
  yield { name: 'link-cancelled', at: link };
}

let passed = 0;
const failures = [];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run'],
});
for (const look of looks) {
  const context = await browser.newContext({ viewport: look, colorScheme: look.theme, locale: look.language });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const printed = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && printed.push(message.text()));
  page.on('pageerror', (error) => printed.push(`exception: ${error.message}`));
  let at = 'the start';
  try {
    for await (const stop of everyPage(page)) {
      at = stop.name;
      if (stop.at) await page.goto(stop.at);
      judge(`${at} ${look.name}`, [...(await problems(page, look)), ...printed.filter((line) => !stop.refused || !line.includes('status of 4'))]);
      if (options.out) await page.screenshot({ path: join(options.out, `${at}-${look.name}.png`), fullPage: true });
      printed.length = 0;
    }
  } catch (error) {
    judge(`after ${at} ${look.name}`, [error.message]);
  }
  await context.close();
}
await browser.close();
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);

async function problems(page, { text, language }) {
  if (text) await page.evaluate((size) => (document.documentElement.style.fontSize = size), text);
  const found = [];
  const [wide, spoken] = await page.evaluate(() => [document.documentElement.scrollWidth - document.documentElement.clientWidth, document.documentElement.lang]);
  if (wide > 0) found.push(`scrolls sideways by ${wide} px`);
  if (spoken !== language) found.push(`speaks ${spoken}, not ${language}`);
  await page.evaluate(axe.source);
  const result = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules, resultTypes: ['violations'] }), RULES);
  for (const { id, nodes } of result.violations) {
    found.push(`${id}: ${nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join('; ')}`);
  }
  return found;
}

function judge(label, found) {
  if (found.length === 0) passed++;
  else {
    failures.push(label);
    console.log(`FAILED ${label}\n  ${found.join('\n  ')}`);
  }
}
