// Settings: look. What may be saved can be read on every page, with and without a script.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertSoundPage, at, keyboardWalk, launch, picture, signedIn, withPage } from '../lib.mjs';

let browser;
let state;
const USUAL = { brand: '#14505c', brand_text: '#ffffff', action: '#14505c', action_text: '#ffffff', link: '#155e75' };

before(async () => {
  browser = await launch();
  state = await signedIn(browser);
});
after(async () => {
  await browser?.close();
});

const visit = (fn, options = {}) => withPage(browser, fn, { storageState: state, ...options });

async function save(page, look) {
  await page.goto(at('/settings/branding'));
  for (const [name, value] of Object.entries(look)) {
    const field = page.locator(`#${name}`);
    if ((await field.evaluate((e) => e.tagName)) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
  await page.getByRole('button', { name: 'Save look' }).click();
  await page.waitForURL(/done=branding-saved/);
}

describe('the look of a body', { concurrency: false }, () => {
  test('the page is sound and all of it can be reached by keyboard', async () => {
    await visit(async (page) => {
      await page.goto(at('/settings/branding'));
      await assertSoundPage(page);
      const names = await keyboardWalk(page);
      for (const name of ['Brand', 'Choose: Brand', 'Link', 'Font', 'Corners', 'Save look']) assert.ok(names.includes(name), `${name} in ${names}`);
      await picture(page, 'look');
    });
  });

  test('the check follows what is typed, and one click takes the shade that is offered', async () => {
    await visit(async (page) => {
      await page.goto(at('/settings/branding'));
      await page.locator('#link').fill('#88aadd');
      await page.getByRole('status').filter({ hasText: 'one pair of colours has too little contrast' }).waitFor();
      const link = page.locator('.cw-branding__link');
      await page.waitForFunction(() => getComputedStyle(document.querySelector('.cw-branding__link')).color === 'rgb(136, 170, 221)');
      await page.getByRole('button', { name: /^Use #596f91/ }).click();
      await page.getByRole('status').filter({ hasText: 'Yes.' }).waitFor();
      assert.equal(await page.locator('#link').inputValue(), '#596f91');
      assert.equal(await page.evaluate(() => document.activeElement.id), 'link', 'the focus is where the colour went');
      await page.waitForFunction(() => getComputedStyle(document.querySelector('.cw-branding__link')).color === 'rgb(89, 111, 145)');
      assert.equal(await link.count(), 1);
      // Nothing was saved by that.
      await page.goto(at('/settings/branding'));
      assert.equal(await page.locator('#link').inputValue(), USUAL.link);
    });
  });

  test('without a script it is checked, mended and saved too', async () => {
    await visit(
      async (page) => {
        await page.goto(at('/settings/branding'));
        await page.locator('#action').fill('#ffdd00');
        await page.getByRole('button', { name: 'Check and preview' }).click();
        assert.match(await page.locator('#look-check').textContent(), /Too little/);
        await page.getByRole('button', { name: 'Save look' }).click();
        assert.match(await page.locator('.govuk-error-summary').textContent(), /The contrast of the button with the page is 1\.\d\d:1; everybody can see it from 3:1/);
        while ((await page.locator('button[name=take]').count()) > 0) await page.locator('button[name=take]').first().click();
        const colour = await page.locator('#action').inputValue();
        await page.getByRole('button', { name: 'Save look' }).click();
        await page.waitForURL(/done=branding-saved/);
        assert.equal(await page.locator('#action').inputValue(), colour);
        await save(page, USUAL);
      },
      { javaScriptEnabled: false, expect: [/422/] },
    );
  });

  test('a look at the very limit of what may be saved leaves every page readable', async () => {
    await visit(async (page) => {
      // Each as light, or as near to its text, as the check lets through.
      const limit = { brand: '#ffffff', brand_text: '#767676', action: '#8b8b8b', action_text: '#000000', link: '#6e6e6e', font: 'atkinson', corners: 'round' };
      try {
        await save(page, limit);
        assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('.cw-top')).backgroundColor), 'rgb(255, 255, 255)');
        assert.match(await page.evaluate(() => getComputedStyle(document.body).fontFamily), /Atkinson Hyperlegible Next/);
        assert.ok(await page.evaluate(() => document.fonts.check('16px "Atkinson Hyperlegible Next"')), 'the font is here');
        for (const path of ['/', '/understand/explorer', '/listen/imports', '/settings', '/settings/branding', '/settings/users', '/settings/services', '/settings/jobs']) {
          await page.goto(at(path));
          await assertAccessible(page, path);
        }
        await page.goto(at('/understand/explorer'));
        await page.locator('.cw-comment__words a').first().click();
        await assertAccessible(page, 'a comment');
        await picture(page, 'look-at-the-limit');
      } finally {
        await save(page, { ...USUAL, font: 'system', corners: 'rounded' });
      }
    });
  });
});
