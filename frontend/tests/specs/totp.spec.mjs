// The second step of signing in, with codes that somebody else's program makes: setting it up, signing in with a code, and
// with a recovery code when the app is lost.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import jsqr from 'jsqr';
import { assertSoundPage, launch, picture, signIn, withPage, withoutScript } from '../lib.mjs';
import { ownServer } from '../server.mjs';

let browser;
let server;
let key;
let codes;
/** A code is taken once: the next one is that of the next half minute, which is good already. */
let ahead = 0;

before(async () => {
  browser = await launch();
  server = await ownServer('totp');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** What an app shows, by oathtool. */
function code() {
  const at = new Date(Date.now() + 30_000 * ahead++).toISOString().replace(/\..*/, ' UTC').replace('T', ' ');
  return execFileSync('oathtool', ['--totp', '-b', `--now=${at}`, key], { encoding: 'utf8' }).trim();
}

/** The QR code of a page as a phone reads it. */
async function scanned(page) {
  const { data, width, height } = await page.locator('svg').evaluate(async (svg) => {
    const copy = svg.cloneNode(true);
    const canvas = new OffscreenCanvas(480, 480);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.fillStyle = 'white';
    context.fillRect(0, 0, 480, 480);
    const size = Number(svg.getAttribute('width'));
    const scale = 480 / size;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    for (const path of copy.querySelectorAll('path')) {
      context.fillStyle = path.getAttribute('fill') ?? 'black';
      context.fill(new Path2D(path.getAttribute('d')));
    }
    return { data: [...context.getImageData(0, 0, 480, 480).data], width: 480, height: 480 };
  });
  return jsqr(Uint8ClampedArray.from(data), width, height)?.data;
}

async function signOut(page) {
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.waitForURL(/sign-in/);
}

/** Types the password; the page of the code comes. */
async function password(page, next) {
  await page.goto(`${server.base}/sign-in?next=${next}`);
  await page.getByLabel('Email address').fill(server.admin.email);
  await page.getByLabel('Password', { exact: true }).fill(server.admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Type your code' }).waitFor();
}

describe('the second step', () => {
  test('it is set up with a code of an app, which may read its key from the page', async () => {
    await withPage(
      browser,
      async (page) => {
        await signIn(page, server.admin);
        await page.goto(`${server.base}/second-step`);
        await assertSoundPage(page);
        await page.getByRole('button', { name: 'Set it up' }).click();
        await page.locator('#key').waitFor();
        key = (await page.locator('#key').textContent()).replace(/\s/g, '');
        const address = new URL(await scanned(page));
        assert.equal(address.protocol, 'otpauth:');
        assert.equal(address.searchParams.get('secret'), key);
        await assertSoundPage(page);
        await picture(page, 'second-step-begun');
        await page.getByLabel('Code', { exact: true }).fill('000000');
        await page.getByRole('button', { name: 'Turn on' }).click();
        await page.getByText('This code is not good').first().waitFor();
        await page.getByLabel('Code', { exact: true }).fill(code());
        await page.getByRole('button', { name: 'Turn on' }).click();
        await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
        await assertSoundPage(page);
        codes = await page.locator('#codes code').allTextContents();
        assert.equal(new Set(codes).size, 10);
        await page.getByRole('link', { name: 'I have kept them' }).click();
        await signOut(page);
      },
      { base: server.base, expect: [/422/] },
    );
  });

  test('from then on the password alone opens nothing, and a code does, where somebody wanted to go', async () => {
    await withoutScript(
      browser,
      async (page) => {
        await password(page, '/understand/words');
        const good = code();
        await page.getByLabel('Code', { exact: true }).fill('000000');
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await page.getByText('This code is not good').first().waitFor();
        await page.getByLabel('Code', { exact: true }).fill(good);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await page.waitForURL((url) => url.pathname === '/understand/words');
        await signOut(page);
        await password(page, '/');
        await page.getByLabel('Code', { exact: true }).fill(good);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await page.getByText('was used before').first().waitFor();
      },
      { base: server.base, expect: [/422/] },
    );
  });

  test('a recovery code signs in once, and the second step is turned off with another', async () => {
    await withPage(
      browser,
      async (page) => {
        const by = async (recovery) => {
          await password(page, '/second-step');
          await page.getByLabel('Code', { exact: true }).fill(recovery);
          await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        };
        await by(codes[0].toUpperCase());
        await page.getByText('You have 9 recovery codes left').waitFor();
        await page.goto(`${server.base}/me`);
        await signOut(page);
        await by(codes[0]);
        await page.getByText('This code is not good').first().waitFor();
        await by(codes[1]);
        await page.getByLabel('Password', { exact: true }).fill(server.admin.password);
        await page.getByLabel('Code', { exact: true }).fill(codes[2]);
        await page.getByRole('button', { name: 'Turn off' }).click();
        await page.getByText('Your second step is turned off').waitFor();
        await signOut(page);
        await signIn(page, server.admin);
      },
      { base: server.base, expect: [/422/] },
    );
  });
});
