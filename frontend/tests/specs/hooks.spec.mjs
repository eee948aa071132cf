// Web hooks, set up and looked at without a script, with a receiver; and pages that renew themselves when
// something happens.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { at, launch, signedIn, visitAs, withPage } from '../lib.mjs';
import { sampleFile } from '../pages.mjs';

let browser;
let state;
let receiver;
/** What the receiver got, and what it answers next. */
const received = [];
let answer = 204;

before(async () => {
  browser = await launch();
  state = await signedIn(browser);
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(answer, { 'content-type': 'text/plain' }).end(answer < 300 ? '' : 'The case system is being mended.');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});

after(async () => {
  receiver?.close();
  await browser?.close();
});

/** Whether a request was signed with a secret. */
function isSigned({ headers, body }, secret) {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64');
  return headers['webhook-signature'].split(' ').includes(`v1,${signed}`);
}

/** Loads a page again until it says something. */
async function until(page, path, text) {
  for (;;) {
    await page.goto(at(path));
    if ((await page.getByText(text).count()) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('a web hook', () => {
  test('is added, tested, given another secret, turned off and deleted without a script', { timeout: 120_000 }, async () => {
    const { port } = receiver.address();
    await visitAs(
      browser,
      state,
      '/settings/hooks/new',
      async (page) => {
        const path = () => new URL(page.url()).pathname;
        await page.getByLabel('What it is for').fill('Parking cases');
        await page.getByLabel('Address').fill(`http://127.0.0.1:${port}/hook`);
        await page.getByLabel('Alert raised').check();
        await page.getByRole('button', { name: 'Add web hook' }).click();
        const first = await page.locator('#secret').innerText();
        await page.goto(at('/settings/hooks'));
        assert.ok(!(await page.content()).includes('whsec_'), 'a secret is shown once');
        await page.getByRole('row', { name: /Parking cases/ }).getByText('1 kind of event').waitFor();
        await page.getByRole('link', { name: 'Parking cases' }).click();
        const own = path();

        answer = 503;
        await page.getByRole('button', { name: 'Send a test' }).click();
        await page.getByText('A test is on its way.').waitFor();
        await until(page, own, 'Status 503. The case system is being mended. Sent again at');
        answer = 204;
        await page.getByRole('button', { name: /^Send now/ }).click();
        await until(page, own, 'Delivered');
        assert.ok(received.length >= 2 && received.every((request) => isSigned(request, first)));
        assert.equal(new Set(received.map((request) => request.headers['webhook-id'])).size, 1, 'a repeat has the same id');

        await page.getByRole('button', { name: 'Replace the secret' }).click();
        const second = await page.locator('#secret').innerText();
        await page.getByText(/The secret before signs too until/).waitFor();
        received.length = 0;
        await page.goto(at(own));
        await page.getByRole('button', { name: 'Send a test' }).click();
        while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
        assert.ok(isSigned(received[0], first) && isSigned(received[0], second), 'both sign');

        await page.getByLabel('What it is for').fill('Parking');
        await page.getByRole('button', { name: 'Save' }).click();
        await page.getByText('The web hook is changed.').waitFor();
        await page.getByRole('heading', { name: 'Parking', level: 1 }).waitFor();
        assert.ok(await page.getByLabel('Alert raised').isChecked());

        await page.getByRole('button', { name: 'Turn off' }).click();
        await page.getByText('The web hook is off.').waitFor();
        assert.equal(await page.getByRole('button', { name: 'Send a test' }).count(), 0);
        await page.getByRole('link', { name: 'Delete' }).click();
        await page.getByRole('link', { name: 'No, keep it' }).click();
        await page.getByRole('link', { name: 'Delete' }).click();
        await page.getByRole('button', { name: 'Yes, delete it' }).click();
        await page.getByText('The web hook is deleted.').waitFor();
        assert.equal(await page.getByRole('link', { name: 'Parking' }).count(), 0);
      },
      { javaScriptEnabled: false },
    );
  });
});

describe('what happens', () => {
  test('renews the page of jobs without loading it again, and only while it is looked at', { timeout: 180_000 }, async () => {
    const { path } = sampleFile('told.csv', `told${Date.now()}`);
    await visitAs(browser, state, '/settings/jobs', async (jobs) => {
      const asked = [];
      jobs.on('request', (request) => asked.push(new URL(request.url()).pathname));
      const ended = jobs.waitForEvent('requestfailed', { predicate: (request) => request.url().includes('/events'), timeout: 0 });
      await jobs.reload();
      while (!asked.includes('/events')) await new Promise((resolve) => setTimeout(resolve, 50));
      await jobs.evaluate(() => {
        window.stillHere = true;
      });
      const done = jobs.getByRole('row', { name: /Import a file/ }).filter({ hasText: 'Done' });
      const before = await done.count();
      await withPage(
        browser,
        async (page) => {
          await page.goto(at('/listen/imports/new'));
          await page.getByLabel('File').setInputFiles(path);
          await page.getByRole('button', { name: 'Look at the file' }).click();
          await page.getByRole('button', { name: 'Begin import' }).click();
          await page.getByRole('heading', { name: 'State: Done' }).waitFor();
        },
        { storageState: state },
      );
      await done.nth(before).waitFor();
      assert.ok(await jobs.evaluate(() => window.stillHere), 'the page was not loaded again');

      // A tab that nobody looks at asks for nothing.
      await jobs.evaluate(() => {
        Object.defineProperty(document, 'hidden', { get: () => true, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      });
      await ended;
      asked.length = 0;
      await jobs.evaluate(() => {
        Object.defineProperty(document, 'hidden', { get: () => false, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      });
      while (!asked.includes('/events')) await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(asked.slice(0, 2), ['/settings/jobs', '/events'], 'it sees what has changed, and goes on from there');
    });
  });
});
