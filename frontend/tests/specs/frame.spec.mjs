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

  /** The fold with everything on a small screen. */
  const fold = (page) => page.getByRole('navigation', { name: 'Menu' });
  const phone = { width: 390, height: 800 };

  test('folds the menu on a phone, and opens it without a script', async () => {
    await withoutScript(
      browser,
      async (page) => {
        await page.goto(at('/listen/imports'));
        const imports = fold(page).getByRole('link', { name: 'Imports' });
        assert.equal(await imports.isVisible(), false);
        await page.getByText('Listen: Imports').click();
        assert.equal(await imports.getAttribute('aria-current'), 'page');
        assert.equal(await fold(page).getByRole('link', { name: 'Listen' }).getAttribute('aria-current'), 'true');
        assert.equal(await fold(page).getByRole('link', { name: 'Explorer' }).count(), 0, 'pages of the current section only');
        await picture(page, 'menu-phone');
        await fold(page).getByRole('link', { name: 'Understand' }).click();
        await page.getByText('Understand: Explorer').waitFor();
      },
      { storageState, viewport: { width: 320, height: 800 } },
    );
  });

  test('folds the menu on Escape and gives the focus back to what opened it', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(at('/listen/imports'));
        await page.getByText('Listen: Imports').click();
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), 'Overview');
        await page.keyboard.press('Escape');
        assert.equal(await page.evaluate(() => document.activeElement.localName), 'summary');
        assert.equal(await page.locator('.cw-menu > details').getAttribute('open'), null);
      },
      { storageState, viewport: phone },
    );
  });

  test('has sections and the pages of one of them on a wide screen, without anything to fold them', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(at('/understand/explorer'));
        const sections = page.getByRole('navigation', { name: 'Sections' });
        assert.equal(await sections.getByRole('link', { name: 'Understand' }).getAttribute('aria-current'), 'page');
        const pages = page.getByRole('navigation', { name: 'Pages of Understand' });
        assert.equal(await pages.getByRole('link', { name: 'Explorer', exact: true }).getAttribute('aria-current'), 'page');
        assert.equal(await page.getByLabel('Words', { exact: true }).isVisible(), true);
        assert.equal(await fold(page).count(), 0, 'the fold of small screens is not there');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        assert.equal(await page.evaluate(() => document.activeElement.id), 'main', 'one key past all of it');
        await sections.getByRole('link', { name: 'Settings' }).click();
        await page.getByRole('navigation', { name: 'Pages of Settings' }).getByRole('link', { name: 'Jobs' }).click();
        await page.waitForURL(/\/settings\/jobs$/);
      },
      { storageState },
    );
  });

  test('leads from an address of before to where the page is now, with its question', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(at('/explorer?rating=1'));
        assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, '/understand/explorer?rating=1');
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
        for (const part of ['.cw-sections', '.cw-menu']) assert.equal(await page.locator(part).isVisible(), false, part);
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
