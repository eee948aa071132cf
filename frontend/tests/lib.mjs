// Shared by all browser tests: a browser, pages that report what went wrong in them, and the checks
// that every page must pass.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AxeBuilderModule from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const AxeBuilder = AxeBuilderModule.default ?? AxeBuilderModule;
const here = dirname(fileURLToPath(import.meta.url));

/** Widths at which every page must work: a laptop, a phone, and 1280 px at 400 % zoom. */
export const WIDTHS = [1280, 390, 320];

/** Address of the server under test and who may sign in there; set by run.mjs. */
export const server = {
  base: process.env.CW_BASE ?? 'http://127.0.0.1:8080',
  email: process.env.CW_EMAIL ?? '',
  password: process.env.CW_PASSWORD ?? '',
};

/** The full address of a path on the server under test. */
export const at = (path) => new URL(path, server.base).href;

function findChromium() {
  const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const found = candidates.find((path) => path && existsSync(path));
  assert.ok(found, 'Chromium was not found. Install it (Debian: apt-get install chromium) or set CHROMIUM to its path.');
  return found;
}

/**
 * Starts a browser of its own profile; `args` are further arguments of Chromium. Close it when the
 * tests of a file are done.
 */
export function launch({ args = [] } = {}) {
  return chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: [
      // Chromium refuses its sandbox to root, which is who runs tests in a container.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  });
}

/**
 * Opens a fresh context with one page, runs `fn(page)`, and fails if the page logged an error,
 * threw, or asked anybody but `base` for anything.
 *
 * `options` are those of Playwright's `newContext` plus:
 *  - `base`: origin that the page may talk to (default: the server under test)
 *  - `expect`: regular expressions of console errors that belong to the test, for example the 422
 *    of a form sent back
 */
export async function withPage(browser, fn, { base = server.base, expect = [], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  const problems = [];
  const note = (text) => {
    if (!expect.some((pattern) => pattern.test(text))) problems.push(text);
  };
  page.on('pageerror', (error) => note(`script error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') note(`console error: ${message.text()} (${message.location().url})`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.origin !== new URL(base).origin) note(`third-party request: ${request.url()}`);
  });
  try {
    const result = await fn(page, context);
    assert.deepEqual(problems, [], 'the page reported problems');
    return result;
  } finally {
    await context.close();
  }
}

/** A page whose browser runs no script: everything must work there too. */
export function withoutScript(browser, fn, options = {}) {
  return withPage(browser, fn, { ...options, javaScriptEnabled: false });
}

/** Signs in through the form, as a person does. */
export async function signIn(page, { base, email, password } = server) {
  await page.goto(new URL('/sign-in', base).href);
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

/** Chooses a password by a one-time link, without a script; the link may name another host than the tests do. */
export function choosePassword(browser, link, password) {
  return withoutScript(browser, async (page) => {
    await page.goto(at(new URL(link).pathname));
    await page.getByLabel('New password').fill(password);
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/join'));
  });
}

/** Signs in, and gives what the browser keeps of it, for the option `storageState` of many tests. */
export async function signedIn(browser) {
  let state;
  await withPage(browser, async (page, context) => {
    await signIn(page);
    state = await context.storageState();
  });
  return state;
}

/** Opens an address as somebody whose state `signedIn` gave, and runs `fn(page, context, response)`. */
export function visitAs(browser, state, path, fn, options = {}) {
  return withPage(
    browser,
    async (page, context) => {
      const response = await page.goto(at(path));
      return fn(page, context, response);
    },
    { storageState: state, ...options },
  );
}

/** Fails with one line per violation of WCAG 2.2 A and AA that axe finds. */
export async function assertAccessible(page, label = page.url(), { without = [] } = {}) {
  const { violations } = await new AxeBuilder({ page })
    .disableRules(without)
    // Where scripts are forbidden, axe would wait for itself for ever. What a mail is like is looked at as a page of its own.
    .exclude('iframe[sandbox]')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const lines = violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? violation.help}`),
  );
  assert.deepEqual(lines, [], `axe found violations on ${label}`);
}

/** Fails when the page scrolls sideways at a width, naming what sticks out. */
export async function assertNoSidewaysScroll(page, width = 320) {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: 800 });
  const found = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return null;
    const inScroller = (element) => element.parentElement?.closest('.cw-table-scroll') != null;
    const sticksOut = (element) => element.getBoundingClientRect().right > limit + 0.5 && !inScroller(element);
    const wide = [...document.body.querySelectorAll('*')].filter(sticksOut);
    const name = (element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`;
    return wide.slice(0, 5).map(name);
  });
  await page.setViewportSize(before);
  assert.equal(found, null, `${page.url()} scrolls sideways at ${width} px: ${found}`);
}

/** Fails when something to click is smaller than 24 by 24 px (WCAG 2.5.8); links in text may be. */
export async function assertTargetSizes(page, least = 24) {
  const small = await page.evaluate((min) => {
    const selector = 'button, select, summary, input:not([type=hidden]), a[class*="cw-"]';
    const tooSmall = (element) => {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
      // A checkbox is clicked through its label.
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      return box.width > 1 && (box.width < min || box.height < min);
    };
    return [...document.querySelectorAll(selector)].filter(tooSmall).map((element) => element.outerHTML.slice(0, 120));
  }, least);
  assert.deepEqual(small, [], `targets smaller than ${least} px on ${page.url()}`);
}

/**
 * Walks through the page by the Tab key and gives the accessible names in order. Fails when the
 * focus is stuck, or rests on something that nobody can see or that shows no ring. Of a page that is a long list of the same
 * the `beginning` is enough: so many stops.
 */
export async function keyboardWalk(page, { most = 400, beginning } = {}) {
  // From the top of the page, wherever the focus was.
  await page.evaluate(() => {
    document.activeElement?.blur();
    getSelection()?.removeAllRanges();
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  const names = [];
  let stays = 0;
  for (let step = 0; step < (beginning ?? most); step += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body || element === document.documentElement) return null;
      // Kept beside the page, not in it: a page of thousands of stops is not searched at each of them.
      const walk = (window.cwWalk ??= { seen: new WeakSet(), last: null });
      const again = walk.seen.has(element);
      const same = walk.last === element;
      walk.seen.add(element);
      walk.last = element;
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      // Controls drawn by a neighbour (govuk checkboxes) show their ring there.
      const drawn = [element, element.nextElementSibling].filter(Boolean).map((e) => [getComputedStyle(e), getComputedStyle(e, '::before')]).flat();
      const ring = drawn.some((s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none');
      return {
        again,
        same,
        name: (element.getAttribute('aria-label') || element.labels?.[0]?.textContent || element.textContent || element.getAttribute('name') || element.tagName).trim().replace(/\s+/g, ' ').slice(0, 80),
        seen: box.width > 0 && box.height > 0 && style.visibility !== 'hidden',
        ring,
      };
    });
    if (at === null) break;
    // A date field has a stop for day, month, year and calendar, all on the one element.
    stays = at.same ? stays + 1 : 0;
    assert.ok(stays < 8, `the focus does not leave: ${at.name}`);
    if (at.same) continue;
    if (at.again && names.length > 1) break;
    assert.ok(at.seen, `the focus is on something invisible: ${at.name}`);
    assert.ok(at.ring, `no focus ring on: ${at.name}`);
    names.push(at.name);
  }
  await page.evaluate(() => delete window.cwWalk);
  assert.ok(names.length > 0, 'nothing on the page can be reached by keyboard');
  assert.ok(names.length < most || beginning, 'the walk does not come to an end');
  return names;
}

/** How much on the page the Tab key should reach, by the browser's own rules. */
export function tabbable(page) {
  return page.evaluate(() => {
    const all = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]');
    const reachable = (element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true });
    // Of the radios with one name the Tab key reaches one.
    const groups = new Set();
    const first = (element) => {
      if (element.type !== 'radio') return true;
      const group = `${element.form?.id ?? ''} ${element.name}`;
      return !groups.has(group) && groups.add(group);
    };
    return [...all].filter(reachable).filter(first).length;
  });
}

/**
 * Fails when the system's own colours take a signal away: the edge of a control, what is chosen and
 * what is not, where one is.
 */
export async function assertSignalsInForcedColours(page) {
  assert.ok(await page.evaluate(() => matchMedia('(forced-colors: active)').matches), 'forced colours are on');
  const found = await page.evaluate(() => {
    const problems = [];
    const name = (e) => e.outerHTML.replace(/\s+/g, ' ').slice(0, 100);
    const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const sides = ['Top', 'Right', 'Bottom', 'Left'];
    const lines = (s) => sides.filter((side) => s[`border${side}Style`] !== 'none' && parseFloat(s[`border${side}Width`]) >= 1);
    const paint = (e, pseudo) => {
      const s = getComputedStyle(e, pseudo);
      return [
        ...sides.map((side) => `${s[`border${side}Style`]} ${s[`border${side}Width`]} ${s[`border${side}Color`]}`),
        s.outlineStyle, s.outlineWidth, s.fontWeight, s.textDecorationLine, s.color, s.backgroundColor, s.backgroundImage, s.opacity, s.content,
      ].join(' | ');
    };
    const look = (e) => [null, '::before', '::after'].map((pseudo) => paint(e, pseudo)).join(' || ');

    // Buttons and fields have an edge of their own, or draw one before their label.
    for (const e of document.querySelectorAll('button, select, textarea, input:not([type=hidden])')) {
      // The browser draws the button in a field for files.
      if (!seen(e) || e.type === 'file' || e.getBoundingClientRect().width <= 1) continue;
      const native = getComputedStyle(e).appearance !== 'none';
      const drawn = e.nextElementSibling ? lines(getComputedStyle(e.nextElementSibling, '::before')).length > 0 : false;
      const underlined = getComputedStyle(e).textDecorationLine.includes('underline');
      if (!native && !drawn && !underlined && lines(getComputedStyle(e)).length === 0) problems.push(`no edge: ${name(e)}`);
    }
    // A link is underlined, has an edge, or stands where everything is a link.
    for (const e of document.querySelectorAll('main p a[href], main li a[href], main td a[href]')) {
      if (!seen(e) || e.querySelector('svg, img') || e.textContent.trim() === '') continue;
      // A chip has its edge around the link.
      const parts = [e, e.closest('.cw-chip') ?? e, ...e.querySelectorAll('*')].map((part) => getComputedStyle(part));
      const signal = parts.some((s) => s.textDecorationLine.includes('underline') || lines(s).length > 0);
      const alone = e.closest('nav, .cw-comment__words, h1, h2, h3, h4') !== null;
      if (!signal && !alone) problems.push(`a link like any text: ${name(e)}`);
    }
    // What is chosen does not look like what is not.
    for (const e of document.querySelectorAll('[aria-current]:not([aria-current=false]), [aria-pressed=true], [aria-selected=true]')) {
      if (!seen(e)) continue;
      const list = e.closest('ul, ol, nav, [role=group], [role=tablist]');
      const like = e.getAttribute('class') ?? '';
      const other = [...(list?.querySelectorAll(e.tagName) ?? [])].find(
        (o) => o !== e && seen(o) && (o.getAttribute('class') ?? '') === like && !o.hasAttribute('aria-current') && o.getAttribute('aria-pressed') !== 'true' && o.getAttribute('aria-selected') !== 'true',
      );
      if (other && look(other) === look(e)) problems.push(`chosen looks like not chosen: ${name(e)}`);
    }
    return problems;
  });
  assert.deepEqual(found, [], `signals lost on ${page.url()} in forced colours`);

  // A box that is ticked is seen to be: pictures of both.
  for (const kind of ['checkbox', 'radio']) {
    const control = await page.locator(`input[type=${kind}]:not(:checked):not(:disabled):visible`).first().elementHandle({ timeout: 500 }).catch(() => null);
    const around = await control?.$('xpath=..');
    if (!around || !(await around.isVisible())) continue;
    await around.scrollIntoViewIfNeeded();
    const empty = await around.screenshot();
    // Not through the label: nothing but the tick may change.
    await control.evaluate((e) => {
      e.checked = true;
    });
    const ticked = await around.screenshot();
    await control.evaluate((e) => {
      e.checked = false;
    });
    assert.ok(!empty.equals(ticked), `a ${kind} looks the same ticked and not on ${page.url()}`);
  }
}

/** All that every page must pass; the page stands at the address already. */
export async function assertSoundPage(page) {
  const title = await page.title();
  assert.ok(title.length > 0, `${page.url()} has no title`);
  assert.equal(await page.locator('h1').count(), 1, `${page.url()} needs exactly one h1`);
  await assertAccessible(page);
  await assertTargetSizes(page);
  for (const width of WIDTHS) await assertNoSidewaysScroll(page, width);
  // Playwright leaves empty attributes behind after a picture.
  const styles = await page.locator('[style]:not([style=""]), style').count();
  assert.equal(styles, 0, `${page.url()} has inline styles, which the security policy blocks`);
}

/** Puts a full-page picture into tests/screenshots (not committed) when SCREENSHOTS=1. */
export async function picture(page, name) {
  if (!process.env.SCREENSHOTS) return;
  const folder = join(here, 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Makes a form in the console and gives its public key; the page is signed in. */
export async function makeForm(page, { title, origins, languages }) {
  await page.goto(new URL('/listen/forms/new', server.base).href);
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Asks about').selectOption({ index: 1 });
  const names = { en: 'English', cy: 'Cymraeg' };
  for (const [code, name] of Object.entries(names)) await page.getByLabel(name, { exact: true }).setChecked(languages.includes(code));
  await page.locator('#origins').fill(origins.join('\n'));
  await page.getByRole('button', { name: 'Make form' }).click();
  const own = await page.locator('#share a').first().getAttribute('href');
  return new URL(own, server.base).pathname.split('/').pop();
}
