// Every page of the console: accessible, within a phone's width, reachable by keyboard, silent in
// the browser's log; and the whole job done without a script.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { assertSoundPage, keyboardWalk, launch, picture, server, signIn, withPage, withoutScript } from '../lib.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const sample = join(root, 'sample-data', 'nhs-friends-and-family.csv');
const folder = mkdtempSync(join(tmpdir(), 'cw-console-'));

/** Most that a console page may weigh, compressed, with its stylesheet and script. */
const BUDGET = 50_000;

let browser;
/** Cookies of somebody who is signed in: signing in is throttled, and slow on purpose. */
let state;

const at = (path) => new URL(path, server.base).href;

before(async () => {
  browser = await launch();
  await withPage(browser, async (page, context) => {
    await signIn(page);
    state = await context.storageState();
  });
});

after(async () => {
  await browser?.close();
});

/** A page of somebody who is signed in. */
function visit(path, fn, options = {}) {
  return withPage(
    browser,
    async (page, context) => {
      const response = await page.goto(at(path));
      return fn(page, response, context);
    },
    { storageState: state, ...options },
  );
}

/** The same in a browser that runs no script. */
const plainly = (path, fn, options = {}) => visit(path, fn, { javaScriptEnabled: false, ...options });

/** A file of the sample's first answers, made new by `mark`, with two rows that cannot be taken in. */
function sampleFile(name, mark, rows = 40) {
  const lines = readFileSync(sample, 'utf8').split('\n').slice(0, rows + 1);
  const head = 'id,at,service,comment,rating';
  const made = lines
    .slice(1)
    .filter((line) => /^[^",]*,\d{4}-\d\d-\d\d,[^",]*,[^",]*,[^",]*,[^",]+,[1-5]$/.test(line))
    .map((line) => {
      const [id, when, service, , , comment, rating] = line.split(',');
      return `${mark}-${id},${when},${service},${mark} ${comment},${rating}`;
    });
  assert.ok(made.length > 5, 'the sample holds rows that can be used');
  made.splice(2, 0, `${mark}-bad-1,2022-02-31,NHS 111,A date that does not exist,3`);
  made.push(`${mark}-bad-2,2199-01-04,NHS 111,A day that has not come yet,3`);
  const path = join(folder, name);
  writeFileSync(path, `${[head, ...made].join('\n')}\n`);
  return { path, good: made.length - 2 };
}

/** Everything on the page that the Tab key should reach, by the browser's own rules. */
function tabbable(page) {
  return page.evaluate(() => {
    const all = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]');
    const reachable = (element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true });
    return [...all].filter(reachable).length;
  });
}

/** What a page weighs on the wire, compressed, with stylesheet and script. */
async function weight(page) {
  const html = await page.content();
  const assets = await page.evaluate(() => [...document.querySelectorAll('link[rel=stylesheet], script[src]')].map((e) => e.href ?? e.src));
  let bytes = gzipSync(html).length;
  for (const asset of assets) {
    const response = await page.request.get(asset, { headers: { 'accept-encoding': 'identity' } });
    bytes += gzipSync(await response.body()).length;
  }
  return bytes;
}

// Name, address, and what the browser may log (the status of a page that says no).
const PAGES = [
  ['overview', '/'],
  ['overview-all', '/?period=all'],
  ['overview-service', '/?service=nhs-111'],
  ['overview-nothing', '/?service=no-such-service'],
  ['explorer', '/explorer'],
  ['explorer-filtered', '/explorer?q=ambulance&period=2022&show=satisfied&compare=year_before'],
  ['explorer-order', '/explorer?order=oldest&by=week&from=2022-01-01&to=2022-06-30&rating=1&rating=2'],
  ['explorer-nothing', '/explorer?q=parakeet'],
  ['me', '/me'],
  ['shortcuts', '/shortcuts'],
  ['bulk', '/explorer/themes?scope=match&theme_name=Cost&act=add&q=taxi'],
  ['explorer-wrong', '/explorer?q=colour%3Ared', /422/],
  ['views', '/views'],
  ['imports', '/imports'],
  ['import-new', '/imports/new'],
  ['settings', '/settings'],
  ['users', '/settings/users'],
  ['keys', '/settings/keys'],
  ['services', '/settings/services'],
  ['audit', '/settings/audit'],
  ['jobs', '/jobs'],
  ['not-found', '/nowhere', /404/],
];

describe('every page', () => {
  const titles = new Map();

  for (const [name, path, expected] of PAGES) {
    test(`${name} is sound at every width`, async () => {
      await visit(
        path,
        async (page) => {
          await picture(page, `console-${name}`);
          await assertSoundPage(page);
          const title = await page.title();
          if (!name.startsWith('overview-') && !name.startsWith('explorer-')) {
            assert.ok(!titles.has(title), `${name} and ${titles.get(title)} have the same title: ${title}`);
            titles.set(title, name);
          }
          const bytes = await weight(page);
          assert.ok(bytes <= BUDGET, `${name} weighs ${bytes} bytes compressed`);
        },
        expected ? { expect: [expected] } : {},
      );
    });

    test(`everything on ${name} is reached by keyboard`, async () => {
      await visit(
        path,
        async (page) => {
          const reachable = await tabbable(page);
          const names = await keyboardWalk(page, { most: 800 });
          assert.ok(names.length >= reachable, `${names.length} of ${reachable} were reached: ${names.join(' | ')}`);
          assert.match(names[0], /Skip to main content/);
        },
        expected ? { expect: [expected] } : {},
      );
    });
  }

  test('the sign-in page is sound, and says what is wrong without giving the password back', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(at('/sign-in?next=/imports'));
        await picture(page, 'console-sign-in');
        await assertSoundPage(page);
        await page.getByLabel('Email address').fill('somebody@example.org');
        await page.getByLabel('Password', { exact: true }).fill('not the password');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
        assert.equal(await page.getByLabel('Email address').inputValue(), 'somebody@example.org');
        assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '');
        assert.ok(!(await page.content()).includes('not the password'));
        assert.equal(await page.locator('input[name=next]').inputValue(), '/imports');
        await picture(page, 'console-sign-in-error');
        await assertSoundPage(page);
      },
      { expect: [/422/] },
    );
  });

  test('one feedback is sound, with the way back to what was asked', async () => {
    await visit('/explorer?q=ambulance', async (page) => {
      await page.locator('.cw-comment__words a').first().click();
      await page.waitForURL(/open=/);
      await page.getByRole('link', { name: 'Own page' }).click();
      await page.waitForURL(/\/feedback\//);
      await picture(page, 'console-feedback');
      await assertSoundPage(page);
      assert.ok((await page.locator('mark').count()) > 0, 'what was searched for is marked');
      await page.getByRole('navigation', { name: 'Way back' }).getByRole('link', { name: 'Back to the list' }).click();
      await page.waitForURL(/\/explorer\?q=ambulance/);
    });
  });

  test('the pages of an import are sound, from the first look to the question whether to undo it', async () => {
    const { path } = sampleFile('sound.csv', `sound${Date.now()}`);
    await visit('/imports/new', async (page) => {
      await page.getByLabel('File').setInputFiles(path);
      await page.getByRole('button', { name: 'Look at the file' }).click();
      await page.getByRole('heading', { name: 'Check what sound.csv means' }).waitFor();
      await picture(page, 'console-import-preview');
      await assertSoundPage(page);
      assert.ok((await keyboardWalk(page, { most: 800 })).length >= (await tabbable(page)));
      await page.getByRole('button', { name: 'Begin import' }).click();
      // The script renews the page until the import is done.
      await page.getByRole('heading', { name: 'Rows that were sent back' }).waitFor();
      await page.getByRole('heading', { name: 'State: Done' }).waitFor();
      await picture(page, 'console-import-done');
      await assertSoundPage(page);
      await page.getByRole('link', { name: 'Undo this import' }).click();
      await page.getByRole('heading', { name: 'Undo the import of sound.csv?' }).waitFor();
      await picture(page, 'console-import-undo');
      await assertSoundPage(page);
      await page.getByRole('button', { name: 'Yes, undo this import' }).click();
      await page.getByRole('heading', { name: 'State: Undone' }).waitFor();
    });
  });

  test('nobody who is not signed in sees a page, and comes back to it after signing in', async () => {
    await withPage(browser, async (page) => {
      await page.goto(at('/explorer?q=ambulance'));
      assert.equal(new URL(page.url()).pathname, '/sign-in');
      assert.equal(new URL(page.url()).searchParams.get('next'), '/explorer?q=ambulance');
    });
  });
});

describe('the console in forced colours and with large text', () => {
  for (const [name, path] of [
    ['overview', '/'],
    ['explorer', '/explorer?q=ambulance'],
    ['imports', '/imports'],
  ]) {
    test(`${name} keeps its edges when the system chooses the colours`, async () => {
      await visit(
        path,
        async (page) => {
          await picture(page, `console-${name}-forced`);
          const edge = await page.locator('.cw-card').first().evaluate((e) => getComputedStyle(e).borderTopWidth);
          assert.notEqual(edge, '0px');
        },
        { forcedColors: 'active' },
      );
    });
  }
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
      await page.waitForURL(/\/explorer/);
      assert.equal(await count(page), shown);
    });
  });

  test('a chip takes its filter away, and only that', async () => {
    await visit('/explorer?rating=1&service=nhs-111', async (page) => {
      const narrow = await count(page);
      await page.getByRole('link', { name: /Remove the filter Rating/ }).click();
      await page.waitForURL((url) => !url.searchParams.has('rating'));
      assert.equal(new URL(page.url()).searchParams.get('service'), 'nhs-111');
      assert.ok((await count(page)) > narrow);
    });
  });

  test('each facet says how many there will be', async () => {
    await visit('/explorer?service=nhs-111', async (page) => {
      const option = page.locator('.cw-check').filter({ has: page.locator('input[name=rating][value="5"]') });
      const promised = Number((await option.locator('.cw-check__count').innerText()).replaceAll(',', ''));
      await option.locator('input').check();
      await page.getByRole('button', { name: 'Apply filters' }).click();
      await page.waitForURL(/rating=5/);
      assert.equal(await count(page), promised);
    });
  });

  test('the pages of the list follow one another, forwards and back', async () => {
    await plainly('/explorer', async (page) => {
      const first = await page.locator('.cw-comment').evaluateAll((all) => all.map((item) => item.id));
      await page.getByRole('link', { name: 'Next page' }).click();
      const second = await page.locator('.cw-comment').evaluateAll((all) => all.map((item) => item.id));
      assert.equal(second.length, first.length);
      assert.ok(second.every((p) => !first.includes(p)), 'no item is on two pages');
      await page.getByRole('link', { name: 'Next page' }).click();
      await page.getByRole('link', { name: 'Previous page' }).click();
      assert.deepEqual(await page.locator('.cw-comment').evaluateAll((all) => all.map((item) => item.id)), second);
      await page.getByRole('link', { name: 'Previous page' }).click();
      assert.deepEqual(await page.locator('.cw-comment').evaluateAll((all) => all.map((item) => item.id)), first);
      assert.equal(await page.getByRole('link', { name: 'Previous page' }).count(), 0);
    });
  });

  test('a comparison says with when, and its table has both', async () => {
    await visit('/explorer?period=2022-01..2022-06&compare=period_before&show=satisfied&by=month', async (page) => {
      await page.getByText(/compared with 1 Jul to 31 Dec 2021/).waitFor();
      await page.getByText('Show data as a table').click();
      const heads = await page.locator('.cw-data thead th').allInnerTexts();
      assert.deepEqual(heads, ['Month', 'Satisfied', 'Rated', 'Before']);
    });
  });

  test('a figure in the table of a chart leads to the comments of that step', async () => {
    await visit('/explorer?period=2022&by=month', async (page) => {
      await page.getByText('Show data as a table').click();
      const row = page.locator('.cw-data tbody tr').nth(2);
      const shown = Number((await row.locator('td a').innerText()).replaceAll(',', ''));
      await row.locator('td a').click();
      await page.waitForURL(/from=2022-03-01&to=2022-03-31/);
      assert.equal(await count(page), shown);
    });
  });

  test('what was searched for is marked in the words', async () => {
    await visit('/explorer?q=%22ambulance+crew%22', async (page) => {
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
        await page.goto(at('/explorer'));
        await page.getByLabel('Email address').fill(server.email);
        await page.getByLabel('Password', { exact: true }).fill(server.password);
        await page.getByRole('button', { name: 'Sign in' }).click();
        assert.equal(new URL(page.url()).pathname, '/explorer', 'back to what was wanted');

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
        await page.goto(at('/imports/new'));
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
        assert.match(here, /^\/imports\/[0-9a-f-]{36}$/);

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
        await page.goto(at('/views'));
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
      '/imports/new',
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
      await page.locator('summary').filter({ hasText: 'A web form' }).first().click();
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
      await card.getByRole('button', { name: 'Up one place, Use' }).click();
      assert.deepEqual(await card.locator('tbody th').allInnerTexts(), ['Find out', 'Use', 'Apply']);
      await card.getByRole('button', { name: 'Down one place, Use' }).click();
      assert.deepEqual(await card.locator('tbody th').allInnerTexts(), ['Find out', 'Apply', 'Use']);
    });
  });
});

describe('roles', () => {
  test('a viewer sees only what a viewer may do', async () => {
    const email = `viewer-${Date.now()}@example.org`;
    const password = 'correct horse battery staple';
    await visit('/settings/users', async (page) => {
      await page.getByLabel('Name', { exact: true }).fill('Vera Viewer');
      await page.getByLabel('Email address').fill(email);
      await page.getByLabel('Role', { exact: true }).selectOption('viewer');
      await page.getByLabel('First password').fill(password);
      await page.getByRole('button', { name: 'Add user' }).click();
      await page.getByText('The user is added').waitFor();
    });
    await withoutScript(
      browser,
      async (page) => {
        await signIn(page, { base: server.base, email, password });
        const links = await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts();
        assert.ok(links.includes('Explorer'));
        for (const forbidden of ['Imports', 'Users', 'API keys', 'Audit trail', 'Services', 'Jobs']) {
          assert.ok(!links.includes(forbidden), `${forbidden} is not shown to a viewer`);
        }
        await page.goto(at('/explorer'));
        assert.equal(await page.getByRole('button', { name: 'Save view' }).count(), 0);
        assert.equal(await page.getByRole('link', { name: 'CSV' }).count(), 0);
        const response = await page.goto(at('/imports'));
        assert.equal(response.status(), 403);
      },
      { expect: [/403/] },
    );
  });
});
