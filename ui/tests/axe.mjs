/**
 * Every recorded scene in Chromium under the app's content security policy: axe, no sideways scrolling, targets large enough to hit,
 * nothing in the console. Light and dark, phone upright and turned, tablet, text at 200 %; French and German on
 * a phone and on a narrow one.
 *
 *   node tests/axe.mjs [--out DIR] [--only TEXT] [--lang fr] [--look phone-200] [--quick]
 */
import axe from 'axe-core';
import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values: options } = parseArgs({
  options: { out: { type: 'string' }, only: { type: 'string' }, lang: { type: 'string', default: 'en' }, quick: { type: 'boolean' }, look: { type: 'string' } },
});
const root = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist-recorded');
if (!existsSync(root)) throw new Error('build first: npx vite build --mode recorded --outDir dist-recorded');
if (options.out) mkdirSync(options.out, { recursive: true });

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'";
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const SMALLEST_TARGET = 44;

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, 'http://x').pathname).replace(/^\/$/, '/index.html');
  // The browser asks by itself, at a time of its own.
  if (path === '/favicon.ico') {
    response.writeHead(204).end();
    return;
  }
  const file = join(root, path);
  if (!file.startsWith(root) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': POLICY });
  createReadStream(file).pipe(response);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const looks = [
  { name: 'phone', width: 390, height: 844 },
  { name: 'landscape', width: 844, height: 390 },
  { name: 'tablet', width: 1024, height: 1366 },
  { name: 'phone-200', width: 390, height: 844, text: '212.5%' },
  // Longer words, on the smallest phone too.
  { name: 'phone-fr', width: 390, height: 844, language: 'fr', themes: ['light'] },
  { name: 'phone-de', width: 390, height: 844, language: 'de', themes: ['dark'] },
  { name: 'narrow-fr', width: 320, height: 640, language: 'fr', themes: ['dark'] },
  { name: 'narrow-de', width: 320, height: 640, language: 'de', themes: ['light'] },
].flatMap((look) => (look.themes ?? ['light', 'dark']).map((theme) => ({ ...look, theme })));
const chosenLooks = looks.filter((l) => (options.quick ? l.name === 'phone' : !options.look || l.name === options.look));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run'],
});

const TROUBLES = [
  'not_a_code other_portal link_code ticket_code link_unknown link_expired link_used link_ended',
  'device_revoked biometrics_failed biometrics_unavailable password_unfit key_lost ticket_unknown ticket_expired ticket_used ticket_cancelled typed_code_shape too_many_tries',
  'app_outdated right_lost disconnected upload_ended unreachable not_a_portal portal_error permission_denied camera_failed',
  'no_code_in_picture picture_unsupported picture_damaged picture_too_large too_many_pages storage_full storage_failed page_failed',
  'file:empty file:too_large file:not_pdf file:damaged file:encrypted file:no_pages file:too_many_pages file:active_content refused:digest_mismatch',
].flatMap((line) => line.split(' '));

/** What opens, or is said, only after a button. */
const PRESSED = [
  ['procedures.several', 'Add a supporting document: Application for a study grant'],
  ['procedures.several', /^Letter from my landlord/],
  ['settings.linked', 'Delete everything'],
  ['home.drafts', 'Delete: Birth certificate'],
  ['unlock.biometrics', 'Unlock'],
  ['unlock.plain', 'Show the password'],
  ['link.password', 'Continue'],
  ['change-password.plain', 'Change the password'],
];

/** Runs in the page: what a finger cannot hit, and whether the page is wider than the screen. */
function measure(smallest) {
  const shown = (element) => element.checkVisibility({ opacityProperty: false, visibilityProperty: true });
  const small = [];
  for (const element of document.querySelectorAll('button, a[href], input, summary, [role=switch], select, textarea')) {
    const dialog = document.querySelector('dialog[open]');
    if (!shown(element) || element.closest('[inert]') || (dialog && !dialog.contains(element))) continue;
    // A radio button is hit through its label.
    const target = element.closest('label') ?? element;
    const box = target.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    if (box.width < smallest - 0.5 || box.height < smallest - 0.5) {
      small.push(`${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim()} ${Math.round(box.width)}×${Math.round(box.height)}`);
    }
  }
  const overflowing = [...document.querySelectorAll('h1, h2, p, strong, dd, dt, span, label, legend')]
    .filter((e) => shown(e) && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && getComputedStyle(e).overflowX === 'visible' && getComputedStyle(e).display !== 'inline')
    .map((e) => (e.textContent ?? '').trim().slice(0, 40));
  /** Words that do not fit on a line of their own are cut in the middle: readable in no language. */
  const cut = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (!shown(node.parentElement) || node.parentElement.closest('.unseen, code, option')) continue;
    for (const word of node.data.matchAll(/[\p{L}\d]{2,14}/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((r) => Math.round(r.top)));
      if (lines.size > 1) cut.push(word[0]);
    }
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return { small, wide, overflowing, cut };
}

let passed = 0;
const failures = [];

async function look(page, scene, query, { name, theme, text, language = options.lang }, press) {
  const pressed = press ? ` ${press.source ?? press}` : '';
  const label = `${scene}${query}${pressed} ${name} ${theme}`;
  const problems = [];
  const onConsole = (message) => {
    // The recorded camera has nothing to hide; whatever is printed is a defect.
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  };
  const onError = (error) => problems.push(`exception: ${error.message}`);
  page.on('console', onConsole);
  page.on('pageerror', onError);
  try {
    await page.goto(`${origin}/?scene=${scene}&theme=${theme}&lang=${language}${query}`);
    await page.waitForSelector('[data-title]');
    if (text) await page.evaluate((size) => (document.documentElement.style.fontSize = size), text);
    if (press) await page.getByRole('button', { name: press, exact: true }).click();
    await page.evaluate(async () => {
      await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
      await Promise.all(document.getAnimations().filter((a) => a.effect.getComputedTiming().iterations === 1).map((a) => a.finished));
      if (document.querySelector('canvas')) {
        // The preview's first picture has been drawn once the canvas has its size.
        while (document.querySelector('canvas').width !== 900) await new Promise(requestAnimationFrame);
      }
      await new Promise(requestAnimationFrame);
    });
    if (options.out) await page.screenshot({ path: join(options.out, `${scene}${(query + pressed).replaceAll(/[^\w.]+/g, '-')}-${name}-${theme}.png`) });
    const measured = await page.evaluate(measure, SMALLEST_TARGET);
    if (measured.wide > 0) problems.push(`scrolls sideways by ${measured.wide} px`);
    problems.push(...measured.small.map((s) => `target too small: ${s}`));
    problems.push(...measured.overflowing.map((s) => `text leaves its place: ${s}`));
    problems.push(...measured.cut.map((s) => `word cut: ${s}`));
    await page.evaluate(axe.source);
    const result = await page.evaluate(() =>
      globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations'] }),
    );
    for (const v of result.violations) problems.push(`${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`).slice(0, 3).join('; ')}`);
  } catch (error) {
    problems.push(error.message);
  }
  page.off('console', onConsole);
  page.off('pageerror', onError);
  if (problems.length === 0) passed++;
  else {
    failures.push(label);
    console.log(`FAILED ${label}\n  ${problems.join('\n  ')}`);
  }
}

for (const chosen of chosenLooks) {
  const page = await browser.newPage({ viewport: { width: chosen.width, height: chosen.height }, reducedMotion: 'no-preference' });
  await page.goto(`${origin}/?scene=home`);
  await page.waitForFunction(() => 'sceneNames' in globalThis);
  const names = (await page.evaluate(() => globalThis.sceneNames)).filter((n) => !options.only || n.includes(options.only));
  for (const scene of names) await look(page, scene, '', chosen);
  // The words of a trouble have one shape wherever they stand: once a phone's width, and at 200 %.
  if (!options.only && !options.quick && chosen.theme === 'light' && chosen.width === 390) {
    for (const trouble of TROUBLES) await look(page, trouble.includes('file') ? 'source.plain' : 'scan-qr.looking', `&trouble=${trouble}`, chosen);
    await look(page, 'home.first', '&tester=1', chosen);
  }
  if (!options.only && !options.quick && chosen.width === 390 && !chosen.language) {
    for (const [scene, button] of PRESSED) await look(page, scene, '', chosen, button);
  }
  await page.close();
}
await browser.close();
server.close();
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 && passed > 0 ? 0 : 1;
