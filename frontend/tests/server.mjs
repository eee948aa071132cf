// A server of its own for one spec, at http://localhost:PORT with an empty body and its first administrator. Passkeys
// belong to a name, so 127.0.0.1, at which the other specs look, would not do.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

async function freePort() {
  const socket = createServer();
  socket.listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Starts it; gives its address, the administrator and how to stop it. */
export async function ownServer(name) {
  const data = mkdtempSync(join(tmpdir(), `commonweal-${name}-`));
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const admin = { base, email: 'ada@example.org', password: 'copper lantern drizzle' };
  writeFileSync(join(data, 'commonweal.toml'), `[server]\nlisten = "127.0.0.1:${port}"\npublic_url = "${base}"\n`);
  const env = { ...process.env, COMMONWEAL__LOG__FILTER: 'error' };
  const made = spawnSync(
    process.env.CW_BINARY,
    ['--data', data, 'admin', 'user', 'create', admin.email, '--name', 'Ada Admin', '--duty', 'administrator', '--password-stdin'],
    { env, input: `${admin.password}\n`, encoding: 'utf8' },
  );
  assert.equal(made.status, 0, made.stderr);
  const child = spawn(process.env.CW_BINARY, ['--data', data, 'serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  for (;;) {
    assert.equal(child.exitCode, null, 'the server runs');
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (ready?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  return { base, admin, stop };
}
