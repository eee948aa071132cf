// Pages outside the console that anybody may see: the readable page of the API, and what is shown
// when something is wrong.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertSoundPage, launch, server, withPage, withoutScript } from '../lib.mjs';

let browser;
const at = (path) => new URL(path, server.base).href;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
});

test('the readable page of the API is accessible and loads nothing from elsewhere', async () => {
  await withPage(browser, async (page) => {
    await page.goto(at('/api/docs'));
    await assertSoundPage(page);
  });
});

test('every link within the readable page leads somewhere, without a script too', async () => {
  await withoutScript(browser, async (page) => {
    await page.goto(at('/api/docs'));
    const links = await page.locator('a[href^="#"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    assert.ok(links.length > 30, `${links.length} links`);
    const ids = new Set(await page.locator('[id]').evaluateAll((all) => all.map((e) => `#${e.id}`)));
    assert.deepEqual(links.filter((link) => !ids.has(link)), []);
  });
});

test('a page that is not there says so in an accessible page', async () => {
  await withPage(
    browser,
    async (page) => {
      const response = await page.goto(at('/nothing/here'));
      assert.equal(response.status(), 404);
      await assertSoundPage(page);
    },
    { expect: [/404/] },
  );
});
