// The Explorer as a place to work: list and feedback side by side, corrections, a theme for many,
// keys, what survives; and the same without a script.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { assertSoundPage, at, launch, picture, signedIn, visitAs } from '../lib.mjs';

/** Most that a console page may weigh, compressed, with its stylesheet and script. */
const BUDGET = 50_000;
const WIDE = { width: 1600, height: 1000 };

let browser;
let state;

before(async () => {
  browser = await launch();
  state = await signedIn(browser);
});

after(async () => {
  await browser?.close();
});

const visit = (path, fn, options) => visitAs(browser, state, path, fn, options);

const plainly = (path, fn, options = {}) => visit(path, fn, { javaScriptEnabled: false, ...options });
const wide = (path, fn, options = {}) => visit(path, fn, { viewport: WIDE, ...options });

const words = (page) => page.locator('#list .cw-comment__words a');
const openId = (page) => new URL(page.url()).searchParams.get('open');
const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim().slice(0, 60));
/** Marks the document, so that it can be told whether it was loaded anew. */
const mark = (page) => page.evaluate(() => (window.stayed = true));
const stayed = (page) => page.evaluate(() => window.stayed === true);

describe('list and feedback', () => {
  test('stand side by side where there is room, and one at a time elsewhere', async () => {
    await wide('/understand/explorer?q=ambulance', async (page) => {
      await words(page).nth(2).click();
      await page.waitForURL(/open=/);
      await page.locator('#open-title').waitFor();
      assert.ok(await page.locator('#list').isVisible());
      assert.equal(await page.locator('.cw-comment [aria-current=true]').count(), 1);
      await assertSoundPage(page);
      await picture(page, 'explorer-open-1600');
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 });
        assert.ok(!(await page.locator('#list').isVisible()), `only the feedback at ${width}`);
        assert.ok(await page.locator('#open-title').isVisible());
        await picture(page, `explorer-open-${width}`);
      }
    });
  });

  test('the page stays while the region changes; address, Back and focus follow', async () => {
    await wide('/understand/explorer?q=ambulance', async (page) => {
      await mark(page);
      await words(page).nth(1).click();
      await page.waitForURL(/open=/);
      const second = openId(page);
      assert.equal(await focused(page), 'open');
      await page.locator('.cw-detail a[rel=next]').click();
      await page.waitForURL((url) => url.searchParams.get('open') !== second);
      await page.goBack();
      await page.locator(`#f-${second} [aria-current=true]`).waitFor();
      assert.equal(openId(page), second);
      await page.goBack();
      await page.locator('.cw-detail').waitFor({ state: 'detached' });
      assert.equal(new URL(page.url()).search, '?q=ambulance');
      assert.ok(await stayed(page), 'nothing was loaded anew');
      await page.reload();
      assert.ok(!(await stayed(page)));
    });
  });

  test('filtering leaves the focus alone and says the count', async () => {
    await wide('/understand/explorer?q=ambulance', async (page) => {
      await mark(page);
      const box = page.locator('.cw-rail input[name=rating][value="1"]');
      await box.focus();
      await page.keyboard.press('Space');
      await page.waitForURL(/rating=1/);
      await page.locator('.cw-chip', { hasText: 'Rating' }).waitFor();
      assert.ok(await page.locator('.cw-rail input[name=rating][value="1"]').evaluate((e) => e === document.activeElement && e.checked));
      const what = await page.locator('[data-says]').innerText();
      assert.equal(await page.locator('#announcer[role=status]').innerText(), what);
      assert.ok(await stayed(page));
    });
  });

  test('previous and next go through the whole list, over the edge of its page too', async () => {
    for (const script of [true, false]) {
      await wide(
        '/understand/explorer?q=ambulance&order=oldest',
        async (page) => {
          const ids = await page.locator('.cw-comment').evaluateAll((all) => all.map((item) => item.id.slice(2)));
          await page.goto(at(`/understand/explorer?q=ambulance&order=oldest&open=${ids.at(-1)}`));
          await page.locator('.cw-detail a[rel=next]').click();
          await page.waitForURL(/after=/);
          await page.locator('.cw-comment [aria-current=true]').waitFor();
          const beyond = openId(page);
          assert.ok(!ids.includes(beyond));
          await page.locator('.cw-detail a[rel=prev]').click();
          await page.waitForURL(/before=/);
          await page.locator(`#f-${ids.at(-1)} [aria-current=true]`).waitFor();
          await page.goto(at(`/understand/explorer?q=ambulance&order=oldest&open=${ids[0]}`));
          assert.equal(await page.locator('.cw-detail a[rel=prev]').count(), 0, 'nothing is before the first');
        },
        { javaScriptEnabled: script },
      );
    }
  });

  test('the page of its own knows the list, the neighbours and the way back', async () => {
    await plainly('/understand/explorer?q=ambulance', async (page) => {
      await words(page).nth(1).click();
      const id = openId(page);
      await page.getByRole('link', { name: 'Own page' }).click();
      assert.match(await page.locator('h1').innerText(), /^Feedback of /);
      await page.locator('a[rel=next]').click();
      assert.notEqual(new URL(page.url()).pathname, `/understand/feedback/${id}`);
      await page.locator('a[rel=prev]').click();
      assert.equal(new URL(page.url()).pathname, `/understand/feedback/${id}`);
      await page.getByRole('link', { name: 'Back to the list' }).click();
      assert.equal(new URL(page.url()).search + new URL(page.url()).hash, `?q=ambulance#f-${id}`);
    });
  });

  test('weighs no more than a console page may', async () => {
    await wide('/understand/explorer?q=ambulance', async (page) => {
      await words(page).first().click();
      await page.waitForURL(/open=/);
      const html = await (await page.request.get(page.url())).body();
      let bytes = gzipSync(html).length;
      for (const asset of await page.evaluate(() => [...document.querySelectorAll('link[rel=stylesheet], script[src]')].map((e) => e.href ?? e.src))) {
        bytes += gzipSync(await (await page.request.get(asset, { headers: { 'accept-encoding': 'identity' } })).body()).length;
      }
      assert.ok(bytes < BUDGET, `${bytes} bytes`);
    });
  });
});

describe('corrections', () => {
  test('are made in place, confirmed, told with their history, and taken back', async () => {
    await wide('/understand/explorer?q=taxi', async (page) => {
      await words(page).first().click();
      await page.waitForURL(/open=/);
      await mark(page);
      await page.getByText('Correct sentiment and themes').first().click();
      const before = await page.locator('#sentiment-1').inputValue();
      const other = before === 'very_positive' ? 'negative' : 'very_positive';
      await page.locator('#sentiment-1').selectOption(other);
      await page.locator('#theme-names-1').fill('cost');
      await page.getByRole('button', { name: 'Save correction' }).click();
      await page.getByText('You corrected this.').waitFor();
      assert.ok(await stayed(page), 'in place');
      assert.ok((await page.locator('.cw-detail .cw-tag--theme').allInnerTexts()).some((t) => /^cost/i.test(t)));
      await page.getByText(/^History: one entry/).click();
      assert.match(await page.locator('.cw-history li').innerText(), /^You corrected this, \d\d:\d\d: sentiment from .* to .*; with the theme Cost/);
      await assertSoundPage(page);
      await picture(page, 'explorer-corrected');
      await page.getByRole('button', { name: 'Back to the machine’s reading' }).click();
      await page.getByText('Suggested by the machine; nobody has looked yet.').waitFor();
      await page.getByRole('button', { name: 'It is right' }).click();
      await page.getByText('You confirmed this.').waitFor();
      await page.getByRole('button', { name: 'Back to the machine’s reading' }).click();
      await page.getByText('Suggested by the machine; nobody has looked yet.').waitFor();
    });
  });

  test('that cannot be saved keep what was filled in, and say why', async () => {
    for (const script of [true, false]) {
      await wide(
        '/understand/explorer?q=taxi',
        async (page) => {
          await words(page).nth(1).click();
          await page.waitForURL(/open=/);
          await page.getByText('Correct sentiment and themes').first().click();
          await page.locator('#theme-names-1').fill('Parakeets');
          await page.getByRole('button', { name: 'Save correction' }).click();
          const link = page.getByRole('link', { name: /There is no theme “Parakeets”/ });
          await link.waitFor();
          assert.equal(await page.locator('#theme-names-1').inputValue(), 'Parakeets');
          assert.match(await page.title(), /^Error: /);
          await link.click();
          assert.equal(await focused(page), 'theme-names-1');
        },
        { javaScriptEnabled: script, expect: [/422/] },
      );
    }
  });

  test('of two tabs on one comment: the second is told, and nothing is lost', async () => {
    await wide(
      '/understand/explorer?q=taxi',
      async (page, context) => {
        await words(page).nth(2).click();
        await page.waitForURL(/open=/);
        const other = await context.newPage();
        await other.goto(page.url());
        for (const [tab, choice] of [[page, 'neutral'], [other, 'very_negative']]) {
          await tab.getByText('Correct sentiment and themes').first().click();
          const now = await tab.locator('#sentiment-1').inputValue();
          await tab.locator('#sentiment-1').selectOption(now === choice ? 'positive' : choice);
        }
        await page.getByRole('button', { name: 'Save correction' }).click();
        await page.getByText('You corrected this.').waitFor();
        const wanted = await other.locator('#sentiment-1').inputValue();
        await other.getByRole('button', { name: 'Save correction' }).click();
        await other.getByRole('link', { name: /While you looked, somebody else was faster/ }).waitFor();
        assert.equal(await other.locator('#sentiment-1').inputValue(), wanted);
        await other.getByRole('button', { name: 'Save correction' }).click();
        await other.getByText(/^History: 2 entries/).waitFor();
        await other.getByRole('button', { name: 'Back to the machine’s reading' }).click();
        await other.getByText('Suggested by the machine; nobody has looked yet.').waitFor();
      },
      { expect: [/422/] },
    );
  });

  test('begun and not saved are there again after Back', async () => {
    await wide('/understand/explorer?q=taxi', async (page) => {
      await words(page).nth(3).click();
      await page.waitForURL(/open=/);
      await page.getByText('Correct sentiment and themes').first().click();
      await page.locator('#theme-names-1').fill('Was');
      await page.goto(at('/understand/views'));
      await page.goBack();
      await page.getByText('What you changed here before is not saved yet.').waitFor();
      assert.equal(await page.locator('#theme-names-1').inputValue(), 'Was');
      await page.getByRole('button', { name: 'Forget it' }).click();
      assert.equal(await page.locator('#theme-names-1').inputValue(), '');
      await page.reload();
      assert.equal(await page.getByText('What you changed here before is not saved yet.').count(), 0);
    });
  });
});

describe('keys', () => {
  test('lead to the search, through the list, open, close, and show their sheet', async () => {
    await wide('/understand/explorer?q=ambulance', async (page) => {
      await page.keyboard.press('/');
      assert.equal(await focused(page), 'q');
      await page.keyboard.type('jk?');
      assert.equal(await page.locator('#q').inputValue(), 'jk?', 'never while typing');
      await page.evaluate(() => document.activeElement.blur());
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      const second = await page.evaluate(() => document.activeElement.closest('.cw-comment')?.id.slice(2));
      assert.equal(second, (await page.locator('.cw-comment').nth(1).getAttribute('id')).slice(2));
      await page.keyboard.press('k');
      await page.keyboard.press('j');
      await page.keyboard.press('o');
      await page.waitForURL(new RegExp(`open=${second}`));
      await page.locator('#open-title').waitFor();
      await page.keyboard.press('j');
      await page.waitForURL((url) => url.searchParams.get('open') !== second);
      await page.keyboard.press('Escape');
      await page.locator('.cw-detail').waitFor({ state: 'detached' });
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await picture(page, 'shortcuts-dialog');
      await page.keyboard.press('Escape');
      assert.equal(await page.getByRole('dialog').count(), 0);
    });
  });

  test('can be switched off', async () => {
    await plainly('/me', async (page) => {
      await page.getByLabel('Single keys do something').uncheck();
      await page.getByLabel('Rows on a page of the Explorer').selectOption('10');
      await page.getByRole('button', { name: 'Save your settings' }).click();
      await page.getByText('Your settings are saved.').waitFor();
    });
    try {
      await wide('/understand/explorer?q=ambulance', async (page) => {
        assert.equal(await page.locator('.cw-comment').count(), 10);
        await page.keyboard.press('j');
        await page.keyboard.press('?');
        assert.equal(await page.evaluate(() => document.activeElement.localName), 'body');
        assert.equal(await page.getByRole('dialog').count(), 0);
      });
    } finally {
      await plainly('/me', async (page) => {
        await page.getByLabel('Single keys do something').check();
        await page.getByLabel('Rows on a page of the Explorer').selectOption('25');
        await page.getByRole('button', { name: 'Save your settings' }).click();
      });
    }
  });
});

describe('one theme for many', () => {
  test('is asked first, done, and taken back; with and without a script', async () => {
    for (const script of [true, false]) {
      await wide(
        '/understand/explorer?q=taxi',
        async (page) => {
          await page.getByText('Change a theme for several').click();
          const boxes = page.locator('input[name=pick]');
          await boxes.nth(0).check();
          await boxes.nth(1).check();
          await page.locator('#bulk-theme').fill('Fairness and equality');
          await page.getByRole('button', { name: 'Add the theme …' }).click();
          await page.getByRole('heading', { name: /^Add the theme “Fairness/ }).waitFor();
          await page.getByText('2 pieces of feedback are chosen.').waitFor();
          await assertIfScript(script, page);
          await page.getByRole('button', { name: 'Add to 2 comments' }).click();
          await page.locator('#main').getByText('2 comments have got the theme “Fairness').waitFor();
          assert.match(await page.locator('.cw-comment').first().innerText(), /Fairness/);
          await page.getByRole('button', { name: 'Take it back' }).click();
          await page.locator('#main').getByText('The change of themes is taken back').waitFor();
          assert.doesNotMatch(await page.locator('.cw-comment').first().innerText(), /Fairness/);
        },
        { javaScriptEnabled: script },
      );
    }
  });

  test('says what is missing', async () => {
    await plainly(
      '/understand/explorer?q=taxi',
      async (page) => {
        await page.goto(at('/understand/explorer/themes?scope=ticked&theme_name=Cost&act=add'));
        await page.getByText(/Nothing is chosen/).first().waitFor();
        await page.goto(at('/understand/explorer/themes?scope=match&act=remove&theme_name='));
        await page.getByText('Say which theme.').first().waitFor();
        await page.goto(at('/understand/explorer/themes?scope=match&act=add&theme_name=Cost'));
        await page.getByText(/More than 1,000 match/).first().waitFor();
      },
      { expect: [/422/] },
    );
  });
});

async function assertIfScript(script, page) {
  if (script) await assertSoundPage(page);
}

describe('filters', () => {
  test('are left out by a link, changed by their chip, and searched in long lists', async () => {
    await wide('/understand/explorer?q=ambulance', async (page) => {
      await page.getByRole('link', { name: '1 of 5: leave out' }).click();
      await page.waitForURL(/rating=%211/);
      await page.locator('.cw-chip', { hasText: 'Rating is not: 1 of 5' }).waitFor();
      await page.getByRole('link', { name: /^Change the filter Words/ }).click();
      assert.equal(await focused(page), 'q');
      const facet = page.locator('#facet-theme');
      await facet.getByRole('searchbox').fill('cost');
      const seen = await facet.locator('.cw-option:visible .cw-check__text').allInnerTexts();
      assert.ok(seen.length > 0 && seen.every((t) => /cost/i.test(t)), seen.join(', '));
    });
  });

  test('that leave nothing say what each one would leave', async () => {
    await plainly('/understand/explorer?q=parakeet&rating=1', async (page) => {
      const offer = page.getByRole('link', { name: /^Without Words: parakeet \([\d,]+\)/ });
      const promised = (await offer.innerText()).match(/\(([\d,]+)\)/)[1];
      await offer.click();
      assert.ok((await page.locator('.cw-head__what').innerText()).startsWith(`${promised} `));
    });
  });

  test('what is unfolded stays so', async () => {
    await wide('/understand/explorer', async (page) => {
      await page.locator('details[data-fold=theme] > summary').click();
      await page.goto(at('/understand/explorer?rating=1'));
      assert.ok(await page.locator('details[data-fold=theme]').evaluate((fold) => fold.open));
    });
  });
});

test('what is taken out without a script is what is filtered, and said so', async () => {
  await plainly(
    '/understand/explorer?q=taxi&order=oldest',
    async (page) => {
      const shown = (await page.locator('.cw-head__what').innerText()).match(/^[\d,]+/)[0];
      await page.getByText(`${shown} rows: exactly the feedback that is filtered.`, { exact: false }).waitFor();
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: 'CSV', exact: true }).click();
      const file = readFileSync(await (await download).path(), 'utf8');
      assert.equal(file.match(/\r?\n[0-9a-f]{8}-[0-9a-f]{4}-/g).length, Number(shown));
    },
    { acceptDownloads: true },
  );
});
