// Journeys through the console, and the whole job done without a script. That every page is sound is
// seen to by every-page.spec.mjs.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  at,
  choosePassword,
  launch,
  server,
  signedIn,
  signIn,
  visitAs,
  withoutScript,
  withPage,
} from '../lib.mjs';
import { sampleFile } from '../pages.mjs';

const folder = mkdtempSync(join(tmpdir(), 'cw-console-'));

let browser;
/** Cookies of somebody who is signed in: signing in is throttled, and slow on purpose. */
let state;

before(async () => {
  browser = await launch();
  state = await signedIn(browser);
});

after(async () => {
  await browser?.close();
});

/** A page of somebody who is signed in. */
const visit = (path, fn, options) => visitAs(browser, state, path, (page, context, response) => fn(page, response, context), options);

/** The same in a browser that runs no script. */
const plainly = (path, fn, options = {}) => visit(path, fn, { javaScriptEnabled: false, ...options });

describe('who is not signed in', () => {
  test('a wrong password is never sent back', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(at('/sign-in?next=/listen/imports'));
        await page.getByLabel('Email address').fill('somebody@example.org');
        await page.getByLabel('Password', { exact: true }).fill('not the password');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
        assert.equal(await page.getByLabel('Email address').inputValue(), 'somebody@example.org');
        assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '');
        assert.ok(!(await page.content()).includes('not the password'));
        assert.equal(await page.locator('input[name=next]').inputValue(), '/listen/imports');
      },
      { expect: [/422/] },
    );
  });

  test('nobody who is not signed in sees a page, and comes back to it after signing in', async () => {
    await withPage(browser, async (page) => {
      await page.goto(at('/understand/explorer?q=ambulance'));
      assert.equal(new URL(page.url()).pathname, '/sign-in');
      assert.equal(new URL(page.url()).searchParams.get('next'), '/understand/explorer?q=ambulance');
    });
  });
});

describe('one feedback', () => {
  test('it leads back to what was asked, and what was searched for is marked', async () => {
    await visit('/understand/explorer?q=ambulance', async (page) => {
      await page.locator('.cw-comment__words a').first().click();
      await page.waitForURL(/[?&]open=/);
      await page.getByRole('link', { name: 'Own page' }).click();
      await page.waitForURL(/\/understand\/feedback\//);
      assert.ok((await page.locator('mark').count()) > 0, 'what was searched for is marked');
      await page.getByRole('navigation', { name: 'Way back' }).getByRole('link', { name: 'Back to the list' }).click();
      await page.waitForURL(/\/understand\/explorer\?q=ambulance/);
    });
  });
});

describe('the Explorer', () => {
  const count = async (page) => {
    const text = await page.locator('.cw-head__what').innerText();
    return Number(text.match(/^([\d,]+)/)[1].replaceAll(',', ''));
  };

  test('a number on the Overview leads to as many comments', async () => {
    await visit('/', async (page) => {
      const card = page.locator('.cw-kpi').filter({ hasText: 'Feedback' }).first();
      const shown = Number((await card.locator('.cw-kpi__value').innerText()).replaceAll(',', ''));
      await card.locator('.cw-kpi__value a').click();
      await page.waitForURL(/\/understand\/explorer/);
      assert.equal(await count(page), shown);
    });
  });

  test('a chip takes its filter away, and only that', async () => {
    await visit('/understand/explorer?rating=1&service=nhs-111', async (page) => {
      const narrow = await count(page);
      await page.getByRole('link', { name: /Remove the filter Rating/ }).click();
      await page.waitForURL((url) => !url.searchParams.has('rating'));
      assert.equal(new URL(page.url()).searchParams.get('service'), 'nhs-111');
      assert.ok((await count(page)) > narrow);
    });
  });

  test('each facet says how many there will be', async () => {
    await visit('/understand/explorer?service=nhs-111', async (page) => {
      const option = page.locator('.cw-check').filter({ has: page.locator('input[name=rating][value="5"]') });
      const promised = Number((await option.locator('.cw-check__count').innerText()).replaceAll(',', ''));
      await option.locator('input').check();
      await page.getByRole('button', { name: 'Apply filters' }).click();
      await page.waitForURL(/rating=5/);
      assert.equal(await count(page), promised);
    });
  });

  test('the pages of the list follow one another, forwards and back', async () => {
    await plainly('/understand/explorer', async (page) => {
      // A page that has begun to come is not there yet.
      const ids = async () => {
        await page.waitForLoadState();
        return page.locator('.cw-comment').evaluateAll((all) => all.map((item) => item.id));
      };
      const first = await ids();
      await page.getByRole('link', { name: 'Next page' }).click();
      const second = await ids();
      assert.equal(second.length, first.length);
      assert.ok(second.every((p) => !first.includes(p)), 'no item is on two pages');
      await page.getByRole('link', { name: 'Next page' }).click();
      await page.getByRole('link', { name: 'Previous page' }).click();
      assert.deepEqual(await ids(), second);
      await page.getByRole('link', { name: 'Previous page' }).click();
      assert.deepEqual(await ids(), first);
      assert.equal(await page.getByRole('link', { name: 'Previous page' }).count(), 0);
    });
  });

  test('a comparison says with when, and its table has both', async () => {
    await visit('/understand/explorer?period=2022-01..2022-06&compare=period_before&show=satisfied&by=month', async (page) => {
      await page.getByText(/compared with 1 Jul to 31 Dec 2021/).waitFor();
      await page.getByText('Show data as a table').click();
      const heads = await page.locator('.cw-data thead th').allInnerTexts();
      assert.deepEqual(heads, ['Month', 'Satisfied', 'Rated', 'Before']);
    });
  });

  test('a figure in the table of a chart leads to the comments of that step', async () => {
    await visit('/understand/explorer?period=2022&by=month', async (page) => {
      await page.getByText('Show data as a table').click();
      const row = page.locator('.cw-data tbody tr').nth(2);
      const shown = Number((await row.locator('td a').innerText()).replaceAll(',', ''));
      await row.locator('td a').click();
      await page.waitForURL(/from=2022-03-01&to=2022-03-31/);
      assert.equal(await count(page), shown);
    });
  });

  test('what was searched for is marked in the words', async () => {
    await visit('/understand/explorer?q=%22ambulance+crew%22', async (page) => {
      const marks = await page.locator('.cw-comment mark').allInnerTexts();
      assert.ok(marks.length > 0);
      assert.ok(marks.every((m) => /^ambulance\s+crew$/i.test(m)), marks.join(', '));
    });
  });
});

describe('without a script', () => {
  test('an analyst signs in, filters, opens, saves, takes out, imports, looks, undoes and leaves', { timeout: 180_000 }, async () => {
    const { path, good } = sampleFile('march answers.csv', `unscripted${Date.now()}`);
    const view = `Happy with the ambulance ${Date.now()}`;
    await withoutScript(
      browser,
      async (page) => {
        await page.goto(at('/understand/explorer'));
        await page.getByLabel('Email address').fill(server.email);
        await page.getByLabel('Password', { exact: true }).fill(server.password);
        await page.getByRole('button', { name: 'Sign in' }).click();
        assert.equal(new URL(page.url()).pathname, '/understand/explorer', 'back to what was wanted');

        // Filter, without empty fields in the address.
        await page.getByLabel('Words', { exact: true }).fill('Ambulance');
        await page.locator('input[name=rating][value="5"]').check();
        await page.getByRole('button', { name: 'Apply filters' }).click();
        assert.equal(new URL(page.url()).search, '?q=Ambulance&rating=5');
        assert.equal(await page.getByLabel('Words', { exact: true }).inputValue(), 'Ambulance');
        const shown = (await page.locator('.cw-head__what').innerText()).match(/^[\d,]+/)[0];

        // Open, and back.
        await page.locator('.cw-comment__words a').first().click();
        assert.match(await page.locator('#open-title').innerText(), /^Feedback of /);
        await page.getByRole('link', { name: 'Back to the list' }).click();

        // Save the view.
        await page.getByLabel('Name', { exact: true }).fill(view);
        await page.getByRole('button', { name: 'Save view' }).click();
        await page.getByText('The view is saved.').waitFor();
        assert.equal(await page.getByRole('link', { name: view }).getAttribute('aria-current'), 'page');

        // Take out exactly what is shown.
        await page.getByText(`${shown} rows: exactly the feedback that is filtered.`).waitFor();
        const download = page.waitForEvent('download');
        await page.getByRole('link', { name: 'CSV', exact: true }).click();
        const file = readFileSync(await (await download).path(), 'utf8');
        assert.equal(file.match(/\r?\n[0-9a-f]{8}-[0-9a-f]{4}-/g).length, Number(shown.replaceAll(',', '')));

        // Import: look, say something, look again, begin.
        await page.goto(at('/listen/imports/new'));
        await page.getByLabel('File').setInputFiles(path);
        await page.getByRole('button', { name: 'Look at the file' }).click();
        assert.match(await page.locator('h1').innerText(), /^Check what march answers\.csv means/);
        assert.equal(await page.getByLabel('comment', { exact: true }).inputValue(), 'comment');
        await page.getByLabel('Channel', { exact: true }).selectOption('phone');
        await page.getByRole('button', { name: 'Look again' }).click();
        assert.equal(await page.getByLabel('Channel', { exact: true }).inputValue(), 'phone');
        assert.equal(await page.locator('#preview').count(), 1);
        assert.match(await page.locator('.cw-preview__reason').first().innerText(), /2022-02-31|31/);
        await page.getByRole('button', { name: 'Begin import' }).click();
        const here = new URL(page.url()).pathname;
        assert.match(here, /^\/listen\/imports\/[0-9a-f-]{36}$/);

        // Follow it by loading the page again, as the page does by itself.
        for (let tries = 0; !(await page.locator('#status-title').innerText()).includes('Done'); tries += 1) {
          assert.ok(tries < 200, 'the import ends');
          await page.goto(at(here));
        }
        const facts = await page.locator('.cw-facts dd').allInnerTexts();
        assert.deepEqual(facts.slice(0, 4), [String(good + 2), String(good), '0', '2']);

        // The rows that were sent back.
        const back = page.waitForEvent('download');
        await page.getByRole('link', { name: /Download all 2 rows/ }).click();
        const rejected = readFileSync(await (await back).path(), 'utf8');
        assert.match(rejected, /unscripted\d+-bad-1/);
        assert.match(rejected, /unscripted\d+-bad-2/);
        assert.match(rejected, /Why it was not taken in/);

        // What it brought can be read, then it is taken back.
        await page.getByRole('link', { name: 'Read what it brought' }).click();
        await page.goto(at(`${here}/undo`));
        await page.getByRole('button', { name: 'Yes, undo this import' }).click();
        for (let tries = 0; !(await page.locator('#status-title').innerText()).includes('Undone'); tries += 1) {
          assert.ok(tries < 200, 'the undo ends');
          await page.goto(at(here));
        }

        // Forget the view and leave.
        await page.goto(at('/understand/views'));
        await page.getByRole('button', { name: `Forget the view ${view}` }).click();
        await page.getByText('The view is gone.').waitFor();
        await page.getByRole('button', { name: 'Sign out' }).click();
        assert.equal(new URL(page.url()).pathname, '/sign-in');
        await page.goto(at('/'));
        assert.equal(new URL(page.url()).pathname, '/sign-in');
      },
      { acceptDownloads: true },
    );
  });

  test('a file that is none, or is no table, comes back with a sentence', async () => {
    await plainly(
      '/listen/imports/new',
      async (page) => {
        await page.getByRole('button', { name: 'Look at the file' }).click();
        await page.getByRole('link', { name: 'Choose a file.' }).waitFor();
        const path = join(folder, 'picture.xlsx');
        writeFileSync(path, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]));
        await page.getByLabel('File').setInputFiles(path);
        await page.getByRole('button', { name: 'Look at the file' }).click();
        assert.match(await page.locator('.govuk-error-summary').innerText(), /picture\.xlsx/);
      },
      { expect: [/422/] },
    );
  });

  test('settings that two people change at once keep the input and say what the other saved', async () => {
    await plainly(
      '/settings',
      async (mine, _, context) => {
        const theirs = await context.newPage();
        await theirs.goto(at('/settings'));
        const before = await theirs.getByLabel('Word for a person').inputValue();
        await theirs.getByLabel('Word for a person').fill('tenant');
        await theirs.getByRole('button', { name: 'Save settings' }).click();
        await theirs.getByText('The settings are saved.').waitFor();

        await mine.getByLabel('Word for a person').fill('citizen');
        await mine.getByRole('button', { name: 'Save settings' }).click();
        await mine.getByText('Somebody else saved these settings').first().waitFor();
        assert.equal(await mine.getByLabel('Word for a person').inputValue(), 'citizen');
        assert.match(await mine.locator('.cw-notice--warning').innerText(), /tenant/);

        await mine.getByLabel('Word for a person').fill(before);
        await mine.getByRole('button', { name: 'Save settings' }).click();
        await mine.getByText('The settings are saved.').waitFor();
      },
      { expect: [/409/] },
    );
  });

  test('a key is shown once', async () => {
    await plainly('/settings/keys', async (page) => {
      await page.getByLabel('What it is for').fill('A web form');
      await page.getByLabel('Hand in feedback').check();
      await page.getByRole('button', { name: 'Make key' }).click();
      const secret = await page.locator('#secret').innerText();
      assert.match(secret, /^cw_/);
      await page.goto(at('/settings/keys'));
      assert.ok(!(await page.content()).includes(secret));
      await page.locator('summary').filter({ hasText: 'In use: revoke the key A web form' }).first().click();
      await page.getByRole('button', { name: 'Revoke now the key A web form' }).first().click();
      await page.getByText('The key is revoked.').waitFor();
    });
  });

  test('touchpoints are put in their order', async () => {
    await plainly('/settings/services', async (page) => {
      await page.getByLabel('Name of the service').fill('Library cards');
      await page.getByLabel('Touchpoints').fill('Find out\nApply\nUse');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      const card = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Library cards' }) });
      await card.getByRole('button', { name: 'Up of Use' }).click();
      assert.deepEqual(await card.locator('.cw-journey-list > li > a').allInnerTexts(), ['Find out', 'Use', 'Apply']);
      await card.getByRole('button', { name: 'Down of Use' }).click();
      assert.deepEqual(await card.locator('.cw-journey-list > li > a').allInnerTexts(), ['Find out', 'Apply', 'Use']);
    });
  });
});

describe('duties', () => {
  test('somebody without a duty sees only what everybody may do', async () => {
    const email = `viewer-${Date.now()}@example.org`;
    const password = 'correct horse battery staple';
    await visit('/settings/users', async (page) => {
      await page.getByLabel('Name', { exact: true }).fill('Vera Viewer');
      await page.getByLabel('Email address').fill(email);
      await page.getByRole('button', { name: 'Add user' }).click();
      const link = await page.locator('#link').innerText();
      await choosePassword(browser, link, password);
    });
    await withoutScript(
      browser,
      async (page) => {
        await signIn(page, { base: server.base, email, password });
        const sections = await page.getByRole('navigation', { name: 'Sections' }).getByRole('link').allInnerTexts();
        assert.deepEqual(sections.map((text) => text.split(/[ \n]/)[0]), ['Overview', 'Understand'], 'sections with nothing to open are not shown');
        await page.goto(at('/understand/explorer'));
        const links = await page.getByRole('navigation').getByRole('link').allInnerTexts();
        assert.ok(links.includes('Explorer'));
        for (const forbidden of ['Imports', 'Users', 'API keys', 'Audit trail', 'Services', 'Jobs']) {
          assert.ok(!links.includes(forbidden), `${forbidden} is not shown to somebody without a duty`);
        }
        await page.goto(at('/understand/explorer'));
        assert.equal(await page.getByRole('button', { name: 'Save view' }).count(), 0);
        assert.equal(await page.getByRole('link', { name: 'CSV' }).count(), 0);
        const response = await page.goto(at('/listen/imports'));
        assert.equal(response.status(), 403);
      },
      { expect: [/403/] },
    );
  });
});
