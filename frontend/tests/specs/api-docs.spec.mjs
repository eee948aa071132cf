// The readable page of the API.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, launch, withoutScript } from '../lib.mjs';

let browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
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
