// Pages of findings: who is hit, words, themes. A file with made-up people beside the sample data
// gives them something to compare.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertSoundPage, keyboardWalk, launch, picture, server, signedIn, withPage } from '../lib.mjs';

let browser;
/** Cookies of somebody who is signed in: signing in is throttled, and slow on purpose. */
let state;
const folder = mkdtempSync(join(tmpdir(), 'commonweal-findings-'));

before(async () => {
  browser = await launch();
  state = await signedIn(browser);
  // 240 on a phone, of whom a third speak of waiting; 240 at a desk, of whom few do.
  const rows = ['at,comment,rating,age band,device'];
  for (let n = 0; n < 480; n += 1) {
    const phone = n < 240;
    const waits = n % (phone ? 3 : 12) === 0;
    const words = waits ? 'I waited for hours in the queue' : 'The people were kind and careful';
    rows.push(`2021-04-${String((n % 28) + 1).padStart(2, '0')},${words},${waits ? 1 : 5},${phone ? '65+' : '18-64'},${phone ? 'phone' : 'desktop'}`);
  }
  const file = join(folder, 'people.csv');
  writeFileSync(file, `${rows.join('\n')}\n`);
  execFileSync(process.env.CW_BINARY, ['--data', process.env.CW_DATA, 'import', file], { stdio: 'pipe' });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A page of somebody who is signed in. */
const visit = (fn, options = {}) => withPage(browser, fn, { storageState: state, ...options });

/** Waits until the index knows the people of the file. */
async function indexed(page) {
  for (let n = 0; n < 50; n += 1) {
    await page.goto(`${server.base}/understand/explorer?device=phone`);
    if (await page.getByText('240 pieces of feedback').count()) return;
    await page.waitForTimeout(200);
  }
  assert.fail('the index does not know the imported people');
}

describe('who is hit', () => {
  test('tells who, with a chart, a table and the way to the comments', async () => {
    await visit(async (page) => {
      await indexed(page);
      await page.goto(`${server.base}/understand/impact`);
      await page.getByLabel('Issue', { exact: true }).selectOption({ label: 'Rated 1 or 2 of 5' });
      await page.getByRole('button', { name: 'Compare groups' }).click();
      // The figures have noise, which is another for each body; they are 80 of 240 and four times as often.
      await page.getByRole('heading', { name: /rate 1 or 2 of 5 \d+\.\d times as often/ }).waitFor();
      await assertSoundPage(page);
      await picture(page, 'hit');
      const row = page.getByRole('row', { name: /65\+/ });
      const figures = await row.getByRole('link').first().innerText();
      assert.match(figures, /^(6|7|8|9)[05] of 2[2-6][05]$/);
      await row.getByRole('link').first().click();
      await page.getByText(new RegExp(`^${figures.split(' ')[0]} of [0-9,]+ pieces of feedback`)).first().waitFor();
    });
  });

  test('works without a script, and says what is wrong', async () => {
    await visit(
      async (page) => {
        await indexed(page);
        await page.goto(`${server.base}/understand/impact`);
        await page.getByLabel('Or these words').fill('queue');
        await page.getByRole('button', { name: 'Compare groups' }).click();
        await page.getByRole('heading', { name: /write “queue”/ }).waitFor();
        assert.match(page.url(), /says=queue/);
        await page.goto(`${server.base}/understand/impact?issue=late`);
        await page.getByRole('link', { name: '“late” is no issue. Choose one from the list.' }).click();
        assert.ok(await page.getByLabel('Issue', { exact: true }).evaluate((e) => e.matches(':target')));
      },
      { expect: [/422/], javaScriptEnabled: false },
    );
  });

  test('every control is reached by keyboard', async () => {
    await visit(async (page) => {
      await page.goto(`${server.base}/understand/impact`);
      const names = await keyboardWalk(page);
      for (const name of ['Compare groups', 'Filter']) {
        assert.ok(names.some((n) => n.includes(name)), `${name} is not reached: ${names.join(', ')}`);
      }
    });
  });

  test('forced colours and a phone', async () => {
    await visit(
      async (page) => {
        await page.goto(`${server.base}/understand/impact?issue=rating%3D1%2C2`);
        await picture(page, 'hit-forced-390');
      },
      { forcedColors: 'active', viewport: { width: 390, height: 800 } },
    );
  });
});

describe('words', () => {
  const letter = 'Applicants must submit documentary evidence of eligibility.\n\n'.repeat(300);

  test('the words that mark the filtered comments lead to them', async () => {
    await visit(async (page) => {
      await indexed(page);
      await page.goto(`${server.base}/understand/words?device=phone&rating=1`);
      await page.getByRole('heading', { name: /mark these comments/ }).waitFor();
      await assertSoundPage(page);
      await picture(page, 'words-mark');
      await page.getByRole('link', { name: 'waited', exact: true }).first().click();
      await page.getByText(/^80 of [0-9,]+ pieces of feedback/).first().waitFor();
    });
  });

  test('a text of the body is compared, and Back from a comment finds the answer again', async () => {
    await visit(async (page) => {
      await page.goto(`${server.base}/understand/words`);
      await page.getByLabel('Your text').fill(letter);
      await page.getByRole('button', { name: 'Compare words' }).click();
      const title = page.getByRole('heading', { name: /^People say .*; your text says/ });
      await title.waitFor();
      assert.equal((await page.getByLabel('Your text').inputValue()).trim(), letter.trim());
      await assertSoundPage(page);
      await picture(page, 'words-against');
      await page.locator('.cw-words__example').first().click();
      await page.waitForURL(/\/understand\/feedback\//);
      await page.goBack();
      await title.waitFor();
      assert.equal((await page.getByLabel('Your text').inputValue()).trim(), letter.trim());
      await page.reload();
      await title.waitFor();
    });
  });

  test('without a script, and with nothing typed', async () => {
    await visit(
      async (page) => {
        await page.goto(`${server.base}/understand/words`);
        await page.getByRole('button', { name: 'Compare words' }).click();
        await page.getByRole('link', { name: 'Paste the text that you want to compare.' }).waitFor();
        await page.getByLabel('Your text').fill(letter);
        await page.getByRole('button', { name: 'Compare words' }).click();
        await page.getByRole('heading', { name: /your text says/i }).waitFor();
      },
      { expect: [/422/], javaScriptEnabled: false },
    );
  });
});
