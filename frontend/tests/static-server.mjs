// Serves the pattern pages with the built assets, under the security policy that the product
// sends, so that what breaks there breaks here first.

import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const frontend = join(dirname(fileURLToPath(import.meta.url)), '..');
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };

export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Starts the server on a free port. `pages` may hold further addresses: path to a function that
 * gives the HTML. Resolves to `{ base, close }`.
 */
export function serveStatic(pages = {}) {
  const manifest = JSON.parse(readFileSync(join(frontend, 'dist', 'manifest.json'), 'utf8'));
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname);
    response.setHeader('Content-Security-Policy', POLICY);
    if (Object.hasOwn(pages, path)) {
      response.setHeader('Content-Type', TYPES['.html']);
      response.end(pages[path](request));
      return;
    }
    const asset = path.startsWith('/assets/') ? manifest[path.slice('/assets/'.length)] : undefined;
    const file = asset ? join(frontend, 'dist', asset) : join(frontend, 'patterns', path === '/' ? 'index.html' : path);
    if (!existsSync(file) || !TYPES[extname(file)]) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader('Content-Type', TYPES[extname(file)]);
    response.end(readFileSync(file));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ base: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => server.close(done)) });
    });
  });
}

// Run by hand, it stays up for a look: node frontend/tests/static-server.mjs
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { base } = await serveStatic();
  console.log(`Pattern pages: ${base}/`);
}
