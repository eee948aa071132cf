// Signing in by a real sign-in service: a certified provider on this machine, a server of its own that knows it, and
// people who are in groups there. Out and back without a script.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import Provider from 'oidc-provider';
import { assertAccessible, launch, picture, withPage, withoutScript } from '../lib.mjs';
import { freePort, startServer } from '../server.mjs';

const SECRET = 'a secret of the tests alone, long enough for + and / too';
/** Who is known there. */
const PEOPLE = {
  ann: { email: 'ann@example.org', email_verified: true, name: 'Ann Example', groups: ['cx-analysts'] },
  bob: { email: 'bob@example.org', email_verified: true, name: 'Bob Example', groups: ['others'] },
  eve: { email: 'ann@example.org', email_verified: false, name: 'Eve Example', groups: ['cx-analysts'] },
};

let browser;
let provider;
let stop;
let base;

before(async () => {
  browser = await launch();
  const [there, here] = [await freePort(), await freePort()];
  base = `http://127.0.0.1:${here}`;
  const issuer = `http://127.0.0.1:${there}`;
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'commonweal',
        client_secret: SECRET,
        redirect_uris: [`${base}/sign-in/back`],
        post_logout_redirect_uris: [`${base}/sign-in`],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    findAccount: (_, id) => (PEOPLE[id] ? { accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) } : undefined),
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
  });
  provider = createServer(oidc.callback());
  provider.listen(there, '127.0.0.1');
  await once(provider, 'listening');

  stop = await startServer('oidc', base, {
    settings: `[oidc]\nissuer = "${issuer}"\nname = "Town login"\nclient_id = "commonweal"\nallow_private = true\n[oidc.duties]\ncx-analysts = ["analyst"]\n`,
    secrets: { COMMONWEAL__OIDC__CLIENT_SECRET: SECRET },
  });
});

after(async () => {
  await stop?.();
  provider?.close();
  provider?.closeAllConnections();
  await browser?.close();
});

/** Goes to the service by the link, says there who one is, and agrees. */
async function come(page, who) {
  await page.getByRole('link', { name: 'Sign in with Town login' }).click();
  await page.locator('input[name=login]').fill(who);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => url.origin === base);
}

/** The service's own pages are another origin, and not ours to look at. */
const there = { base, expect: [/third-party request/, /console error/] };

describe('signing in by the body’s own service', () => {
  test('whoever is in a group gets an account with its duties, and goes on to where they wanted to go', async () => {
    await withoutScript(
      browser,
      async (page) => {
        await page.goto(`${base}/understand/words`);
        await picture(page, 'sign-in-outside');
        await come(page, 'ann');
        assert.equal(new URL(page.url()).pathname, '/understand/words');
        await page.goto(`${base}/me`);
        await page.getByText('ann@example.org').first().waitFor();
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.getByRole('link', { name: 'Sign out of Town login too' }).waitFor();
        await page.goto(`${base}/understand/words`);
        assert.match(page.url(), /sign-in/, 'the session has ended here');
      },
      there,
    );
  });

  test('whoever is in none is told whom to ask, and one whose address nobody vouches for is not taken for another', async () => {
    for (const who of ['bob', 'eve']) {
      await withPage(
        browser,
        async (page) => {
          await page.goto(`${base}/sign-in`);
          await come(page, who);
          await page.getByText('you may not sign in here').first().waitFor();
          await assertAccessible(page);
        },
        there,
      );
    }
  });

  test('a code that was begun in another browser is worth nothing', async () => {
    await withPage(
      browser,
      async (page) => {
        const response = await page.goto(`${base}/sign-in/back?state=made-up&code=made-up`);
        assert.equal(response.status(), 422);
        await page.getByText('was begun in another browser').first().waitFor();
      },
      there,
    );
  });
});
