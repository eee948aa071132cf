// Passkeys, with an authenticator that the browser itself imitates: adding one, signing in with it, renaming and removing
// it; and what is said where there is none.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertSoundPage, launch, picture, signIn, withPage, withoutScript } from '../lib.mjs';
import { ownServer } from '../server.mjs';

let browser;
let server;

before(async () => {
  browser = await launch();
  server = await ownServer('passkeys');
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A device of its own for a page, which checks who uses it (or does not). Gives what it holds. */
async function device(page, { verifies = true } = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: verifies,
      automaticPresenceSimulation: true,
    },
  });
  return {
    credentials: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    hold: (credential) => session.send('WebAuthn.addCredential', { authenticatorId, credential }),
    verifies: (isUserVerified) => session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  };
}

const path = (page) => new URL(page.url()).pathname;

async function signOut(page) {
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.waitForURL(/sign-in/);
}

async function add(page, name) {
  await page.goto(`${server.base}/me`);
  await page.getByRole('link', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name of the passkey').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(server.admin.password);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('button', { name: 'Create the passkey' }).click();
  await page.getByText('The passkey is added').waitFor();
}

describe('passkeys', () => {
  test('somebody adds one, signs in with it where they wanted to go, renames it and removes it', async () => {
    await withPage(
      browser,
      async (page) => {
        const authenticator = await device(page);
        await signIn(page, server.admin);
        await page.goto(`${server.base}/me/passkeys/new`);
        assert.match(await page.getByLabel('Name of the passkey').inputValue(), /Chrome on/, 'the browser names it first');
        await assertSoundPage(page);
        await picture(page, 'passkey-new');
        await page.getByLabel('Password', { exact: true }).fill('wrong');
        await page.getByRole('button', { name: 'Go on' }).click();
        await page.getByText('This is not your password').first().waitFor();
        await assertSoundPage(page);

        await add(page, 'Town laptop');
        await picture(page, 'passkeys');
        const [made] = await authenticator.credentials();
        assert.equal(made.rpId, 'localhost');
        assert.ok(made.isResidentCredential, 'the device finds it by itself');
        await page.getByRole('row', { name: /Town laptop.*Never/ }).waitFor();

        // The same device is not asked twice.
        await page.getByRole('link', { name: 'Add a passkey' }).click();
        await page.getByLabel('Password', { exact: true }).fill(server.admin.password);
        await page.getByRole('button', { name: 'Go on' }).click();
        await assertSoundPage(page);
        await page.getByRole('button', { name: 'Create the passkey' }).click();
        await page.getByText('No passkey was made').waitFor();
        assert.equal((await authenticator.credentials()).length, 1);

        await page.goto(`${server.base}/me`);
        await signOut(page);
        await page.goto(`${server.base}/understand/words`);
        await assertSoundPage(page);
        await picture(page, 'sign-in-passkey');
        await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
        await page.waitForURL((url) => url.pathname === '/understand/words');

        await page.goto(`${server.base}/me`);
        await page.getByRole('link', { name: 'Town laptop' }).click();
        await assertSoundPage(page);
        await picture(page, 'passkey');
        await page.getByLabel('Name', { exact: true }).fill('Old laptop');
        await page.getByRole('button', { name: 'Rename' }).click();
        await page.getByText('has its new name').waitFor();
        await page.getByRole('link', { name: 'Old laptop' }).click();
        await page.getByLabel('Password', { exact: true }).fill(server.admin.password);
        await page.getByRole('button', { name: 'Remove' }).click();
        await page.getByText('The passkey is removed').waitFor();
        await signOut(page);
        await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
        await page.getByText('This passkey opens no account here').first().waitFor();
        assert.ok(path(page).startsWith('/sign-in'));
        await assertSoundPage(page);
      },
      { base: server.base, expect: [/4(09|22)/] },
    );
  });

  test('a copy of a passkey is refused, and so is a device that does not look who uses it', async () => {
    await withPage(
      browser,
      async (page) => {
        const authenticator = await device(page);
        await signIn(page, server.admin);
        await add(page, 'Key');
        const [copy] = await authenticator.credentials();
        await signOut(page);
        const byPasskey = () => page.getByRole('button', { name: 'Sign in with a passkey' }).click();
        await byPasskey();
        await page.waitForURL((url) => url.pathname === '/');
        await signOut(page);
        await authenticator.verifies(false);
        await byPasskey();
        await page.getByText('No passkey was used').waitFor();

        const another = await page.context().newPage();
        const forger = await device(another);
        // Where the key stood before it was used.
        await forger.hold({ ...copy, signCount: 0 });
        await another.goto(`${server.base}/sign-in`);
        await another.getByRole('button', { name: 'Sign in with a passkey' }).click();
        await another.getByText('may have been copied').first().waitFor();

        await signIn(another, server.admin);
        await another.goto(`${server.base}/settings/audit`);
        await another.locator('table').getByText('User: passkey refused').first().waitFor();
      },
      { base: server.base, expect: [/4(09|22)/] },
    );
  });

  test('without a script the pages say that passkeys need one, and the other ways remain', async () => {
    await withoutScript(
      browser,
      async (page) => {
        await page.goto(`${server.base}/sign-in`);
        assert.match(await page.locator('noscript').first().innerText(), /^Signing in with a passkey needs JavaScript/);
        assert.equal(await page.getByRole('button', { name: 'Sign in with a passkey' }).count(), 0);
        await signIn(page, server.admin);
        await page.goto(`${server.base}/me/passkeys/new`);
        assert.match(await page.locator('noscript').first().innerText(), /^Adding a passkey needs JavaScript/);
      },
      { base: server.base },
    );
  });
});
