// The feedback widget on a page of somebody else who means it badly: hostile styles, the strictest
// policy, Trusted Types. What is answered there is in the Explorer a moment later.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { assertAccessible, assertNoSidewaysScroll, launch, makeForm, picture, server, signIn, withPage } from '../lib.mjs';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist');
const read = (name) => readFileSync(join(dist, name));
const manifest = JSON.parse(read('manifest.json'));
const integrity = JSON.parse(read('integrity.json'))['widget.js'];
const script = `${server.base}/w/${manifest['widget.js'].replace(/^widget\./, '')}`;

const HOSTILE = `
  html { font-size: 7px; direction: inherit; }
  body * { all: unset !important; font: 72px/3 fantasy !important; letter-spacing: 1em !important; }
  commonweal-feedback, commonweal-feedback * { display: none !important; opacity: 0 !important; visibility: hidden !important;
    position: fixed !important; transform: scale(9) !important; color: #fff !important; background: #fff !important; }
  button, input, textarea, fieldset, p { display: none !important; width: 9999px !important; }
  :host, ::slotted(*) { display: none !important; }
  :focus, :focus-visible { outline: none !important; box-shadow: none !important; }`;

const policy = () =>
  [
    "default-src 'none'",
    `script-src ${server.base}/w/`,
    `connect-src ${server.base}/w/`,
    "style-src 'self'",
    "require-trusted-types-for 'script'",
  ].join('; ');

/** A host: a website of its own, with pages by path. */
function host(pages) {
  const site = createServer((request, response) => {
    const path = new URL(request.url, 'http://host').pathname;
    if (path === '/hostile.css' || path === '/calm.css') {
      response.setHeader('Content-Type', 'text/css');
      response.end(path === '/calm.css' ? 'body { margin: 2em; font: 18px/1.5 serif; }' : HOSTILE);
      return;
    }
    if (!Object.hasOwn(pages, path)) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Security-Policy', policy());
    response.end(pages[path]());
  });
  return new Promise((resolve) => {
    site.listen(0, '127.0.0.1', () => {
      resolve({ base: `http://127.0.0.1:${site.address().port}`, close: () => new Promise((done) => site.close(done)) });
    });
  });
}

let browser;
let state;
let key;
let site;
let stranger;

const element = (lang = '') =>
  `<commonweal-feedback form="${key}"${lang}><a href="${server.base}/f/${key}">Give feedback on this page</a></commonweal-feedback>`;
const document_ = (styles, body, attributes = 'lang="en"') =>
  `<!doctype html><html ${attributes}><head><title>Apply for a Blue Badge</title><link rel="stylesheet" href="/${styles}.css">` +
  `<script type="module" src="${script}" integrity="${integrity}" crossorigin="anonymous"></script></head>` +
  `<body><main><h1>Apply for a Blue Badge</h1>${body}</main></body></html>`;
const PAGES = {
  '/hostile': () => document_('hostile', element()),
  '/calm': () => document_('calm', element()),
  '/two': () => document_('calm', element() + element(' lang="cy"')),
  '/rtl': () => document_('calm', element(), 'lang="ar" dir="rtl"'),
  '/tampered': () => document_('calm', element()).replace(integrity, `sha384-${'A'.repeat(64)}`),
};

before(async () => {
  browser = await launch();
  site = await host(PAGES);
  stranger = await host(PAGES);
  await withPage(browser, async (page, context) => {
    await signIn(page);
    state = await context.storageState();
    key = await makeForm(page, { title: 'Blue Badge widget', origins: [site.base], languages: ['en', 'cy'] });
  });
});
after(async () => {
  await site?.close();
  await stranger?.close();
  await browser?.close();
});

/** Opens a page of the host; counts violations of its policy; both servers may be asked, nobody else. */
async function on(path, fn, { from = site, expect = [], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  const problems = [];
  const said = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    said.push(message.text());
    if (message.type() === 'error' && !expect.some((pattern) => pattern.test(message.text()))) problems.push(message.text());
  });
  const asked = [];
  page.on('request', (request) => asked.push(request));
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(`${from.base}${path}?name=ann#top`);
  const result = await fn(page, { asked, said, context });
  if (options.javaScriptEnabled !== false) assert.deepEqual(await page.evaluate(() => window.violations), []);
  for (const request of asked) {
    const { origin, protocol } = new URL(request.url());
    assert.ok(protocol === 'data:' || [from.base, server.base].includes(origin), `a third party: ${request.url()}`);
  }
  await context.close();
  assert.deepEqual(problems, []);
  return result;
}

const opener = (page) => page.getByRole('button', { name: 'Give feedback on this page' });

describe('the widget', { concurrency: false }, () => {
  test('it weighs at most 5 kB', () => {
    const bytes = gzipSync(read(manifest['widget.js']), { level: 9 }).length;
    console.log(`the widget weighs ${bytes} bytes, gzip`);
    assert.ok(bytes <= 5_000, `${bytes} bytes`);
  });

  test('on a hostile page it works, breaks no rule, and the answer is in the Explorer a moment later', async () => {
    const words = `Ramp ${Date.now()} was icy`;
    let sent = 0;
    await on('/hostile', async (page, { asked, context }) => {
      await opener(page).waitFor();
      assert.equal(asked.filter((r) => r.url().includes('/w/forms/')).length, 0, 'nothing is asked before somebody opens it');
      const size = await opener(page).evaluate((e) => [getComputedStyle(e).fontSize, e.getBoundingClientRect().height]);
      assert.equal(size[0], '16px', 'the reader’s own size');
      assert.ok(size[1] >= 44 && size[1] < 60, `${size[1]} px high`);
      await opener(page).click();
      const panel = page.getByRole('group', { name: 'Blue Badge widget' });
      await panel.waitFor();
      assert.equal(await page.evaluate(() => document.querySelector('commonweal-feedback').shadowRoot.activeElement?.tagName), 'SECTION', 'the focus is in the form');
      await assertAccessible(page, 'the widget on a hostile page');
      await picture(page, 'widget-hostile');
      await page.getByRole('radio', { name: 'Dissatisfied', exact: true }).check();
      await page.getByLabel('What could we do better?').fill(words);
      // Nobody is quicker than two seconds; a machine would be.
      await page.waitForTimeout(2_100);
      await page.getByRole('button', { name: 'Send feedback' }).click();
      await page.getByText('Thank you for your feedback').waitFor();
      sent = Date.now();
      assert.equal(await page.evaluate(() => document.querySelector('commonweal-feedback').shadowRoot.activeElement?.getAttribute('role')), 'status', 'the focus is on the thanks');
      const post = asked.find((r) => r.method() === 'POST');
      assert.equal(post.postDataJSON().page, `${site.base}/hostile`, 'neither query nor fragment');
      const headers = await post.allHeaders();
      assert.equal(headers.cookie, undefined);
      assert.equal(headers.referer, undefined);
      // Nothing is left behind.
      assert.deepEqual(await context.cookies(), []);
      assert.deepEqual(await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length]), [0, 0, 0, 0]);
      assert.equal(await page.evaluate(() => document.querySelectorAll('style, [style]').length), 0);
    });
    await withPage(
      browser,
      async (page) => {
        const until = sent + 10_000;
        for (;;) {
          await page.goto(`${server.base}/understand/explorer?q=${encodeURIComponent(`"${words}"`)}`);
          if ((await page.locator('.cw-comment').count()) > 0) break;
          assert.ok(Date.now() < until, 'the answer did not come within ten seconds');
        }
        console.log(`the answer was in the Explorer ${Date.now() - sent} ms after the thanks, the loading of the page included`);
        assert.match(await page.locator('.cw-comment').first().textContent(), new RegExp(words));
      },
      { storageState: state },
    );
  });

  test('without a script the link works', async () => {
    await on(
      '/calm',
      async (page) => {
        await page.getByRole('link', { name: 'Give feedback on this page' }).click();
        await page.waitForURL(new RegExp(`/f/${key}`));
        assert.equal(await page.locator('h1').textContent(), 'Blue Badge widget');
      },
      { javaScriptEnabled: false },
    );
  });

  test('mistakes are said at the field, and what was typed stays', async () => {
    await on(
      '/calm',
      async (page) => {
        await opener(page).click();
        await page.waitForTimeout(2_100);
        await page.getByRole('button', { name: 'Send feedback' }).click();
        const first = page.getByRole('radio').first();
        await page.getByText('Answer at least one question').waitFor();
        assert.equal(await first.getAttribute('aria-invalid'), 'true');
        assert.equal(await first.evaluate((e) => e.getRootNode().activeElement === e), true);
        await assertAccessible(page, 'the widget with a mistake');
        await page.getByLabel('What was good?').fill('x'.repeat(10_001));
        await page.getByRole('button', { name: 'Send feedback' }).click();
        await page.getByText(/Your answer has 10,001 characters/).waitFor();
        assert.equal((await page.getByLabel('What was good?').inputValue()).length, 10_001);
        await page.getByRole('button', { name: 'Cancel' }).click();
        assert.equal(await opener(page).evaluate((e) => e.getRootNode().activeElement === e), true, 'back where it began');
      },
      { expect: [/422/] },
    );
  });

  test('on a website that the form does not list the link stays, and the console says why', async () => {
    await on(
      '/calm',
      async (page, { said }) => {
        await opener(page).click();
        const link = page.getByRole('link', { name: 'Give feedback on this page' });
        await link.waitFor();
        assert.equal(await link.evaluate((e) => document.activeElement === e), true, 'the focus is on the link');
        assert.ok(said.some((text) => text.includes(`This form may not be shown on ${stranger.base}.`)), said.join('\n'));
      },
      { from: stranger, expect: [/403/, /commonweal-feedback: This form may not be shown on/] },
    );
  });

  test('a script that is not the one that was checked does not run', async () => {
    await on(
      '/tampered',
      async (page) => {
        await page.getByRole('link', { name: 'Give feedback on this page' }).waitFor();
        assert.equal(await page.evaluate(() => customElements.get('commonweal-feedback')), undefined);
      },
      { expect: [/integrity/] },
    );
  });

  test('two on one page are two, each in the language of its place', async () => {
    await on('/two', async (page) => {
      await opener(page).first().click();
      await page.getByRole('button', { name: 'Send feedback' }).waitFor();
      await opener(page).click();
      await page.getByRole('button', { name: 'Anfon adborth' }).waitFor();
      await page.getByLabel('What was good?').fill('one');
      await page.getByLabel('Beth oedd yn dda?').fill('dau');
      assert.equal(await page.getByLabel('What was good?').inputValue(), 'one');
      assert.equal(await page.getByRole('group', { name: 'Blue Badge widget' }).last().getAttribute('lang'), 'cy');
      await assertAccessible(page, 'two widgets');
    });
  });

  test('it fits a phone, right-to-left pages, forced colours and large text', async () => {
    for (const [path, options] of [
      ['/calm', { viewport: { width: 320, height: 800 } }],
      ['/rtl', {}],
      ['/calm', { forcedColors: 'active' }],
      ['/calm', { reducedMotion: 'reduce' }],
    ]) {
      await on(
        path,
        async (page) => {
          await opener(page).click();
          await page.getByRole('group', { name: 'Blue Badge widget' }).waitFor();
          await page.getByRole('radio').nth(1).check();
          await assertNoSidewaysScroll(page);
          const small = await page.getByRole('radio').evaluateAll((all) => all.filter((e) => e.closest('label').getBoundingClientRect().height < 44).length);
          assert.equal(small, 0, 'targets are 44 px high');
          const moving = await page.evaluate(() => document.getAnimations().length);
          assert.equal(moving, 0);
          await picture(page, `widget${path.replace('/', '-')}-${Object.keys(options)[0] ?? 'plain'}`);
        },
        options,
      );
    }
  });

  test('a host may give it its colours', async () => {
    await on('/calm', async (page) => {
      await page.evaluate(() => {
        const sheet = new CSSStyleSheet();
        sheet.insertRule(':root{--commonweal-brand:#7a0049;--commonweal-brand-contrast:#ffe}');
        document.adoptedStyleSheets = [sheet];
      });
      const style = await opener(page).evaluate((e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]);
      assert.deepEqual(style, ['rgb(122, 0, 73)', 'rgb(255, 255, 238)']);
    });
  });
});
