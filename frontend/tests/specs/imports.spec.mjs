// Files that are read wrongly at first: the scale is turned round by one click, and what is there already is mended.

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertSoundPage, at, launch, picture, signedIn, visitAs } from '../lib.mjs';

let browser;
let state;

before(async () => {
  browser = await launch();
  state = await signedIn(browser);
});

after(async () => {
  await browser?.close();
});

/** Marks of which 1 is best, which only the words tell. */
const MARKS = [
  [1, 'Excellent, thank you'],
  [1, 'Wonderful and friendly staff'],
  [5, 'Rude, a useless answer'],
  [5, 'Terrible and filthy'],
  [1, 'Lovely people, brilliant'],
  [4, 'Awful, the worst there is'],
  [2, 'Great and helpful'],
];

/** How such a file was read is kept for the next with the same headings, so each has its own. */
function file(heading) {
  const rows = MARKS.map(([mark, words], n) => `${n + 1}/03/2024,${mark},"${words}, ${heading} number ${n}"`);
  const path = join(mkdtempSync(join(tmpdir(), 'commonweal-')), 'marks.csv');
  writeFileSync(path, [`Date,${heading},Comment`, ...rows, ''].join('\n'));
  return path;
}

async function upload(page, path) {
  await page.goto(at('/listen/imports/new'));
  await page.getByLabel('File').setInputFiles(path);
  await page.getByRole('button', { name: 'Look at the file' }).click();
  await page.getByRole('heading', { name: 'Check what marks.csv means' }).waitFor();
}

async function begin(page, scripted) {
  await page.getByRole('button', { name: 'Begin import' }).click();
  const done = page.getByRole('heading', { name: 'State: Done' });
  // The script renews the page; without one somebody does.
  for (let n = 0; !scripted && n < 60 && !(await done.isVisible()); n += 1) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  await done.waitFor();
}

describe('a file that is read wrongly', () => {
  for (const [javaScriptEnabled, heading] of [[true, 'Rating'], [false, 'Your rating']]) {
    test(`is turned round and mended, ${javaScriptEnabled ? 'with' : 'without'} a script`, async () => {
      const path = file(heading);
      await visitAs(
        browser,
        state,
        '/listen/imports/new',
        async (page) => {
          await upload(page, path);
          await page.getByText('comments with clear words say the opposite').waitFor();
          if (javaScriptEnabled) await assertSoundPage(page);
          await picture(page, 'import-opposite');
          await begin(page, javaScriptEnabled);

          await upload(page, path);
          await page.getByRole('heading', { name: 'This file was taken in before' }).waitFor();
          await page.getByRole('button', { name: `Turn the scale round ${heading}` }).click();
          await page.getByText('a scale from 5 (worst) to 1 (best)').first().waitFor();
          assert.equal(await page.getByText('say the opposite').count(), 0, 'the words agree with it now');
          await page.getByLabel('Change them into what they are read as now').check();
          if (javaScriptEnabled) await assertSoundPage(page);
          await picture(page, 'import-again');
          await page.getByRole('button', { name: 'Look again' }).click();
          assert.ok(await page.getByLabel('Change them into what they are read as now').isChecked());
          await page.getByText('a scale from 5 (worst) to 1 (best)').first().waitFor();
          await begin(page, javaScriptEnabled);
          await page.goto(at(`/understand/explorer?q=%22${encodeURIComponent(`${heading} number 2`)}%22`));
          await page.getByText('Rude, a useless answer').first().waitFor();
          await page.getByText('1 of 5').first().waitFor();
        },
        { javaScriptEnabled },
      );
    });
  }
});
