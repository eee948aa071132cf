// The frame around every page of the console, and what its script does anywhere: menu, print, focus,
// progress, short addresses.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { at, launch, picture, signedIn, withoutScript, withPage } from '../lib.mjs';
import { serveScript } from '../static-server.mjs';

describe('the frame', () => {
  let browser;
  let storageState;

  before(async () => {
    browser = await launch();
    storageState = await signedIn(browser);
  });
  after(() => browser?.close());

  const menu = (page) => page.getByRole('navigation', { name: 'Main' }).getByText('Imports');
  const phone = { width: 390, height: 800 };

  test('folds the menu on a phone, and opens it without a script', async () => {
    await withoutScript(
      browser,
      async (page) => {
        await page.goto(at('/listen/imports'));
        assert.equal(await menu(page).isVisible(), false);
        await page.getByText('Menu', { exact: true }).click();
        assert.equal(await menu(page).isVisible(), true);
      },
      { storageState, viewport: { width: 320, height: 800 } },
    );
  });

  test('folds the menu on Escape and gives the focus back to what opened it', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(at('/listen/imports'));
        await page.getByText('Menu', { exact: true }).click();
        await page.keyboard.press('Tab');
        await page.keyboard.press('Escape');
        assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Menu');
        assert.equal(await page.locator('.cw-nav__fold').getAttribute('open'), null);
      },
      { storageState, viewport: phone },
    );
  });

  test('has menu and filters open on a wide screen, without anything to fold them', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(at('/understand/explorer'));
        assert.equal(await menu(page).isVisible(), true);
        assert.equal(await page.getByLabel('Words', { exact: true }).isVisible(), true);
        assert.equal(await page.getByText('Menu', { exact: true }).isVisible(), false);
      },
      { storageState },
    );
  });

  test('leaves the menus away on paper, where the figures of a chart are there', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(at('/?period=all'));
        await page.emulateMedia({ media: 'print' });
        assert.equal(await page.getByRole('rowheader', { name: 'May 2022' }).first().isVisible(), true);
        assert.equal(await page.locator('.cw-nav').isVisible(), false);
        await picture(page, 'overview-print');
      },
      { storageState },
    );
  });

  test('leads to the summary of errors when a form comes back', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(at('/listen/forms/new'));
        await page.getByRole('button', { name: 'Make form' }).click();
        await page.locator('.govuk-error-summary:focus').waitFor();
      },
      { storageState, expect: [/422/] },
    );
  });
});

describe('the script', () => {
  let browser;
  let site;
  // What /running answers next; the last answer no longer asks to be renewed.
  const progress = ['1 of 3', '2 of 3', 'finished'];
  let asked = 0;

  before(async () => {
    browser = await launch();
    site = await serveScript({
      '/running': () => {
        const text = progress[Math.min(asked, progress.length - 1)];
        asked += 1;
        const refresh = text === 'finished' ? '' : ' data-refresh="0.05"';
        return `<main><p id="state"${refresh}>${text}</p></main>`;
      },
      '/address': () =>
        '<form method="get" action="/address"><input name="q"><input type="checkbox" name="a" value="1" checked><input type="checkbox" name="a" value="2" checked><button>Go</button></form>',
    });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  test('renews progress until the page no longer asks for it', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(`${site.base}/running`);
        await page.getByText('finished').waitFor();
        assert.equal(asked, 3);
      },
      { base: site.base },
    );
  });

  test('keeps empty fields out of the address, and several values of one name in', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(`${site.base}/address`);
        await page.getByRole('button', { name: 'Go' }).click();
        await page.waitForURL(/\?/);
        assert.equal(new URL(page.url()).search, '?a=1&a=2');
      },
      { base: site.base },
    );
  });
});
