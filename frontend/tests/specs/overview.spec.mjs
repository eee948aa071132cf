// The Overview: it opens on something true about the sample, and two clicks lead from each number to the
// comments behind it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertSoundPage, keyboardWalk, launch, picture, server, signedIn, withPage } from '../lib.mjs';

let browser;
let state;

before(async () => {
  browser = await launch();
  state = await signedIn(browser);
});

after(() => browser?.close());

/** The Overview as somebody sees it who is signed in. */
const overview = (fn, options = {}) =>
  withPage(
    browser,
    async (page) => {
      // The sample's last year, whatever other tests have handed in today.
      await page.goto(`${server.base}/?from=2021-10-01&to=2022-09-30`);
      return fn(page);
    },
    { storageState: state, ...options },
  );

const count = async (page) => Number((await page.locator('.cw-head__what').innerText()).match(/^([\d,]+)/)[1].replaceAll(',', ''));

describe('the Overview', () => {
  test('is sound at every width and says what the data show', async () => {
    await overview(async (page) => {
      await assertSoundPage(page);
      await picture(page, 'overview');
      const sentences = await page.getByRole('region', { name: 'In short' }).getByRole('listitem').allInnerTexts();
      assert.ok(sentences.length >= 2 && sentences.length <= 4, sentences.join(' | '));
      assert.match(sentences.join(' '), /Satisfaction rose from \d+% to \d+% of [\d,]+ who rated/);
      assert.match(sentences.join(' '), /is the weak point: \d+% of \d+ who rated are satisfied there, \d+% elsewhere/);
      assert.match(sentences.join(' '), /weighs most on satisfaction/);
    });
  });

  test('gives each finding and each figure its way to the comments', async () => {
    await overview(async (page) => {
      const addresses = await page
        .locator('section[aria-labelledby="short"] .cw-short__link, .cw-kpi__value a, .cw-journey__figures a, main table td a')
        .evaluateAll((links) => [...new Set(links.map((a) => a.href))]);
      assert.ok(addresses.length > 30, `${addresses.length} ways`);
      // A figure of each kind: following every single one would take minutes.
      const some = addresses.filter((_, n) => n % 6 === 0);
      for (const address of some) {
        await page.goto(address);
        assert.match(page.url(), /\/understand\/explorer/);
        assert.ok((await page.locator('.cw-comment').count()) > 0, `nothing behind ${address}`);
      }
    });
  });

  test('shows as many comments as the number that was followed', async () => {
    await overview(async (page) => {
      const link = page.locator('.cw-journey__step a', { hasText: /feedback/ }).first();
      const shown = Number((await link.innerText()).match(/([\d,]+) feedback/)[1].replaceAll(',', ''));
      await link.click();
      await page.waitForURL(/\/understand\/explorer/);
      assert.equal(await count(page), shown);
    });
  });

  test('narrows to a service and back', async () => {
    await overview(async (page) => {
      await page.locator('.cw-journey__name a').first().click();
      await page.waitForURL(/service=/);
      assert.equal(await page.locator('.cw-journey').count(), 1);
      await page.getByRole('link', { name: /Remove the filter Service/ }).click();
      await page.waitForURL((url) => !url.searchParams.has('service'));
    });
  });

  test('works without a script and by keyboard', async () => {
    await overview(
      async (page) => {
        await page.getByRole('region', { name: 'In short' }).locator('.cw-short__link').first().click();
        await page.waitForURL(/\/understand\/explorer/);
      },
      { javaScriptEnabled: false },
    );
    await overview(async (page) => {
      const names = await keyboardWalk(page, { most: 400 });
      assert.ok(names.some((name) => /Read why/.test(name)), names.join(' | '));
    });
  });
});
