// A class that nothing styles is a spelling mistake, and nobody sees it in review.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const SOURCES = ['crates/web/templates', 'crates/web/src', 'crates/report/src', 'frontend/patterns'];

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && ['.html', '.rs'].includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

test('every class of ours in pages and charts is in a stylesheet', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'frontend/dist/manifest.json'), 'utf8'));
  const sheets = Object.keys(manifest).filter((name) => name.endsWith('.css'));
  const css = sheets.map((name) => readFileSync(join(root, 'frontend/dist', manifest[name]), 'utf8')).join('\n');
  const known = new Set(css.match(/(?<=\.)cw-[a-z0-9_-]+/g));
  assert.ok(known.size > 50, 'the stylesheets hold our classes');

  const unknown = [];
  for (const file of SOURCES.flatMap((folder) => filesBelow(join(root, folder)))) {
    // Not custom properties (--cw-…), and not the beginning of a class that goes on in a placeholder.
    for (const [name] of readFileSync(file, 'utf8').matchAll(/(?<![\w-])cw-[a-z0-9_-]+(?![\w{-])(?<!-)/g)) {
      if (!known.has(name)) unknown.push(`${relative(root, file)}: ${name}`);
    }
  }
  assert.deepEqual([...new Set(unknown)], []);
});
