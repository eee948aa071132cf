// Servers of their own for one spec.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A port of 127.0.0.1 at which nobody listens. */
export async function freePort() {
  const socket = createServer();
  socket.listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Starts one at an address of this machine, with an administrator and further settings if they are given; gives how to stop it. */
export async function startServer(name, base, { admin, settings = '', secrets = {} }) {
  const data = mkdtempSync(join(tmpdir(), `commonweal-${name}-`));
  const { port } = new URL(base);
  writeFileSync(join(data, 'commonweal.toml'), `[server]\nlisten = "127.0.0.1:${port}"\npublic_url = "${base}"\n${settings}`);
  const env = { ...process.env, COMMONWEAL__LOG__FILTER: 'error', ...secrets };
  if (admin) {
    const made = spawnSync(
      process.env.CW_BINARY,
      ['--data', data, 'admin', 'user', 'create', admin.email, '--name', 'Ada Admin', '--duty', 'administrator', '--password-stdin'],
      { env, input: `${admin.password}\n`, encoding: 'utf8' },
    );
    assert.equal(made.status, 0, made.stderr);
  }
  const child = spawn(process.env.CW_BINARY, ['--data', data, 'serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  for (;;) {
    assert.equal(child.exitCode, null, 'the server runs');
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (ready?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
}

/**
 * Starts one at http://localhost:PORT with an empty body and its first administrator; gives its address, the administrator
 * and how to stop it. Passkeys belong to a name, so 127.0.0.1, at which the other specs look, would not do.
 */
export async function ownServer(name) {
  const base = `http://localhost:${await freePort()}`;
  const admin = { base, email: 'ada@example.org', password: 'copper lantern drizzle' };
  return { base, admin, stop: await startServer(name, base, { admin }) };
}
