// Walks the steps of the guide (docs/guide) as its readers do. A page of the guide fails here when a
// word in bold was nowhere on the screen, or when it shows a picture that the walk does not take.
//
// GUIDE_PICTURES=1 takes the pictures anew (make guide-pictures).

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { at, launch, signedIn, withPage } from '../lib.mjs';

const guide = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'docs', 'guide');
const images = join(guide, 'images');
/** Most that a picture may take; they are in git. */
const MOST_BYTES = 150_000;

let browser;
let state;
let imported;
const taken = new Set();

before(async () => {
  browser = await launch();
  state = await signedIn(browser);
});

after(async () => {
  await browser?.close();
});

/** A survey of 480 people: those on a phone waited four times as often. */
function survey() {
  const slow = ['The queue took most of my morning', 'Waited an hour in the queue before anybody spoke to me', 'Long queue again and only one desk open'];
  const quick = ['Friendly people and a clear letter', 'I renewed my card in two minutes', 'The librarian found the book at once', 'Easy to do from home'];
  const rows = ['Date,Comment,Rating,Age band,Device'];
  for (let n = 0; n < 480; n += 1) {
    const phone = n < 240;
    const waits = n % (phone ? 3 : 12) === 0;
    const words = waits ? slow[(n / 3) % slow.length] : quick[n % quick.length];
    const day = String((n % 28) + 1).padStart(2, '0');
    rows.push(`2021-05-${day},${words},${waits ? 1 : 5},${phone ? '65+' : '18-64'},${phone ? 'phone' : 'desktop'}`);
  }
  rows.push('2021-05-40,A day that does not exist,3,18-64,desktop');
  const path = join(mkdtempSync(join(tmpdir(), 'cw-guide-')), 'Library survey.csv');
  writeFileSync(path, `${rows.join('\n')}\n`);
  return path;
}

/** Walks a page of the guide: `fn(page, walk)`. */
async function walk(name, fn) {
  const text = readFileSync(join(guide, name), 'utf8');
  const words = [...text.matchAll(/\*\*([^*]+)\*\*/g)].map(([, word]) => word.replace(/\s+/g, ' ').replace(/\.$/, '')).filter((word) => word !== 'bold');
  assert.ok(words.length > 3, `${name} names what is on the screen`);
  const shown = new Set([...text.matchAll(/\]\(images\/([\w-]+\.png)\)/g)].map(([, file]) => file));
  const missing = new Set(words);
  const shots = new Set();

  await withPage(
    browser,
    async (page) => {
      const see = async () => {
        const seen = (await page.locator('body').innerText()).replace(/\s+/g, ' ');
        const options = (await page.locator('option').allTextContents()).join(' | ');
        for (const word of missing) if (seen.includes(word) || options.includes(word)) missing.delete(word);
      };
      const picture = async (file, locator) => {
        shots.add(file);
        taken.add(file);
        if (!process.env.GUIDE_PICTURES) return;
        mkdirSync(images, { recursive: true });
        const options = { path: join(images, file), animations: 'disabled' };
        if (locator) await locator.screenshot(options);
        else await page.screenshot(options);
      };
      await page.goto(at('/'));
      await see();
      await fn(page, { see, picture });
    },
    { storageState: state, viewport: { width: 1100, height: 720 } },
  );
  assert.deepEqual([...missing], [], `${name} names these, but they were not on the screen`);
  assert.deepEqual([...shown].sort(), [...shots].sort(), `pictures that ${name} shows, and those that were taken`);
}

/** By the menu: first the section, then its page. */
async function menu(page, section, name) {
  await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: new RegExp(`^${section}`) }).click();
  if (name) await page.getByRole('navigation', { name: `Pages of ${section}` }).getByRole('link', { name, exact: true }).click();
}

describe('the guide', () => {
  test('import a spreadsheet', { timeout: 120_000 }, async () => {
    await walk('import-a-spreadsheet.md', async (page, { see, picture }) => {
      await menu(page, 'Listen', 'Imports');
      await see();
      await page.getByRole('link', { name: 'Import a file' }).first().click();
      await see();
      await page.getByLabel('File').setInputFiles(survey());
      await page.getByRole('button', { name: 'Look at the file' }).click();
      await page.getByRole('heading', { name: /^Check what Library survey/ }).waitFor();
      await see();
      await picture('import-check.png');
      await page.getByRole('button', { name: 'Look again' }).click();
      await page.getByRole('heading', { name: /^Check what Library survey/ }).waitFor();
      await page.getByRole('button', { name: 'Begin import' }).click();
      await page.getByRole('heading', { name: 'State: Done' }).waitFor();
      imported = new URL(page.url()).pathname;
      await see();
      await picture('import-done.png');
      await page.getByRole('link', { name: 'Read what it brought' }).click();
      await page.getByText(/^480 pieces of feedback/).waitFor();
      await page.goto(at(`${imported}/undo`));
      await see();
    });
  });

  test('see who is hit', { timeout: 120_000 }, async () => {
    assert.ok(imported, 'the survey of the page before is there');
    await walk('see-who-is-hit.md', async (page, { see, picture }) => {
      await menu(page, 'Understand', 'Who is hit');
      await see();
      await page.getByRole('link', { name: 'All time' }).click();
      await page.getByLabel('Issue', { exact: true }).selectOption({ label: 'Rated 1 or 2 of 5' });
      await page.getByRole('button', { name: 'Compare groups' }).click();
      await page.getByRole('heading', { name: /rate 1 or 2 of 5 .* times as often/ }).waitFor();
      await see();
      await picture('hit.png');
      await page.getByRole('row', { name: /65\+/ }).getByRole('link').first().click();
      await page.waitForURL(/\/understand\/explorer/);
      await see();
    });
  });

  test('find out what changed', { timeout: 120_000 }, async () => {
    await walk('find-out-what-changed.md', async (page, { see, picture }) => {
      await menu(page, 'Overview');
      await page.getByRole('link', { name: 'All time' }).click();
      await page.waitForURL(/period=all/);
      await see();
      await picture('changed-overview.png');
      await page.locator('.cw-kpi').filter({ hasText: 'Feedback' }).first().locator('.cw-kpi__value a').click();
      await page.waitForURL(/\/understand\/explorer/);
      await page.getByLabel('Words', { exact: true }).fill('ambulance');
      await page.getByRole('button', { name: 'Apply filters' }).click();
      await page.waitForURL(/q=ambulance/);
      await see();
      await picture('changed-explorer.png');
      await page.getByText('Show data as a table').first().click();
      assert.ok((await page.locator('mark').count()) > 0, 'what was searched for is marked');
      await page.locator('.cw-comment__words a').first().click();
      await page.waitForURL(/\/understand\/feedback\/|[?&]open=/);
      await see();
    });
  });

  test('put a form on your site', { timeout: 120_000 }, async () => {
    await walk('put-a-form-on-your-site.md', async (page, { see, picture }) => {
      await menu(page, 'Listen', 'Forms');
      await see();
      await page.getByRole('link', { name: 'Make a form' }).first().click();
      await see();
      await page.getByLabel('Title', { exact: true }).fill('Your feedback on NHS 111');
      await page.getByLabel('Asks about').selectOption({ label: 'NHS 111 (the whole service)' });
      await page.getByLabel('Five faces, from very good to very poor').check();
      await page.getByLabel('To hear back by email').check();
      await page.getByRole('button', { name: 'Make form' }).click();
      await page.getByText('The form is made and takes answers').waitFor();
      const form = page.url().split('?')[0];
      await see();
      await picture('form-share.png', page.locator('#share'));
      await page.getByRole('link', { name: 'Look at the form' }).click();
      await page.waitForURL(/\/f\//);
      await see();
      await picture('form-public.png');
      // Letters only: a long number is taken for one of a telephone and taken out.
      const words = `It rang for ages, ${Math.random().toString(36).replace(/[^a-z]/g, '')}`;
      await page.getByRole('radio').nth(3).check();
      await page.getByRole('textbox').first().fill(words);
      // A person takes longer than a machine, and the form counts on it.
      await page.waitForTimeout(4_000);
      await page.getByRole('button', { name: /Send/ }).click();
      await page.waitForURL(/\/thanks/);
      await page.goto(form);
      await page.getByRole('link', { name: 'Read the answers' }).click();
      await page.waitForURL(/\/understand\/explorer/);
      // Counted within about a second; who looks sooner looks again.
      for (let n = 0; n < 20 && (await page.getByText(words).count()) === 0; n += 1) {
        await page.waitForTimeout(500);
        await page.reload();
      }
      await page.getByText(words).first().waitFor();
      await page.goto(form);
      await page.getByRole('button', { name: 'Close the form' }).click();
      await page.getByText('The form is closed').waitFor();
    });
  });

  test('key in letters and calls', { timeout: 120_000 }, async () => {
    await walk('key-in-letters-and-calls.md', async (page, { see, picture }) => {
      await menu(page, 'Listen', 'Entry');
      await see();
      await page.getByLabel('Channel').selectOption({ label: 'Phone' });
      await page.getByLabel('Their words').first().fill('She rang to say that the driver was kind and helped her to the door.');
      await page.getByLabel('5 Very good').check();
      await picture('entry.png');
      await page.getByRole('button', { name: 'Save and key in the next' }).click();
      await page.getByText('View it').waitFor();
      await see();
      const today = page.locator('section').filter({ hasText: 'What you keyed in today' }).last();
      await picture('entry-today.png', today);
      await page.getByRole('link', { name: /^Take back/ }).first().click();
      await page.getByRole('button', { name: 'Take it back' }).click();
      await page.getByText('The entry is taken back').waitFor();
    });
  });

  test('what was imported for the guide is taken back', async () => {
    await withPage(
      browser,
      async (page) => {
        await page.goto(at(`${imported}/undo`));
        await page.getByRole('button', { name: 'Yes, undo this import' }).click();
        await page.getByRole('heading', { name: 'State: Undone' }).waitFor();
      },
      { storageState: state },
    );
  });

  test('every picture is made here, and small', () => {
    const files = readdirSync(images).sort();
    assert.deepEqual(files, [...taken].sort(), 'pictures that are there, and those that the walks take');
    for (const file of files) {
      assert.ok(statSync(join(images, file)).size <= MOST_BYTES, `${file} has more than ${MOST_BYTES} bytes`);
    }
  });

  test('every page of the guide is in its index, and every link of it leads somewhere', () => {
    const index = readFileSync(join(guide, 'README.md'), 'utf8');
    const pages = readdirSync(guide).filter((name) => name.endsWith('.md') && name !== 'README.md');
    assert.deepEqual(pages.filter((name) => !index.includes(`(${name})`)), []);
    for (const name of [...pages, 'README.md']) {
      for (const [, link] of readFileSync(join(guide, name), 'utf8').matchAll(/\]\(((?!https?:)[^)#]+)\)/g)) {
        assert.ok(statSync(join(guide, link), { throwIfNoEntry: false }), `${name} links to ${link}`);
      }
    }
  });
});
