// A mail as it is sent, in both languages: accessible, within a phone's width, in light and in dark. It is looked at outside the
// page that shows it, where no script may run.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, at, launch, signIn, withPage } from '../lib.mjs';

const ENGLISH = `# New days

Dear ((first name)),

your bins go on:

* Monday
* Friday, **if it is a bank holiday on Monday**

## What you do

1. Look at the [list of all days](https://example.org/bins).
2. Put it up.

---

> Aclongwordwithoutanyplacetobreakitthatsomebodywroteforwhateverreason${'x'.repeat(60)}
`;
const WELSH = '# Diwrnodau newydd\n\nAnnwyl ((first name)),\n\nbydd eich biniau yn mynd ddydd Llun: [pob diwrnod](https://example.org/biniau).';

let browser;
let address;
let state;

before(async () => {
  browser = await launch();
  await withPage(browser, async (page, context) => {
    await signIn(page);
    await page.goto(at('/messages/new'));
    await page.getByLabel('Name', { exact: true }).fill('Bins, looked at');
    const [english, welsh] = ['English', 'Welsh'].map((name) => page.getByRole('group', { name }));
    await english.getByLabel('Subject').fill('Your bins');
    await english.getByLabel('Message').fill(ENGLISH);
    await welsh.getByLabel('Subject').fill('Eich biniau');
    await welsh.getByLabel('Message').fill(WELSH);
    await page.getByRole('button', { name: 'Save message' }).click();
    await page.getByText('The message is saved').waitFor();
    address = new URL(page.url()).pathname;
    state = await context.storageState();
  });
});

after(() => browser?.close());

for (const [language, said] of [['en', 'New days'], ['cy', 'Diwrnodau newydd']]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`a mail in ${language} is accessible and as wide as the screen, ${colorScheme}`, { timeout: 60_000 }, async () => {
      await withPage(
        browser,
        async (page) => {
          const answer = await page.request.get(at(`${address}/html?language=${language}`));
          assert.equal(answer.status(), 200);
          await page.setContent(await answer.text());
          assert.equal(await page.locator('html').getAttribute('lang'), language);
          assert.equal(await page.getByRole('heading', { name: said }).count(), 1);
          for (const width of [320, 600, 1280]) {
            await page.setViewportSize({ width, height: 800 });
            // The landmarks are those of the program that shows it.
            const without = ['landmark-one-main', 'region'];
            await assertAccessible(page, `the mail in ${language}, ${colorScheme}, ${width} px`, { without });
            await assertNoSidewaysScroll(page, width);
          }
        },
        { storageState: state, colorScheme },
      );
    });
  }
}
