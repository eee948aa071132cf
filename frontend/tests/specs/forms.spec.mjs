// The public form, as people use it: with and without script, in both languages, at every width; and
// the console's pages about forms.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import jsQR from 'jsqr';
import {
  assertAccessible,
  assertNoSidewaysScroll,
  assertSoundPage,
  assertTargetSizes,
  at,
  keyboardWalk,
  launch,
  picture,
  signIn,
  WIDTHS,
  withoutScript,
  withPage,
} from '../lib.mjs';

/** What public pages may weigh, without fonts. */
const BUDGET = 25_000;
/** Longer than the least time between seeing a form and sending it. */
const A_MOMENT = 2_300;

const unique = (words) => `${words} ${Math.random().toString(36).slice(2, 10)}`;
const returned = { expect: [/422/] };

let browser;
let form;

before(async () => {
  browser = await launch();
  // The sample comes with a form in both languages.
  await withPage(browser, async (page) => {
    await signIn(page);
    await page.goto(at('/listen/forms'));
    await page.getByRole('link', { name: 'Your feedback on our services' }).first().click();
    form = await page.locator('#share a').first().getAttribute('href');
  });
  assert.match(form, /\/f\/[a-z0-9]{10}$/);
});

after(async () => {
  await browser?.close();
});

const send = (page) => page.getByRole('button', { name: /Send feedback|Anfon adborth/ }).click();
const tile = (page, name) => page.getByRole('radio', { name, exact: true });

/** How many feedback of the form hold these words, as the console counts. */
async function found(page, words) {
  await page.goto(at(`/understand/explorer?${new URLSearchParams({ q: `"${words}"`, source: `form:${form.split('/').pop()}` })}`));
  return page.locator('.cw-comment').count();
}

test('the form is sound in both languages at every width, and weighs little', async () => {
  for (const lang of ['en', 'cy']) {
    await withoutScript(browser, async (page) => {
      await page.goto(`${form}?lang=${lang}`);
      assert.equal(await page.locator('html').getAttribute('lang'), lang === 'en' ? 'en-GB' : 'cy');
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await assertNoSidewaysScroll(page, width);
        await picture(page, `form-${lang}-${width}`);
      }
    });
    await withPage(browser, async (page) => {
      const bodies = [];
      page.on('response', (response) => bodies.push(response.body()));
      await page.goto(`${form}?lang=${lang}`, { waitUntil: 'networkidle' });
      const weight = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
      assert.ok(weight > 5_000 && weight < BUDGET, `${weight} bytes`);
      await page.locator('summary').click();
      await page.getByRole('checkbox').check();
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await assertAccessible(page, `${form} ${lang} ${width}`);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
      await assertSoundPage(page);
      await assertTargetSizes(page, 44);
      assert.equal((await page.context().cookies()).length, 0);
    });
  }
});

test('the form can be used by keyboard alone', async () => {
  await withPage(browser, async (page) => {
    await page.goto(`${form}?lang=en`);
    const names = await keyboardWalk(page);
    for (const name of ['Skip to main content', 'Cymraeg', 'What was good?', 'What could we do better?', 'Send feedback']) {
      assert.ok(names.includes(name), `${name} in ${names.join(' | ')}`);
    }
    assert.ok(!names.includes('Leave this empty'), 'the trap can not be reached');
  });
});

test('an answer given without a script is in the Explorer a moment later', async () => {
  const words = unique('The ramp was icy');
  await withoutScript(browser, async (page) => {
    await page.goto(`${form}?lang=en&page=${encodeURIComponent('https://council.example/winter?id=7')}`);
    await tile(page, '2 Dissatisfied').check({ force: true });
    await page.getByLabel('What could we do better?').fill(words);
    await page.waitForTimeout(A_MOMENT);
    await send(page);
    await page.getByRole('heading', { name: 'Thank you for your feedback' }).waitFor();
    await assertNoSidewaysScroll(page);
    await picture(page, 'form-thanks');
  });
  await withPage(browser, async (page) => {
    await signIn(page);
    const until = Date.now() + 10_000;
    let count = 0;
    while (count === 0 && Date.now() < until) count = await found(page, words);
    assert.equal(count, 1);
    await page.locator('.cw-comment a').first().click();
    await page.getByText('https://council.example/winter').first().waitFor();
    const text = await page.locator('main').innerText();
    assert.doesNotMatch(text, /id=7/);
  });
});

test('sent too soon, the form comes back as it was filled in and is taken once', async () => {
  const words = unique('Quick as a wink');
  await withoutScript(
    browser,
    async (page) => {
      await page.goto(`${form}?lang=cy`);
      await page.getByLabel('Beth oedd yn dda?').fill(words);
      await send(page);
      await page.getByRole('heading', { name: 'Pwyswch “Anfon adborth” unwaith eto' }).waitFor();
      assert.equal(await page.getByLabel('Beth oedd yn dda?').inputValue(), words);
      await assertNoSidewaysScroll(page);
      await picture(page, 'form-again-cy');
      await page.waitForTimeout(A_MOMENT);
      await page.getByRole('button', { name: 'Anfon adborth' }).dblclick();
      await page.getByRole('heading', { name: 'Diolch am eich adborth' }).waitFor();
    },
    returned,
  );
  await withPage(browser, async (page) => {
    await signIn(page);
    const until = Date.now() + 10_000;
    let count = 0;
    while (count === 0 && Date.now() < until) count = await found(page, words);
    assert.equal(count, 1, 'a double click is one feedback');
  });
});

test('what fills in the hidden field is asked again', async () => {
  await withPage(
    browser,
    async (page) => {
      await page.goto(`${form}?lang=en`);
      await page.getByLabel('What was good?').fill('Buy pills');
      await page.locator('#more').evaluate((field) => {
        field.value = 'https://spam.example';
      });
      await page.waitForTimeout(A_MOMENT);
      await send(page);
      await page.getByRole('heading', { name: 'once more' }).waitFor();
      assert.equal(await page.locator('#more').inputValue(), '');
    },
    returned,
  );
});

test('errors are said at the top and at the field, and keep what was typed', async () => {
  for (const open of [withPage, withoutScript]) {
    await open(
      browser,
      async (page) => {
        await page.goto(`${form}?lang=en`);
        await page.getByLabel('What was good?').fill('شكرا جزيلا 👩‍👩‍👧');
        await page.getByRole('checkbox').check();
        await page.getByLabel('Email address').fill('ann at example');
        await send(page);
        const summary = page.locator('.govuk-error-summary');
        await summary.waitFor();
        assert.match(await page.title(), /^Error: /);
        assert.ok(await summary.evaluate((s) => document.activeElement === s), 'the summary has the focus');
        await summary.getByRole('link').click();
        assert.equal(await page.evaluate(() => location.hash), '#email');
        assert.equal(await page.getByLabel('Email address').inputValue(), 'ann at example');
        assert.equal(await page.getByLabel('What was good?').inputValue(), 'شكرا جزيلا 👩‍👩‍👧');
        assert.equal(await page.getByLabel('What was good?').evaluate((t) => getComputedStyle(t).direction), 'rtl');
        await assertNoSidewaysScroll(page);
        if (open === withPage) await assertSoundPage(page);
        await picture(page, 'form-errors');
      },
      returned,
    );
  }
});

test('in forced colours the answer that was chosen can be told from the others', async () => {
  await withPage(
    browser,
    async (page) => {
      await page.goto(`${form}?lang=en`);
      await tile(page, '4 Satisfied').check({ force: true });
      await page.getByLabel('What was good?').focus();
      const look = (value) =>
        page.locator(`.cw-rating__input[value="${value}"] + label`).evaluate((label) => {
          const { backgroundColor, borderTopColor, borderTopStyle } = getComputedStyle(label);
          return { backgroundColor, borderTopColor, borderTopStyle };
        });
      const [chosen, other] = [await look(4), await look(3)];
      assert.notEqual(chosen.backgroundColor, other.backgroundColor);
      assert.equal(other.borderTopStyle, 'solid');
      await assertAccessible(page);
      await picture(page, 'form-forced-colours');
    },
    { forcedColors: 'active' },
  );
});

test('a form that is not there says so in an accessible page', async () => {
  await withPage(
    browser,
    async (page) => {
      await page.goto(at('/f/nothing?lang=cy'));
      await page.getByRole('heading', { name: 'Nid oes ffurflen o’r fath' }).waitFor();
      await assertSoundPage(page);
    },
    { expect: [/404/] },
  );
});

test('a manager makes a form without a script, changes it, closes it and opens it again', async () => {
  const title = unique('Waiting room');
  await withoutScript(
    browser,
    async (page) => {
      await signIn(page);
      await page.goto(at('/listen/forms/new'));
      await page.getByRole('button', { name: 'Make form' }).click();
      await page.locator('.govuk-error-summary').waitFor();
      await assertNoSidewaysScroll(page);
      await page.getByLabel('Title').fill(title);
      await page.getByLabel('Asks about').selectOption({ index: 1 });
      await page.getByLabel('Thumbs up or down').check();
      await page.getByLabel('English').first().check();
      await page.getByRole('button', { name: 'Make form' }).click();
      await page.locator('#share').waitFor();
      await picture(page, 'console-form');
      const own = await page.locator('#share a').first().getAttribute('href');
      await page.getByRole('button', { name: 'Close the form' }).click();
      await page.goto(own, { waitUntil: 'load' });
      await page.getByRole('heading', { name: 'This form is closed' }).waitFor();
      await page.goBack();
      await page.getByRole('button', { name: 'Open the form again' }).click();
      await page.goto(own);
      await tile(page, 'Yes').check({ force: true });
      await page.waitForTimeout(A_MOMENT);
      await send(page);
      await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    },
    { expect: [/422/, /410/] },
  );
});

test('the QR code leads to the form, and the lines for a website can be copied', async () => {
  await withPage(
    browser,
    async (page) => {
      await signIn(page);
      await page.goto(at('/listen/forms'));
      await page.getByRole('link', { name: 'Your feedback on our services' }).first().click();
      const picture = page.getByRole('img', { name: 'QR code that leads to the form' });
      await picture.scrollIntoViewIfNeeded();
      const pixels = await picture.evaluate(async (image) => {
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 480 });
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0, 480, 480);
        return [...context.getImageData(0, 0, 480, 480).data];
      });
      assert.equal(jsQR(Uint8ClampedArray.from(pixels), 480, 480)?.data, form);
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Download QR code' }).click();
      assert.match((await download).suggestedFilename(), /^feedback-[a-z0-9]{10}\.svg$/);
      await page.getByRole('button', { name: /^Copy.*As a widget/ }).click();
      await page.getByText('Copied', { exact: true }).waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(copied, /^<script type="module" [^]*<commonweal-feedback form="[a-z0-9]{10}"><a href=/);
    },
    { permissions: ['clipboard-read', 'clipboard-write'] },
  );
});

test('a form that is begun and not saved is there again, and gone once it is made', async () => {
  await withPage(browser, async (page) => {
    await signIn(page);
    await page.goto(at('/listen/forms/new'));
    await page.getByLabel('Title').fill(unique('Half a form'));
    const title = await page.getByLabel('Title').inputValue();
    await page.goto(at('/listen/forms'));
    await page.goBack();
    await page.getByText('What you changed here before is not saved yet.').waitFor();
    assert.equal(await page.getByLabel('Title').inputValue(), title);
    await page.getByLabel('Asks about').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Make form' }).click();
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.goto(at('/listen/forms/new'));
    assert.equal(await page.getByLabel('Title').inputValue(), '', 'it is made');
  });
});

test('the console’s pages about forms are sound', async () => {
  await withPage(browser, async (page) => {
    await signIn(page);
    for (const path of ['/listen/forms', '/listen/forms/new']) {
      await page.goto(at(path));
      await assertSoundPage(page);
      await picture(page, `console${path.replaceAll('/', '-')}`);
    }
    await page.goto(at('/listen/forms'));
    await page.getByRole('link', { name: 'Your feedback on our services' }).first().click();
    await page.locator('#share').waitFor();
    await assertSoundPage(page);
    await page.getByRole('link', { name: 'People who asked to hear back' }).click();
    await assertSoundPage(page);
  });
});
