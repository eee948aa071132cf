// Themes, the codeframe, and themes found in comments.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertSoundPage, keyboardWalk, launch, picture, server, signedIn, withPage } from '../lib.mjs';

let browser;
/** Cookies of somebody who is signed in: signing in is throttled, and slow on purpose. */
let state;

before(async () => {
  browser = await launch();
  state = await signedIn(browser);
});

after(async () => {
  await browser?.close();
});

/** A page of somebody who is signed in. */
const visit = (path, fn, options = {}) =>
  withPage(
    browser,
    async (page, context) => {
      await page.goto(`${server.base}${path}`);
      return fn(page, context);
    },
    { storageState: state, ...options },
  );

describe('themes', () => {
  test('are listed, sorted by links, and lead to their comments', async () => {
    await visit('/understand/themes?period=all', async (page) => {
      await assertSoundPage(page);
      await picture(page, 'themes');
      await page.getByRole('link', { name: 'Negative' }).click();
      await page.waitForURL(/sort=negative/);
      assert.equal(await page.getByRole('columnheader', { name: /Negative/ }).getAttribute('aria-sort'), 'descending');
      const row = page.getByRole('row').nth(1);
      const count = await row.getByRole('link').nth(1).innerText();
      await row.getByRole('link').nth(1).click();
      await page.getByText(new RegExp(`^${count} of 3,\\d+ pieces of feedback`)).waitFor();
    });
  });

  test('one theme has a page of its own', async () => {
    await visit('/understand/themes?period=all', async (page) => {
      await page.getByRole('row').nth(1).getByRole('link').first().click();
      await page.waitForURL(/\/understand\/themes\//);
      await page.getByRole('heading', { name: 'Newest comments' }).waitFor();
      await assertSoundPage(page);
      await picture(page, 'theme');
      const names = await keyboardWalk(page);
      assert.ok(names.some((n) => n.includes('Who mentions it more than others')), names.join(', '));
    });
  });

  test('without a script, on a phone, in forced colours', async () => {
    await visit(
      '/understand/themes',
      async (page) => {
        await picture(page, 'themes-forced-390');
        await page.getByRole('link', { name: 'All time' }).click();
        await page.waitForURL(/period=all/);
      },
      { javaScriptEnabled: false, forcedColors: 'active', viewport: { width: 390, height: 800 } },
    );
  });
});

describe('the codeframe', () => {
  test('words are tried, a theme is saved, retired and taken back', async () => {
    await visit('/settings/codeframe', async (page) => {
      await assertSoundPage(page);
      await picture(page, 'codeframe');
      await page.getByRole('link', { name: 'Add a theme' }).click();
      await page.getByLabel('Name', { exact: true }).fill('Television');
      await page.getByLabel('Words and phrases').fill('television\ntv');
      await page.getByRole('button', { name: 'Try on the newest comments' }).click();
      await page.getByRole('heading', { name: /of the newest 2,\d+ comments would get this theme/ }).waitFor();
      await assertSoundPage(page);
      await picture(page, 'codeframe-try');
      await page.getByRole('button', { name: 'Save theme' }).click();
      await page.getByRole('link', { name: 'Television' }).click();
      await page.getByRole('button', { name: 'Retire theme' }).click();
      const row = page.getByRole('row', { name: /Television/ });
      await row.getByText('Retired').waitFor();
      await row.getByRole('link').click();
      await page.getByRole('button', { name: 'Take back into use' }).click();
      await page.getByText('The theme is back in use.').waitFor();
    });
  });

  test('all comments are read again, with progress, and the page may be left', async () => {
    await visit('/settings/codeframe', async (page) => {
      await page.getByRole('button', { name: 'Read all comments again' }).click();
      await page.getByText('All comments will be read again').waitFor();
      await page.getByText(/Last done .*: 3,\d+ comments/).waitFor({ timeout: 120_000 });
    });
  });

  test('what is missing is said, without a script', async () => {
    await visit(
      '/settings/codeframe/add',
      async (page) => {
        await page.getByRole('button', { name: 'Save theme' }).click();
        await page.getByRole('link', { name: /Give the theme a name/ }).waitFor();
      },
      { javaScriptEnabled: false, expect: [/422/] },
    );
  });

  test('themes are found, merged, and taken into the codeframe', async () => {
    await visit('/understand/discoveries?rating=1&rating=2', async (page) => {
      await assertSoundPage(page);
      await page.getByLabel('Name', { exact: true }).fill('Unhappy people');
      await page.getByRole('button', { name: 'Find themes' }).click();
      await page.waitForURL(/\/understand\/discoveries\/.*done=themes-found/, { timeout: 120_000 });
      await assertSoundPage(page);
      await picture(page, 'discovery');
      const before = await page.getByRole('button', { name: 'Take into the codeframe' }).count();
      await page.getByRole('checkbox').nth(0).check();
      await page.getByRole('checkbox').nth(1).check();
      await page.getByRole('button', { name: 'Merge' }).click();
      await page.getByText('The themes are one now.').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Take into the codeframe' }).count(), before - 1);
      await page.getByLabel('Name', { exact: true }).first().fill('Found by people');
      await page.getByRole('button', { name: 'Take into the codeframe' }).first().click();
      await page.getByText('The theme is in the codeframe').waitFor();
      await page.goto(`${server.base}/settings/codeframe`);
      await page.getByRole('link', { name: 'Found by people' }).waitFor();
    });
  });
});
