// Every page of pages.mjs: accessible, within a phone's width and at 400 % zoom, reachable by keyboard,
// its signals there in forced colours, silent in the browser's log, asking nobody else for anything,
// light, and saying to a screen reader what it said before.
//
// What it says is kept in tests/golden; UPDATE_GOLDEN=1 writes it anew. Look at the difference.
// PAGES=NAME,… looks only at pages whose names begin so.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import {
  assertNoSidewaysScroll,
  assertSignalsInForcedColours,
  assertSoundPage,
  at,
  keyboardWalk,
  launch,
  picture,
  server,
  signIn,
  tabbable,
  withPage,
} from '../lib.mjs';
import { ELSEWHERE, NOT_PAGES, PAGES, prepare, undo } from '../pages.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const golden = join(here, '..', 'golden');
const matrix = join(here, '..', '..', '..', 'crates', 'web', 'tests', 'it', 'snapshots', 'who_may_do_what.snap');

/** Most that a page may weigh, compressed, with its stylesheet and script, without fonts. */
const BUDGET = { console: 50_000, public: 25_000 };

let browser;
let large;
/** Cookies of somebody who is signed in: signing in is throttled, and slow on purpose. */
let state;
let world;
const titles = new Map();

before(async () => {
  [browser, large] = await Promise.all([launch(), launch({ args: ['--blink-settings=defaultFontSize=32'] })]);
  await withPage(browser, async (page, context) => {
    await signIn(page);
    state = await context.storageState();
    world = await prepare(page);
  });
});

after(async () => {
  // Other specs count.
  if (world) await withPage(browser, (page) => undo(page, world), { storageState: state });
  await Promise.all([browser?.close(), large?.close()]);
});

/** A page of the list, as whoever sees it. */
function open(entry, fn, { by = browser, ...options } = {}) {
  const expect = entry.status ? [new RegExp(String(entry.status))] : [];
  return withPage(
    by,
    async (page) => {
      const path = typeof entry.path === 'function' ? entry.path(world) : entry.path;
      assert.ok(path, `${entry.name} has an address`);
      const response = await page.goto(at(path));
      if (!entry.act) assert.equal(response.status(), entry.status ?? 200, `${entry.name} at ${path}`);
      await entry.act?.(page, world);
      return fn(page);
    },
    { storageState: entry.nobody ? undefined : state, expect, ...options },
  );
}

/** What a page weighs on the wire, compressed, with stylesheet and script. */
async function weight(page) {
  const html = await page.content();
  const assets = await page.evaluate(() => [...document.querySelectorAll('link[rel=stylesheet], script[src]')].map((e) => e.href || e.src));
  let bytes = gzipSync(html).length;
  for (const asset of assets) {
    const response = await page.request.get(asset, { headers: { 'accept-encoding': 'identity' } });
    bytes += gzipSync(await response.body()).length;
  }
  return bytes;
}

/** The snapshot without what is different in every run: ids, days, times, and what is counted. */
function settled(snapshot) {
  return `${snapshot
    .replaceAll(server.email, 'EMAIL')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replace(/\bcw_\w+/g, 'KEY')
    .replace(/(\/f\/|form=\\?"|form%3A|\bkey )[2-9b-z]{10}\b/g, '$1KEY')
    .replace(/sha384-[\w+/=]+/g, 'HASH')
    .replace(/\/w\/\w+\.js/g, '/w/HASH.js')
    .replace(/\b(after|before)=[\w-]{43}(?![\w-])/g, '$1=PLACE')
    .replace(/\b\d\d?:\d\d\b/g, 'TIME')
    .replace(/\b\d\d? (January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)( \d{4})?\b/g, 'DAY')
    .replace(/\b\d{4}-\d\d-\d\d(T[\d:.]+Z?)?/g, 'DAY')
    // Midnight may have passed since the sample was taken in.
    .replace(/Data up to DAY, TIME/g, 'Data up to TIME')
    .replace(/(?<![\w%=])[+−-]?\d[\d,.]*|(?<=(?<!level)=)\d[\d,.]*/g, 'N')}\n`;
}

/** Lines that only one of two texts has, with a sign before each. */
function difference(before, after) {
  const left = before.split('\n');
  const added = after.split('\n').filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [...left.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)].slice(0, 40).join('\n');
}

async function assertGolden(page, entry) {
  const path = join(golden, `${entry.name}.yml`);
  // Which comments come first changes with what the machine reads in them, and among equals by chance.
  await page.evaluate(() => {
    for (const list of new Set([...document.querySelectorAll('.cw-comment')].map((item) => item.parentElement))) {
      const items = [...list.children];
      for (const item of items.slice(1)) item.remove();
      for (const link of items[0]?.querySelectorAll('.cw-comment__words a') ?? []) link.textContent = 'The words of a comment';
      items[0]?.querySelector('.cw-meta')?.remove();
    }
  });
  const now = settled(await page.locator('main').ariaSnapshot());
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(golden, { recursive: true });
    writeFileSync(path, now);
    return;
  }
  assert.ok(existsSync(path), `there is no ${entry.name}.yml in tests/golden; UPDATE_GOLDEN=1 writes it`);
  const kept = readFileSync(path, 'utf8');
  assert.ok(now === kept, `${entry.name} says something else than before; UPDATE_GOLDEN=1 writes it anew\n${difference(kept, now)}`);
}

test('no page of the server is missing in the list', () => {
  const routes = [...readFileSync(matrix, 'utf8').matchAll(/^GET +(\S+)/gm)].map(([, path]) => path);
  assert.ok(routes.length > 10, 'the matrix of permissions names the routes');
  const pages = routes.filter((route) => !(route in ELSEWHERE) && !NOT_PAGES.some((pattern) => pattern.test(route)));
  const listed = new Set(PAGES.map((entry) => entry.route));
  assert.deepEqual(pages.filter((route) => !listed.has(route)), [], 'add these to tests/pages.mjs');
  assert.deepEqual([...listed].filter((route) => route && !pages.includes(route)), [], 'the server has no such page');
  assert.equal(new Set(PAGES.map((entry) => entry.name)).size, PAGES.length, 'two pages have one name');
});

test('no golden file is left of a page that is gone', () => {
  const kept = new Set(PAGES.filter((entry) => !entry.golden).map((entry) => `${entry.name}.yml`));
  assert.deepEqual((existsSync(golden) ? readdirSync(golden) : []).filter((name) => !kept.has(name)), []);
});

describe('every page', { concurrency: 3 }, () => {
  const wanted = process.env.PAGES?.split(',') ?? [''];
  for (const entry of PAGES.filter(({ name }) => wanted.some((part) => name.startsWith(part)))) {
    test(`${entry.name} is sound, light, silent, and reached by keyboard`, { timeout: 600_000 }, async () => {
      await open(entry, async (page) => {
        await picture(page, entry.name);
        await assertSoundPage(page);
        const title = await page.title();
        // Another state of a page may have its title.
        const route = titles.get(title) ?? entry.route;
        assert.equal(route, entry.route, `${entry.name} has the title of another page: ${title}`);
        titles.set(title, entry.route);
        if (!entry.light) {
          const bytes = await weight(page);
          const budget = entry.public ? BUDGET.public : BUDGET.console;
          assert.ok(bytes <= budget, `${entry.name} weighs ${bytes} bytes compressed`);
        }
        const reachable = await tabbable(page);
        const names = await keyboardWalk(page, { most: 800, beginning: entry.beginning });
        assert.ok(names.length >= reachable || names.length > entry.beginning * 0.9, `${names.length} of ${reachable} were reached: ${names.join(' | ')}`);
        if (!entry.golden) await assertGolden(page, entry);
        assert.match(names[0], /^(Skip to main content|Mynd i’r prif gynnwys|Neidio i’r prif gynnwys)/);
      });
    });

    test(`${entry.name} reflows at 400 % zoom`, { timeout: 150_000 }, async () => {
      await open(
        entry,
        async (page) => {
          await assertNoSidewaysScroll(page, 320);
          const covered = await page.evaluate(() => {
            const stuck = (e) => ['fixed', 'sticky'].includes(getComputedStyle(e).position) && e.checkVisibility();
            const heights = [...document.body.querySelectorAll('*')].filter(stuck).map((e) => e.getBoundingClientRect().height);
            return Math.max(0, ...heights);
          });
          assert.ok(covered <= 128, `something that does not scroll away covers ${covered} of 256 px`);
        },
        // What a window of 1280 by 1024 px becomes at 400 %.
        { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 },
      );
    });

    test(`${entry.name} keeps its signals in forced colours`, { timeout: 150_000 }, async () => {
      await open(
        entry,
        async (page) => {
          await picture(page, `${entry.name}-forced`);
          await assertSignalsInForcedColours(page);
        },
        { forcedColors: 'active' },
      );
    });

    test(`${entry.name} stands text at twice its size`, { timeout: 150_000 }, async () => {
      await open(
        entry,
        async (page) => {
          assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '32px');
          for (const width of [1280, 640]) await assertNoSidewaysScroll(page, width);
        },
        { by: large },
      );
    });
  }
});
