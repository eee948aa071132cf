// What the navigation offers to whom: the sections and pages of a duty, at the width of a desk and of a phone.
// SCREENSHOTS=1 keeps a picture of each.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { at, choosePassword, launch, picture, server, signIn, signedIn, withPage } from '../lib.mjs';

/** Who, with which duties, sees which sections, and which pages of the settings. */
const PEOPLE = [
  { name: 'analyst', duties: ['analyst'], sections: ['Overview', 'Understand'], settings: [] },
  // Somebody of a team, as a caseworker will be: reads, and manages the own team, whose page is all there is of settings.
  { name: 'team', duties: ['manager:Night shift'], sections: ['Overview', 'Understand', 'Settings'], settings: [] },
  { name: 'listener', duties: ['listener'], sections: ['Overview', 'Understand', 'Listen', 'Settings'], settings: [] },
  {
    name: 'administrator',
    duties: ['administrator'],
    // Senders and mailboxes are set up there.
    sections: ['Overview', 'Understand', 'Inform', 'Settings'],
    settings: ['The body', 'Look', 'Users', 'API keys', 'Web hooks', 'Retention', 'Audit trail', 'Jobs'],
  },
];

describe('the navigation', () => {
  let browser;

  before(async () => {
    browser = await launch();
    const storageState = await signedIn(browser);
    await withPage(
      browser,
      async (page) => {
        await page.goto(at('/settings/teams'));
        await page.locator('#name').fill('Night shift');
        await page.locator('#function').selectOption('serve');
        await page.locator('form:has(#name) button[type=submit]').click();
        await page.waitForURL(/done=/);
      },
      { storageState },
    );
    for (const person of PEOPLE) {
      const duties = person.duties.flatMap((duty) => ['--duty', duty]);
      const email = `navigation-${person.name}@example.org`;
      const printed = execFileSync(process.env.CW_BINARY, ['--data', process.env.CW_DATA, 'admin', 'user', 'create', email, ...duties], { stdio: 'pipe' });
      const password = 'copper lantern drizzle';
      await choosePassword(browser, String(printed).trim().split(/\s+/).pop(), password);
      person.login = { base: server.base, email, password };
    }
  });
  after(() => browser?.close());

  for (const person of PEOPLE) {
    test(`offers ${person.name} what they may do, and no more`, async () => {
      await withPage(browser, async (page, context) => {
        await signIn(page, person.login);
        await page.goto(at('/'));
        const shown = await page.getByRole('navigation', { name: 'Sections' }).getByRole('link').allInnerTexts();
        assert.deepEqual(shown.map((text) => text.replace(/\s*\d.*$/s, '')), person.sections);
        await picture(page, `navigation-${person.name}-1280`);
        if (person.settings.length > 0) {
          await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Settings' }).click();
          const pages = await page.locator('.cw-nav').getByRole('link').allInnerTexts();
          assert.deepEqual(person.settings.filter((name) => !pages.includes(name)), [], `the settings of ${person.name} are ${pages}`);
          await picture(page, `navigation-${person.name}-settings-1280`);
        }
        const phone = await context.newPage();
        await phone.setViewportSize({ width: 390, height: 844 });
        await phone.goto(at('/'));
        await phone.locator('.cw-menu summary').click();
        await picture(phone, `navigation-${person.name}-390`);
      });
    });
  }
});
