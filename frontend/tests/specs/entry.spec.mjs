// Keying in: by keyboard alone, without a script, and without losing what was typed.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertSoundPage, at, keyboardWalk, launch, picture, server, signedIn, signIn, visitAs, withPage } from '../lib.mjs';

let browser;
let state;

before(async () => {
  browser = await launch();
  state = await signedIn(browser);
});

after(async () => {
  await browser?.close();
});

const visit = (path, fn, options) => visitAs(browser, state, path, fn, options);

const focused = (page) => page.evaluate(() => document.activeElement?.id);

describe('entry', () => {
  test('the form is sound, empty, wrong and after saving', async () => {
    await visit(
      '/listen/entry',
      async (page) => {
        await assertSoundPage(page);
        await picture(page, 'entry');
        await page.getByRole('button', { name: 'Save and key in the next' }).click();
        await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
        await assertSoundPage(page);
        await picture(page, 'entry-wrong');
        await page.getByRole('link', { name: 'Choose how it reached you' }).click();
        assert.equal(await focused(page), 'channel');
      },
      { expect: [/422/] },
    );
  });

  test('two calls are keyed in by keyboard alone', async () => {
    await visit('/listen/entry', async (page) => {
      assert.equal(await focused(page), 'channel', 'the first field that is empty');
      await page.keyboard.type('Phone');
      for (let stop = 0; (await focused(page)) !== 'rating' && stop < 20; stop += 1) await page.keyboard.press('Tab');
      await page.keyboard.press('2');
      assert.equal(await focused(page), 'rating-2');
      await page.keyboard.press('Tab');
      await page.keyboard.type('I rang four times and nobody knew of my letter.');
      await page.keyboard.press('Control+Enter');
      await page.waitForURL(/saved=/);
      await page.getByText('Saved.').waitFor();
      assert.equal(await page.getByLabel('Channel').inputValue(), 'phone');
      assert.equal(await focused(page), 'rating', 'what changes comes first');
      assert.equal(await page.getByLabel('Their words').inputValue(), '');
      await assertSoundPage(page);
      await picture(page, 'entry-saved');
      await page.keyboard.press('5');
      await page.keyboard.press('Tab');
      await page.keyboard.type('The second caller was happy 2 days later.');
      assert.match(await page.getByLabel('Their words').inputValue(), /happy 2 days/, 'digits in text are text');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('heading', { name: /What you keyed in today: \d/ }).waitFor();
      await page.getByRole('link', { name: 'View it' }).click();
      await page.getByText(/Keyed in by Demo administrator on/).waitFor();
      await assertSoundPage(page);
    });
  });

  test('what was saved is changed and taken back', async () => {
    await visit('/listen/entry?channel=letter', async (page) => {
      await page.getByLabel('Their words').fill('To be mended');
      await page.getByRole('button', { name: 'Save and key in the next' }).click();
      await page.getByRole('link', { name: /^Change/ }).first().click();
      await assertSoundPage(page);
      await picture(page, 'entry-change');
      await page.getByLabel('Their words').fill('Mended now');
      await page.getByRole('button', { name: 'Save the change' }).click();
      await page.getByRole('link', { name: 'Mended now' }).waitFor();
      assert.equal(await page.getByRole('link', { name: 'To be mended' }).count(), 0);
      await page.getByRole('link', { name: /^Take back/ }).first().click();
      await assertSoundPage(page);
      await picture(page, 'entry-take-back');
      await page.getByRole('button', { name: 'Take it back' }).click();
      await page.getByText('The entry is taken back').waitFor();
      assert.equal(await page.getByRole('link', { name: 'Mended now' }).count(), 0);
    });
  });

  test('a draft outlives leaving, Back and reloading, and ends with saving', async () => {
    await visit('/listen/entry?channel=paper', async (page) => {
      await page.getByLabel('Their words').fill('Half a letter');
      await page.getByLabel('4 Good').check();
      await page.goto(at('/understand/explorer'));
      await page.goBack();
      await page.getByText('What you typed before and did not save is here again.').waitFor();
      assert.equal(await page.getByLabel('Their words').inputValue(), 'Half a letter');
      assert.ok(await page.getByLabel('4 Good').isChecked());
      await assertSoundPage(page);
      await page.reload();
      assert.equal(await page.getByLabel('Their words').inputValue(), 'Half a letter');
      await page.getByRole('button', { name: 'Save and key in the next' }).click();
      await page.waitForURL(/saved=/);
      assert.equal(await page.getByLabel('Their words').inputValue(), '');
      await page.goto(at('/listen/entry'));
      assert.equal(await page.getByLabel('Their words').inputValue(), '', 'nothing is left of it');
      await page.getByLabel('Their words').fill('Not wanted');
      await page.reload();
      await page.getByRole('button', { name: 'Empty the form' }).click();
      assert.equal(await page.getByLabel('Their words').inputValue(), '');
      await page.reload();
      assert.equal(await page.getByLabel('Their words').inputValue(), '');
    });
  });

  test('an ended session loses nothing', async () => {
    await withPage(
      browser,
      async (page, context) => {
        await signIn(page);
        await page.goto(at('/listen/entry?channel=letter'));
        await page.getByLabel('Their words').fill('A very long letter "with" <signs> & all');
        await context.clearCookies();
        await page.getByRole('button', { name: 'Save and key in the next' }).click();
        await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
        await assertSoundPage(page);
        await picture(page, 'sign-in-ended');
        await page.getByLabel('Email address').fill(server.email);
        await page.getByLabel('Password', { exact: true }).fill(server.password);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { name: 'Send what you typed?' }).waitFor();
        await assertSoundPage(page);
        await picture(page, 'sign-in-continue');
        await page.getByRole('button', { name: 'Continue sending' }).click();
        await page.waitForURL(/saved=/);
        await page.getByRole('link', { name: 'A very long letter "with" <signs> & all' }).waitFor();
      },
      { expect: [/401/] },
    );
  });

  test('it works without a script', async () => {
    await visit(
      '/listen/entry',
      async (page) => {
        assert.equal(await page.getByText('Ctrl+Enter saves').filter({ visible: true }).count(), 0, 'nothing is promised that does not work');
        await page.getByLabel('Channel').selectOption('in_person');
        await page.getByLabel('1 Very bad').check();
        await page.getByLabel('Their words').fill('Said at the desk');
        await page.getByRole('button', { name: 'Save and key in the next' }).click();
        await page.getByText('Saved.').waitFor();
        await page.getByRole('link', { name: 'Said at the desk' }).waitFor();
      },
      { javaScriptEnabled: false },
    );
  });

  test('every control is reached by the Tab key', async () => {
    await visit('/listen/entry', async (page) => {
      const names = await keyboardWalk(page);
      for (const name of ['Channel', 'Received on', 'Service and touchpoint', 'Their words', 'Save and key in the next']) {
        assert.ok(names.some((n) => n.startsWith(name)), `${name} in ${names}`);
      }
    });
  });
});
