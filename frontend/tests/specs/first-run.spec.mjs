// From an empty folder to the first feedback, in a browser: a server of its own.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertSoundPage, launch, picture, withPage } from '../lib.mjs';

let browser;
let server;
let folder;
/** The one-time address that the server printed. */
let address;

async function serve() {
  const child = spawn(process.env.CW_BINARY, ['--data', folder, 'serve', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let logged = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (logged += chunk));
  for (const until = Date.now() + 60_000; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const found = printed.match(/http:\/\/\S+\/welcome\/\S+/)?.[0];
    if (found && (await fetch(new URL('/healthz', found)).then((r) => r.ok, () => false))) return { child, address: found, log: () => logged };
    if (child.exitCode !== null) break;
  }
  child.kill('SIGKILL');
  throw new Error(`the server did not start: ${printed} ${logged}`);
}

async function stop() {
  const ended = once(server.child, 'exit');
  server.child.kill('SIGTERM');
  await ended;
}

before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'cw-first-run-'));
  server = await serve();
  address = server.address;
});

after(async () => {
  await browser?.close();
  if (server) await stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('first run', () => {
  test('an address that was made up leads nowhere', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(new URL('/welcome/made-up', address).href);
        await page.getByRole('heading', { name: 'This address is not good any more' }).waitFor();
        await assertSoundPage(page);
      },
      { base: address, expect: [/404/] },
    );
  });

  for (const javaScriptEnabled of [false, true]) {
    test(`a body is set up step by step ${javaScriptEnabled ? 'with' : 'without'} a script`, async () => {
      if (javaScriptEnabled) {
        // Once more from nothing.
        await stop();
        rmSync(folder, { recursive: true, force: true });
        server = await serve();
        address = server.address;
      }
      await withPage(
        browser,
        async (page) => {
          // axe is a script.
          const sound = () => (javaScriptEnabled ? assertSoundPage(page) : undefined);
          await page.goto(address);
          await sound();
          await picture(page, 'welcome-first');
          await page.getByLabel('Your name').fill('Asha Patel');
          await page.getByLabel('Email address').fill('asha@example.org');
          await page.getByLabel('Password', { exact: true }).fill('three odd words together');
          await page.getByRole('button', { name: 'Begin' }).click();

          await page.getByText('Step 1 of 3').waitFor();
          await sound();
          await picture(page, 'welcome-1');
          await page.getByLabel('Name of the body').fill('Ambleside Homes');
          await page.getByLabel('Word for a person').fill('tenant');
          await page.getByRole('button', { name: 'Save and go on' }).click();

          await page.getByText('Step 2 of 3').waitFor();
          await sound();
          await picture(page, 'welcome-2');
          // Left, and found again from the empty Overview.
          await page.getByRole('link', { name: 'Leave, and go on later' }).click();
          await sound();
          await picture(page, 'welcome-overview');
          await page.getByRole('link', { name: 'Set up step by step' }).click();
          await page.getByText('Step 2 of 3').waitFor();
          await page.getByLabel('Service', { exact: true }).fill('Repairs');
          await page.getByRole('button', { name: 'Save and go on' }).click();

          await page.getByText('Step 3 of 3').waitFor();
          await sound();
          await picture(page, 'welcome-3');
          await page.getByRole('link', { name: 'Key in the first' }).click();
          await page.getByLabel('Channel').selectOption('letter');
          await page.getByLabel('Service and touchpoint').selectOption({ label: 'Repairs: Wait' });
          await page.getByLabel('Their words').fill('We have waited since March.');
          await page.getByRole('button', { name: 'Save and key in the next' }).click();
          await page.getByText('Saved.').waitFor();
          await page.getByText('Ambleside Homes').first().waitFor();
        },
        { base: address, javaScriptEnabled },
      );
      // The address is used up.
      assert.equal((await fetch(address)).status, 404);
      assert.ok(!server.log().includes(new URL(address).pathname.split('/').pop()), 'the token is not in the log');
    });
  }
});
