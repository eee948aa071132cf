// Runs the browser tests against a real server: the built binary, a data folder of its own, the
// sample data. Prints what failed, and last a line "N passed, N failed"; exits non-zero when
// anything failed.
//
//   node frontend/tests/run.mjs [PART OF A SPEC'S NAME…]
//
// COMMONWEAL_BIN names another binary than target/debug/commonweal. SCREENSHOTS=1 keeps pictures, UPDATE_GOLDEN=1
// writes anew what pages say (tests/golden).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const binary = process.env.COMMONWEAL_BIN ?? join(root, 'target', 'debug', 'commonweal');
/** Longest that loading the sample may take, in an unoptimised build on a busy machine. */
const START_SECONDS = 180;

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Starts `commonweal demo` on a free port. Resolves when it answers. */
async function startServer(data) {
  const child = spawn(binary, ['demo', '--data', data, '--listen', '127.0.0.1:0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A test receives web hooks on this machine.
    env: { ...process.env, COMMONWEAL__HOOKS__ALLOW_PRIVATE: 'true' },
  });
  const log = [];
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    log.push(String(chunk));
  });
  const server = { child, log };
  const said = (name) => printed.match(new RegExp(`^\\s*${name}:?\\s+(\\S+)\\s*$`, 'm'))?.[1];

  const until = Date.now() + START_SECONDS * 1000;
  while (Date.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const base = said('Address');
    if (base && said('Password')) {
      try {
        const response = await fetch(new URL('/readyz', base));
        if (response.ok) return { ...server, base: new URL(base).origin, email: said('Email'), password: said('Password') };
      } catch {
        // Not listening yet.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill('SIGKILL');
  return fail(`The server did not start within ${START_SECONDS} s. It printed:\n${printed}\n${log.join('')}`);
}

async function stopServer({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await ended;
  clearTimeout(hard);
}

/** Runs the spec files one after another and counts; a suite counts by its tests. */
async function runSpecs(files) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const stream = run({ files, concurrency: 1, timeout: 40 * 60_000 });
  const isTest = (event) => event.details?.type !== 'suite';
  stream.on('test:pass', (event) => {
    if (!isTest(event)) return;
    if (event.skip !== undefined || event.todo !== undefined) counts.skipped += 1;
    else counts.passed += 1;
  });
  stream.on('test:fail', (event) => {
    // A suite fails because of its tests, which are counted; or by itself, in before or after.
    if (isTest(event) || event.details?.error?.failureType !== 'subtestsFailed') counts.failed += 1;
  });
  const report = stream.compose(spec);
  report.pipe(process.stdout);
  await once(report, 'end');
  return counts;
}

const wanted = process.argv.slice(2);
const files = readdirSync(join(here, 'specs'))
  .filter((name) => name.endsWith('.spec.mjs'))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  // What every page says is compared with golden files, before others add to what is there.
  .sort((a, b) => Number(b.startsWith('every-page')) - Number(a.startsWith('every-page')) || a.localeCompare(b))
  .map((name) => join(here, 'specs', name));
if (files.length === 0) fail('No spec has such a name.');
if (!existsSync(binary)) fail(`There is no ${binary}. Build it first: cargo build -p commonweal`);
if (!existsSync(join(root, 'frontend', 'dist', 'manifest.json'))) fail('The assets are not built. Run: make assets');

const data = mkdtempSync(join(tmpdir(), 'commonweal-browser-'));
const server = await startServer(data);
// The spec files run in processes of their own and read these; some call the binary themselves.
Object.assign(process.env, {
  CW_BASE: server.base,
  CW_EMAIL: server.email,
  CW_PASSWORD: server.password,
  CW_BINARY: binary,
  CW_DATA: data,
});
const serverEnded = () => server.child.exitCode !== null || server.child.signalCode !== null;

const counts = await runSpecs(files);
if (serverEnded()) {
  console.error('The server ended during the tests.');
  counts.failed += 1;
}
await stopServer(server);
if (counts.failed > 0) console.error(`What the server logged, last:\n${server.log.join('').split('\n').slice(-40).join('\n')}`);
rmSync(data, { recursive: true, force: true });
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exit(counts.failed > 0 ? 1 : 0);
