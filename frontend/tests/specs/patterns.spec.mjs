// The pattern pages: every component as templates use it, in the states that matter.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WIDTHS, assertSoundPage, assertNoSidewaysScroll, keyboardWalk, launch, picture, withPage, withoutScript } from '../lib.mjs';
import { serveStatic } from '../static-server.mjs';

const PAGES = ['index.html', 'explorer.html', 'comment.html', 'import.html', 'sign-in.html'];

describe('pattern pages', () => {
  let browser;
  let site;
  // What /running answers next; the last answer no longer asks to be renewed.
  const progress = ['1 of 3', '2 of 3', 'finished'];
  let asked = 0;

  before(async () => {
    browser = await launch();
    site = await serveStatic({
      '/running': () => {
        const text = progress[Math.min(asked, progress.length - 1)];
        asked += 1;
        const refresh = text === 'finished' ? '' : ' data-refresh="0.05"';
        return `<!doctype html><html lang="en"><title>Running</title><link rel="icon" href="/assets/favicon.svg"><script type="module" src="/assets/console.js"></script><main><p id="state"${refresh}>${text}</p></main></html>`;
      },
      '/address': () =>
        '<!doctype html><html lang="en"><title>Address</title><link rel="icon" href="/assets/favicon.svg"><script type="module" src="/assets/console.js"></script><form method="get" action="/address"><input name="q"><input type="checkbox" name="a" value="1" checked><input type="checkbox" name="a" value="2" checked><button>Go</button></form></html>',
    });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  for (const name of PAGES) {
    test(`${name} is accessible, reflows, and keeps to the security policy`, async () => {
      await withPage(browser, async (page) => {
        await page.goto(`${site.base}/${name}`);
        await assertSoundPage(page);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await picture(page, `${name.replace('.html', '')}-${width}`);
        }
      }, { base: site.base });
    });

    test(`${name} can be walked by keyboard, and the skip link comes first`, async () => {
      await withPage(browser, async (page) => {
        await page.goto(`${site.base}/${name}`);
        const names = await keyboardWalk(page);
        assert.equal(names[0], 'Skip to main content');
        // Nothing that can be used is passed over.
        const usable = await page.evaluate(
          () =>
            [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')].filter(
              (element) => !element.disabled && element.checkVisibility({ visibilityProperty: true }),
            ).length,
        );
        assert.equal(names.length, usable, names.join(' | '));
      }, { base: site.base });
    });

    test(`${name} keeps its signals in forced colours`, async () => {
      await withPage(browser, async (page) => {
        await page.goto(`${site.base}/${name}`);
        await picture(page, `${name.replace('.html', '')}-forced`);
        const borderless = await page.evaluate(() =>
          [...document.querySelectorAll('.cw-button, .cw-input, .govuk-input, .cw-link-button')]
            .filter((e) => e.checkVisibility() && parseFloat(getComputedStyle(e).borderTopWidth) < 1)
            .map((e) => e.outerHTML.slice(0, 80)),
        );
        assert.deepEqual(borderless, [], 'controls without an edge');
      }, { base: site.base, forcedColors: 'active' });
    });
  }

  test('the menu is folded on a phone and opens without script', async () => {
    await withoutScript(browser, async (page) => {
      await page.goto(`${site.base}/index.html`);
      const link = page.getByRole('navigation', { name: 'Main' }).getByText('Imports');
      assert.equal(await link.isVisible(), false);
      await page.getByText('Menu', { exact: true }).click();
      assert.equal(await link.isVisible(), true);
    }, { base: site.base, viewport: { width: 320, height: 800 } });
  });

  test('menu and filters stand open on a wide screen, and their summaries are gone', async () => {
    await withPage(browser, async (page) => {
      await page.goto(`${site.base}/explorer.html`);
      assert.equal(await page.getByRole('navigation', { name: 'Main' }).getByText('Imports').isVisible(), true);
      assert.equal(await page.getByLabel('Words').isVisible(), true);
      assert.equal(await page.getByText('Menu', { exact: true }).isVisible(), false);
    }, { base: site.base });
  });

  test('on a phone an opened comment stands alone and leads back to the list', async () => {
    await withoutScript(browser, async (page) => {
      await page.goto(`${site.base}/comment.html`);
      assert.equal(await page.locator('.cw-results').isVisible(), false);
      await page.getByRole('link', { name: 'Close' }).click();
      assert.equal(await page.locator('.cw-results').isVisible(), true);
    }, { base: site.base, viewport: { width: 390, height: 800 } });
  });

  test('on paper the figures of a chart are there and the menus are not', async () => {
    await withPage(browser, async (page) => {
      await page.goto(`${site.base}/index.html`);
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.getByRole('cell', { name: 'too few' }).isVisible(), true);
      assert.equal(await page.locator('.cw-nav').isVisible(), false);
      await picture(page, 'index-print');
    }, { base: site.base });
  });

  test('text at twice its size does not make a page scroll sideways', async () => {
    // The person's own setting, which moves the em of media queries too.
    const large = await launch({ args: ['--blink-settings=defaultFontSize=32'] });
    try {
      await withPage(large, async (page) => {
        for (const name of PAGES) {
          await page.goto(`${site.base}/${name}`);
          assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '32px');
          for (const width of [1280, 640]) await assertNoSidewaysScroll(page, width);
          await page.setViewportSize({ width: 640, height: 800 });
          await picture(page, `${name.replace('.html', '')}-large-text`);
        }
      }, { base: site.base });
    } finally {
      await large.close();
    }
  });

  test('a summary of errors has the focus when the page opens', async () => {
    await withPage(browser, async (page) => {
      await page.goto(`${site.base}/sign-in.html`);
      await page.locator('.govuk-error-summary:focus').waitFor();
    }, { base: site.base });
  });

  test('Escape folds the menu and returns the focus to what opened it', async () => {
    await withPage(browser, async (page) => {
      await page.goto(`${site.base}/index.html`);
      await page.getByText('Menu', { exact: true }).click();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Escape');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Menu');
      assert.equal(await page.locator('.cw-nav__fold').getAttribute('open'), null);
    }, { base: site.base, viewport: { width: 390, height: 800 } });
  });

  test('progress renews itself until the page no longer asks for it', async () => {
    await withPage(browser, async (page) => {
      await page.goto(`${site.base}/running`);
      await page.getByText('finished').waitFor();
      assert.equal(asked, 3);
    }, { base: site.base });
  });

  test('empty fields stay out of the address, several values of one name stay in', async () => {
    await withPage(browser, async (page) => {
      await page.goto(`${site.base}/address`);
      await page.getByRole('button', { name: 'Go' }).click();
      await page.waitForURL(/\?/);
      assert.equal(new URL(page.url()).search, '?a=1&a=2');
    }, { base: site.base });
  });

  test('the stylesheet and script stay within a console page of 50 kB', async () => {
    await withPage(browser, async (page) => {
      const { gzipSync } = await import('node:zlib');
      let total = 0;
      page.on('response', async (response) => {
        total += gzipSync(await response.body(), { level: 9 }).length;
      });
      await page.goto(`${site.base}/index.html`, { waitUntil: 'networkidle' });
      assert.ok(total > 0 && total < 50_000, `${total} bytes`);
    }, { base: site.base });
  });
});
