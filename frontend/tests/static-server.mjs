// Serves pages of a test with the console's built script, under the security policy that the product
// sends, so that what breaks there breaks here too.

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const TYPES = { '.js': 'text/javascript', '.svg': 'image/svg+xml' };

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEAD =
  '<!doctype html><html lang="en"><title>Test</title><link rel="icon" href="/assets/favicon.svg"><script type="module" src="/assets/console.js"></script>';

/**
 * Starts the server on a free port. `pages`: path to a function that gives what stands in the body.
 * Resolves to `{ base, close }`.
 */
export function serveScript(pages) {
  const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const asset = manifest[path.replace('/assets/', '')];
    response.setHeader('Content-Security-Policy', POLICY);
    if (Object.hasOwn(pages, path)) {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(HEAD + pages[path]());
    } else if (asset) {
      response.setHeader('Content-Type', TYPES[extname(asset)]);
      response.end(readFileSync(join(dist, asset)));
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ base: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => server.close(done)) });
    });
  });
}
