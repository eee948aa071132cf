// All pages that people see, and how to get there. every-page.spec.mjs puts each through the same
// checks; a page of the server that is missing here fails there.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { at } from './lib.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const sample = join(root, 'sample-data', 'nhs-friends-and-family.csv');

/** Pages that another spec looks at, because there is nothing on them before its journey. */
export const ELSEWHERE = {
  '/welcome': 'first-run.spec.mjs begins a new body',
  '/new-password': 'it leads away from itself unless a password must be changed; its form is that of /join/{token}',
  '/me/passkeys/new': 'passkeys.spec.mjs has an address to which they belong',
  '/me/passkeys/{passkey}': 'passkeys.spec.mjs adds one first',
  '/people/same': 'it leads to what waits for a decision; its empty page is seen by a test of the server',
  '/listen/entry/{feedback}/change': 'entry.spec.mjs keys something in first',
  '/listen/entry/{feedback}/take-back': 'entry.spec.mjs keys something in first',
};

/** Where whoever got a message about a topic unsubscribes: from a mail that is written to a file. */
function unsubscribeLink() {
  const folder = mkdtempSync(join(tmpdir(), 'cw-send-'));
  const [message, audience] = [join(folder, 'message.md'), join(folder, 'audience.json')];
  writeFileSync(message, 'Dear ((name)),\n\nwe are changing how we collect.\n');
  writeFileSync(audience, '{"reach": ["email"]}');
  const call = (...words) =>
    execFileSync(process.env.CW_BINARY, ['--data', process.env.CW_DATA, ...words], {
      stdio: 'pipe',
      env: { ...process.env, COMMONWEAL__SERVER__PUBLIC_URL: 'https://voice.example.org' },
    });
  call('sender', 'add', 'Files', '--from', 'voice@example.org');
  call('send', message, '--sender', 'Files', '--subject', 'Your bins', '--lane', 'news', '--topic', 'your-neighbourhood', '--audience', audience, '--wait');
  const outgoing = join(process.env.CW_DATA, 'outgoing');
  const mail = readFileSync(join(outgoing, readdirSync(outgoing)[0]), 'utf8').replace(/\r?\n[ \t]+/g, '');
  return new URL(/^List-Unsubscribe: <([^>]+)>/im.exec(mail)[1]).pathname;
}

/** What answers to GET and is no page: data, files, what only machines ask. */
export const NOT_PAGES = [/^\/api\/(openapi\.json|v1\/)/, /^\/v2\//, /^\/events$/, /^\/assets\//, /^\/(healthz|readyz)$/, /\.(csv|css|svg|zip)$/, /^\/preferences\/.*\/copy\.json$/, /\/security\.txt$/, /^\/sign-in\/(out|back)$/, /^\/w\//, /^\/understand\/explorer\/\{export\}$/, /^\/messages\/\{message\}\/html$/];

/** A file of the sample's first answers, made new by `mark`, with two rows that cannot be taken in. */
export function sampleFile(name, mark, rows = 40) {
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
  const path = join(mkdtempSync(join(tmpdir(), 'cw-sample-')), name);
  writeFileSync(path, `${[head, ...made].join('\n')}\n`);
  return { path, good: made.length - 2 };
}

/**
 * Brings about what some pages need before there is anything on them, as a person would. Gives the
 * addresses that are different in every run.
 */
export async function prepare(page) {
  const world = {};
  const path = () => new URL(page.url()).pathname;

  await page.goto(at('/understand/explorer?q=ambulance&order=oldest'));
  await page.locator('.cw-comment__words a').first().click();
  await page.waitForURL(/[?&]open=/);
  world.opened = path() + new URL(page.url()).search;
  world.feedback = `/understand/feedback/${new URL(page.url()).searchParams.get('open')}?q=ambulance`;

  // The sample comes with a form in both languages.
  await page.goto(at('/listen/forms'));
  await page.locator('main a[href^="/listen/forms/"]:not([href="/listen/forms/new"])').first().click();
  world.formSettings = path();
  world.form = new URL(await page.locator('#share a').first().getAttribute('href'), page.url()).pathname;

  await page.goto(at('/settings/teams'));
  await page.getByLabel('Name', { exact: true }).fill('Housing repairs');
  await page.getByLabel('Function').selectOption('operations');
  await page.getByRole('button', { name: 'Add team' }).click();
  await page.getByText('The team is added').waitFor();
  await page.getByRole('link', { name: 'Housing repairs' }).click();
  await page.getByRole('heading', { level: 1, name: 'Housing repairs' }).waitFor();
  world.team = path();
  await page.getByLabel('Add somebody').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Add to the team' }).click();
  await page.getByText('They are in the team now').waitFor();
  await page.goto(at('/settings/users'));
  await page.locator('th a[href^="/settings/users/"]').first().click();
  await page.getByRole('heading', { name: 'Duties' }).waitFor();
  world.user = path();
  // For events that no test brings about, so that nothing is ever sent there.
  await page.goto(at('/settings/hooks/new'));
  await page.getByLabel('What it is for').fill('Case system');
  await page.getByLabel('Address').fill('https://example.org/hook');
  await page.getByLabel('All comments read again').check();
  await page.getByRole('button', { name: 'Add web hook' }).click();
  await page.getByText('The secret is made').waitFor();
  await page.goto(at('/settings/hooks'));
  await page.getByRole('link', { name: 'Case system' }).click();
  world.hook = path();

  // A person whose page was opened, and one whose was not.
  const found = async (name) => {
    await page.goto(at('/people'));
    await page.getByLabel('Name, date of birth').fill(name);
    await page.getByRole('button', { name: 'Find', exact: true }).click();
    return new URL(await page.locator('#list th a').first().getAttribute('href'), page.url()).pathname;
  };
  world.closedPerson = await found('penfold');
  world.person = await found('addy maureen');
  await page.goto(at(world.person));
  if (await page.getByRole('button', { name: 'See this person' }).isVisible()) {
    await page.getByLabel('Reason').fill('To look at the page');
    await page.getByRole('button', { name: 'See this person' }).click();
    await page.getByText('Your reason is kept').waitFor();
  }
  world.hold = new URL(await page.getByRole('link', { name: /^Change ?: Hold/ }).first().getAttribute('href'), page.url()).pathname;
  await page.getByRole('button', { name: /^Make a link to their preferences/ }).first().click();
  world.preferences = new URL(await page.locator('#link').textContent()).pathname;
  world.unsubscribe = unsubscribeLink();
  await page.goto(at('/people/same'));
  world.suggestion = path();
  // A list of people that waits to be begun.
  await page.goto(at('/people/imports/new'));
  await page.getByLabel('Where this is from').fill('Sample library');
  const list = join(mkdtempSync(join(tmpdir(), 'cw-people-')), 'members.csv');
  writeFileSync(list, 'Ref,First name,Surname,Email,Tenure\nM-1,Ann,Exampleby,ann@example.org,own\n,Bo,Nameless,,rent\n');
  await page.getByLabel('File', { exact: true }).setInputFiles(list);
  await page.getByRole('button', { name: 'Look at the file' }).click();
  await page.getByRole('heading', { name: 'What the columns mean' }).waitFor();
  world.peopleImport = path();

  // An audience of those who can be rung up.
  await page.goto(at('/people/audiences/new'));
  await page.getByLabel('Name').fill('Can be rung up');
  await page.getByLabel('Another condition').selectOption('reach');
  await page.getByRole('button', { name: 'Add condition' }).click();
  await page.getByLabel('Phone').check();
  await page.getByRole('button', { name: 'Save audience' }).click();
  await page.getByText('The audience is saved').waitFor();
  world.audience = path();

  // A sender in test mode, and a message in both languages.
  await page.goto(at('/senders/new?kind=smtp'));
  await page.getByLabel('Name', { exact: true }).fill('Mail server');
  await page.getByLabel('Emails come from').fill('news@example.org');
  await page.getByLabel('Server', { exact: true }).fill('smtp.example.org');
  await page.getByLabel('Addresses for testing').fill('ann@example.org');
  await page.getByRole('button', { name: 'Add sender' }).click();
  await page.getByText('The sender is added').waitFor();
  world.sender = path();
  // A mailbox that nobody reads.
  await page.goto(at('/mailboxes/new'));
  await page.getByLabel('Name', { exact: true }).fill('Returns');
  await page.getByLabel('Server', { exact: true }).fill('imap.example.org');
  await page.getByLabel('User name').fill('returns@example.org');
  await page.getByLabel('Password').fill('not a password');
  await page.getByRole('button', { name: 'Add mailbox' }).click();
  await page.getByText('The mailbox is added').waitFor();
  world.mailbox = path();
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByText('The mailbox is switched off').waitFor();
  await page.goto(at('/messages/new'));
  await page.getByLabel('Name', { exact: true }).fill('New bin days');
  const [english, welsh] = [page.getByRole('group', { name: 'English' }), page.getByRole('group', { name: 'Welsh' })];
  await english.getByLabel('Subject').fill('Your bins, ((first name))');
  await english.getByLabel('Message').fill('# New days\n\nDear ((first name)),\n\nyour bins go on:\n\n* Monday\n* Friday\n\n[See all days](https://example.org/bins)');
  await welsh.getByLabel('Subject').fill('Eich biniau, ((first name))');
  await welsh.getByLabel('Message').fill('# Diwrnodau newydd\n\nAnnwyl ((first name)),\n\nbydd eich biniau yn mynd ddydd Llun.');
  await page.getByRole('button', { name: 'Save message' }).click();
  await page.getByText('The message is saved').waitFor();
  world.message = path();
  // A send to them that begins far in the future.
  await page.goto(at('/sends/new'));
  await page.getByLabel('Name', { exact: true }).fill('Bin days');
  await page.getByLabel('Subject', { exact: true }).fill('Your bin day');
  await page.getByLabel('Text', { exact: true }).fill('Dear ((first name)), your bin day changes.');
  await page.getByLabel('Audience').selectOption({ label: 'Can be rung up' });
  await page.getByLabel('Their own case').check();
  await page.getByLabel('Sender').selectOption({ index: 1 });
  await page.getByLabel('Begins on').fill('2099-06-01');
  await page.getByRole('button', { name: 'See who would get it' }).click();
  await page.getByRole('heading', { name: 'Who would get “Bin days”?' }).waitFor();
  const plan = page.getByRole('button', { name: 'Send', exact: true });
  if (await plan.isVisible()) {
    await plan.click();
    await page.getByText('The send is planned').waitFor();
    world.send = path();
  } else {
    await page.goto(at('/sends'));
    await page.locator('tbody a').first().click();
    await page.waitForURL(/\/sends\/[0-9a-f-]{36}$/);
    world.send = path();
  }

  await page.goto(at('/understand/discoveries?service=nhs-111&rating=1'));
  await page.getByRole('button', { name: 'Find themes' }).click();
  await page.waitForURL(/\/understand\/discoveries\/./, { timeout: 120_000 });
  world.discovery = path();

  const upload = async (name) => {
    await page.goto(at('/listen/imports/new'));
    await page.getByLabel('File').setInputFiles(sampleFile(name, name.replace('.csv', '')).path);
    await page.getByRole('button', { name: 'Look at the file' }).click();
    await page.getByRole('heading', { name: `Check what ${name} means` }).waitFor();
    return path();
  };
  world.importPreview = await upload('to check.csv');
  world.importDone = await upload('taken in.csv');
  await page.getByRole('button', { name: 'Begin import' }).click();
  // The script renews the page until the import is done.
  await page.getByRole('heading', { name: 'State: Done' }).waitFor();
  return world;
}

/** Takes back what `prepare` brought into the counts. */
export async function undo(page, world) {
  await page.goto(at(`${world.importDone}/undo`));
  await page.getByRole('button', { name: 'Yes, undo this import' }).click();
  await page.getByRole('heading', { name: 'State: Undone' }).waitFor();
}

/** Why pages of themes have no golden file. */
const THEMES = 'what stands there changes with the codeframe that comes with the program';

/**
 * The pages:
 *  - `name`: of its golden file and its picture
 *  - `route`: as the server names it (who_may_do_what.snap)
 *  - `path`: its address, or how to make it from what `prepare` gives
 *  - `nobody`: it is seen without a sign-in
 *  - `act`: what is done on the page before it is looked at
 *  - `status`: what the server answers, when it is not 200
 *  - `golden: false`: says why no snapshot is kept
 *  - `light: false`: says why it may weigh more than others
 */
export const PAGES = [
  { name: 'sign-in', route: '/sign-in', path: '/sign-in?next=/listen/imports', nobody: true },
  {
    name: 'sign-in-refused',
    route: '/sign-in',
    path: '/sign-in?next=/listen/imports',
    nobody: true,
    status: 422,
    act: async (page) => {
      await page.getByLabel('Email address').fill('somebody@example.org');
      await page.getByLabel('Password', { exact: true }).fill('not the password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    },
  },
  {
    name: 'api-docs',
    route: '/api/docs',
    path: '/api/docs',
    nobody: true,
    golden: 'it is made from the document of the API, which has a snapshot of its own',
    light: 'it is all of the reference on one page',
    beginning: 250,
  },
  { name: 'overview', route: '/', path: '/' },
  { name: 'overview-all', route: '/', path: '/?period=all' },
  { name: 'overview-service', route: '/', path: '/?service=nhs-111' },
  { name: 'overview-nothing', route: '/', path: '/?service=no-such-service' },
  { name: 'alerts', route: '/understand/alerts', path: '/understand/alerts' },
  { name: 'alerts-kind', route: '/understand/alerts', path: '/understand/alerts?kind=risk_to_life' },
  { name: 'alerts-looked-at', route: '/understand/alerts', path: '/understand/alerts?state=looked' },
  { name: 'explorer', route: '/understand/explorer', path: '/understand/explorer' },
  {
    name: 'explorer-filtered',
    route: '/understand/explorer',
    path: '/understand/explorer?q=ambulance&period=2022&show=satisfied&compare=year_before',
  },
  {
    name: 'explorer-order',
    route: '/understand/explorer',
    path: '/understand/explorer?order=oldest&by=week&from=2022-01-01&to=2022-06-30&rating=1&rating=2',
  },
  { name: 'explorer-opened', route: '/understand/explorer', path: (world) => world.opened, golden: 'which comment comes first among equals is chance' },
  { name: 'explorer-nothing', route: '/understand/explorer', path: '/understand/explorer?q=parakeet' },
  { name: 'explorer-wrong', route: '/understand/explorer', path: '/understand/explorer?q=colour%3Ared', status: 422 },
  { name: 'hit', route: '/understand/impact', path: '/understand/impact' },
  { name: 'hit-words', route: '/understand/impact', path: '/understand/impact?says=ambulance' },
  { name: 'words', route: '/understand/words', path: '/understand/words' },
  { name: 'words-filtered', route: '/understand/words', path: '/understand/words?service=nhs-111' },
  { name: 'words-nothing', route: '/understand/words', path: '/understand/words?service=no-such-service' },
  { name: 'themes', route: '/understand/themes', path: '/understand/themes?period=all', golden: THEMES },
  { name: 'themes-nothing', route: '/understand/themes', path: '/understand/themes?service=no-such-service', golden: THEMES },
  { name: 'theme', route: '/understand/themes/{theme}', path: '/understand/themes/waiting?period=all', golden: THEMES },
  { name: 'drivers', route: '/understand/drivers', path: '/understand/drivers', golden: THEMES },
  { name: 'drivers-read', route: '/understand/drivers', path: '/understand/drivers?read=yes', golden: THEMES },
  { name: 'discoveries', route: '/understand/discoveries', path: '/understand/discoveries', golden: THEMES },
  { name: 'discovery', route: '/understand/discoveries/{discovery}', path: (world) => world.discovery, golden: THEMES },
  { name: 'people', route: '/people', path: '/people' },
  {
    name: 'people-found',
    route: '/people',
    path: '/people',
    act: async (page) => {
      await page.getByLabel('Name, date of birth').fill('addy');
      await page.getByRole('button', { name: 'Find', exact: true }).click();
      await page.getByRole('link', { name: 'Maureen Addy' }).waitFor();
    },
  },
  { name: 'person-closed', route: '/people/{person}', path: (world) => world.closedPerson },
  { name: 'person', route: '/people/{person}', path: (world) => world.person, golden: 'the day on which it was told stands there' },
  { name: 'person-hold', route: '/people/{person}/hold', path: (world) => `${world.person}/hold`, golden: 'who sees people is chosen there' },
  { name: 'person-wishes', route: '/people/{person}/wishes', path: (world) => `${world.person}/wishes` },
  { name: 'holds', route: '/people/holds', path: '/people/holds' },
  { name: 'hold', route: '/people/holds/{hold}', path: (world) => world.hold, golden: 'who sees people is chosen there' },
  { name: 'people-requests', route: '/people/requests', path: '/people/requests', golden: 'other tests ask for something' },
  { name: 'topics', route: '/people/topics', path: '/people/topics' },
  { name: 'topic', route: '/people/topics/{topic}', path: '/people/topics/have-your-say' },
  { name: 'person-merge', route: '/people/{person}/merge', path: (world) => `${world.person}/merge` },
  { name: 'person-export', route: '/people/{person}/export', path: (world) => `${world.person}/export` },
  { name: 'person-deceased', route: '/people/{person}/deceased', path: (world) => `${world.person}/deceased` },
  { name: 'person-erase', route: '/people/{person}/erase', path: (world) => `${world.person}/erase` },
  { name: 'people-add', route: '/people/add', path: '/people/add' },
  { name: 'audiences', route: '/people/audiences', path: '/people/audiences', golden: 'the day on which it was changed stands there' },
  { name: 'audience-new', route: '/people/audiences/new', path: '/people/audiences/new' },
  { name: 'audience', route: '/people/audiences/{audience}', path: (world) => world.audience, golden: 'its figures follow from ids that differ each time' },
  { name: 'sends', route: '/sends', path: '/sends', golden: 'when sends begin stands there' },
  { name: 'send-approvals', route: '/sends/approvals', path: '/sends/approvals' },
  { name: 'send-new', route: '/sends/new', path: '/sends/new', golden: 'senders and teams of other tests are chosen there' },
  { name: 'send-stop-all', route: '/sends/stop', path: '/sends/stop', golden: 'what goes out stands there' },
  { name: 'send', route: '/sends/{dispatch}', path: (world) => world.send, golden: 'when it was made stands there' },
  { name: 'send-deliveries', route: '/sends/{dispatch}/deliveries', path: (world) => `${world.send}/deliveries`, golden: 'when something became of it stands there' },
  { name: 'send-stop', route: '/sends/{dispatch}/cancel', path: (world) => `${world.send}/cancel` },
  { name: 'people-imports', route: '/people/imports', path: '/people/imports', golden: 'when files were handed in stands there' },
  { name: 'people-import-new', route: '/people/imports/new', path: '/people/imports/new' },
  { name: 'people-import-preview', route: '/people/imports/{people_import}', path: (world) => world.peopleImport, golden: 'when the file was handed in stands there' },
  { name: 'people-import-undo', route: '/people/imports/{people_import}/undo', path: (world) => `${world.peopleImport}/undo` },
  { name: 'people-same', route: '/people/same/{suggestion}', path: (world) => world.suggestion, golden: 'the day on which it was suggested stands there' },
  { name: 'codeframe', route: '/settings/codeframe', path: '/settings/codeframe', golden: THEMES },
  { name: 'codeframe-add', route: '/settings/codeframe/add', path: '/settings/codeframe/add', golden: THEMES },
  {
    name: 'codeframe-change',
    route: '/settings/codeframe/themes/{theme}',
    path: '/settings/codeframe/themes/waiting',
    golden: THEMES,
  },
  { name: 'feedback', route: '/understand/feedback/{feedback}', path: (world) => world.feedback },
  { name: 'bulk', route: '/understand/explorer/themes', path: '/understand/explorer/themes?scope=match&theme_name=Cost&act=add&q=taxi' },
  { name: 'me', route: '/me', path: '/me', golden: 'other tests sign in and out, and it lists where' },
  { name: 'shortcuts', route: '/shortcuts', path: '/shortcuts' },
  { name: 'views', route: '/understand/views', path: '/understand/views' },
  { name: 'messages', route: '/messages', path: '/messages', golden: 'the day on which it was written stands there' },
  { name: 'message-new', route: '/messages/new', path: '/messages/new', golden: 'other tests add teams' },
  {
    name: 'message-new-wrong',
    route: '/messages/new',
    path: '/messages/new',
    status: 422,
    golden: 'other tests add teams',
    act: async (page) => {
      await page.getByRole('group', { name: 'English' }).getByLabel('Message').fill('Dear ((name,');
      await page.getByRole('button', { name: 'Save message' }).click();
      await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    },
  },
  { name: 'message', route: '/messages/{message}', path: (world) => world.message, golden: 'when it was written stands there' },
  { name: 'message-change', route: '/messages/{message}/change', path: (world) => `${world.message}/change`, golden: 'other tests add teams' },
  { name: 'message-preview', route: '/messages/{message}/preview', path: (world) => `${world.message}/preview?language=cy` },
  { name: 'suppressions', route: '/suppressions', path: '/suppressions' },
  {
    name: 'suppressions-asked',
    route: '/suppressions',
    path: '/suppressions',
    act: async (page) => {
      await page.getByLabel('Email address or phone number').fill('ann@example.org');
      await page.getByRole('button', { name: 'Find', exact: true }).click();
      await page.getByRole('heading', { name: 'No, it is not suppressed' }).waitFor();
    },
  },
  { name: 'senders', route: '/senders', path: '/senders' },
  { name: 'sender-kind', route: '/senders/new', path: '/senders/new' },
  { name: 'sender-new', route: '/senders/new', path: '/senders/new?kind=smtp' },
  { name: 'sender-new-notify', route: '/senders/new', path: '/senders/new?kind=notify_sms' },
  { name: 'sender-new-request', route: '/senders/new', path: '/senders/new?kind=sms_http' },
  { name: 'sender', route: '/senders/{sender}', path: (world) => world.sender },
  { name: 'mailboxes', route: '/mailboxes', path: '/mailboxes', golden: 'when they were read stands there' },
  { name: 'mailbox-new', route: '/mailboxes/new', path: '/mailboxes/new' },
  { name: 'mailbox', route: '/mailboxes/{mailbox}', path: (world) => world.mailbox, golden: 'when it was read stands there' },
  { name: 'returned', route: '/returned', path: '/returned' },
  { name: 'imports', route: '/listen/imports', path: '/listen/imports' },
  { name: 'import-new', route: '/listen/imports/new', path: '/listen/imports/new' },
  { name: 'import-preview', route: '/listen/imports/{import}', path: (world) => world.importPreview },
  { name: 'import-done', route: '/listen/imports/{import}', path: (world) => world.importDone },
  { name: 'import-undo', route: '/listen/imports/{import}/undo', path: (world) => `${world.importDone}/undo` },
  { name: 'settings', route: '/settings', path: '/settings' },
  { name: 'users', route: '/settings/users', path: '/settings/users' },
  { name: 'user', route: '/settings/users/{user}', path: (world) => world.user },
  { name: 'teams', route: '/settings/teams', path: '/settings/teams' },
  { name: 'team', route: '/settings/teams/{team}', path: (world) => world.team },
  { name: 'keys', route: '/settings/keys', path: '/settings/keys' },
  { name: 'hooks', route: '/settings/hooks', path: '/settings/hooks' },
  { name: 'hook-new', route: '/settings/hooks/new', path: '/settings/hooks/new' },
  {
    name: 'hook-new-wrong',
    route: '/settings/hooks/new',
    path: '/settings/hooks/new',
    status: 422,
    act: async (page) => {
      await page.getByLabel('Address').fill('ftp://example.org');
      await page.getByRole('button', { name: 'Add web hook' }).click();
      await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    },
  },
  { name: 'hook', route: '/settings/hooks/{hook}', path: (world) => world.hook },
  { name: 'hook-delete', route: '/settings/hooks/{old_hook}/delete', path: (world) => `${world.hook}/delete` },
  { name: 'services', route: '/settings/services', path: '/settings/services' },
  {
    name: 'audit',
    route: '/settings/audit',
    path: '/settings/audit',
    // What these tests do themselves leaves lines as well, in no order: what the demo did at its start always stands there.
    act: (page) =>
      page.evaluate(() => {
        for (const row of document.querySelectorAll('main tbody tr')) if (!row.textContent.includes('Operator of the server')) row.remove();
      }),
  },
  { name: 'entry', route: '/listen/entry', path: '/listen/entry' },
  { name: 'forms', route: '/listen/forms', path: '/listen/forms', golden: 'other tests answer forms and make some' },
  { name: 'form-new', route: '/listen/forms/new', path: '/listen/forms/new', golden: 'other tests add services' },
  { name: 'form-settings', route: '/listen/forms/{form}', path: (world) => world.formSettings },
  { name: 'replies', route: '/listen/replies', path: '/listen/replies' },
  { name: 'form-replies', route: '/listen/forms/{form}/replies', path: (world) => `${world.formSettings}/replies` },
  { name: 'form', route: '/f/{form_key}', path: (world) => `${world.form}?lang=en`, nobody: true, public: true },
  { name: 'form-welsh', route: '/f/{form_key}', path: (world) => `${world.form}?lang=cy`, nobody: true, public: true },
  { name: 'form-thanks', route: '/f/{form_key}/thanks', path: (world) => `${world.form}/thanks?lang=en`, nobody: true, public: true },
  { name: 'form-thanks-welsh', route: '/f/{form_key}/thanks', path: (world) => `${world.form}/thanks?lang=cy`, nobody: true, public: true },
  { name: 'preferences', route: '/preferences/{preference_token}', path: (world) => `${world.preferences}?lang=en`, nobody: true, public: true },
  { name: 'preferences-welsh', route: '/preferences/{preference_token}', path: (world) => `${world.preferences}?lang=cy`, nobody: true, public: true },
  ...['topics', 'writing', 'held'].flatMap((part) =>
    ['en', 'cy'].map((language) => ({
      name: `preferences-${part}-${language}`,
      route: `/preferences/{preference_token}/${part}`,
      path: (world) => `${world.preferences}?lang=${language}`,
      nobody: true,
      public: true,
      golden: 'the day on which it was told stands there',
      act: async (page) => {
        const mine = page.locator('button[value="mine"]');
        if (await mine.isVisible()) await mine.click();
        await page.locator(`a[href*="/${part}?"]`).click();
        await page.locator('.govuk-back-link').waitFor();
      },
    })),
  ),
  { name: 'unsubscribe', route: '/unsubscribe/{delivery_token}', path: (world) => `${world.unsubscribe}?lang=en`, nobody: true, public: true },
  { name: 'unsubscribe-welsh', route: '/unsubscribe/{delivery_token}', path: (world) => `${world.unsubscribe}?lang=cy`, nobody: true, public: true },
  { name: 'branding', route: '/settings/branding', path: '/settings/branding' },
  { name: 'retention', route: '/settings/retention', path: '/settings/retention' },
  { name: 'second-step', route: '/second-step', path: '/second-step' },
  { name: 'join-over', route: '/join/{token}', path: '/join/not-a-token', nobody: true, status: 404 },
  { name: 'welcome-over', route: '/welcome/{token}', path: '/welcome/not-a-token', nobody: true, status: 404 },
  { name: 'jobs', route: '/settings/jobs', path: '/settings/jobs' },
  { name: 'not-found', route: null, path: '/nowhere', status: 404 },
];
