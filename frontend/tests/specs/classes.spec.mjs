// A class that nothing styles is a spelling mistake, and nobody sees it in review; a style that nothing
// uses is weight.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const SOURCES = ['crates/web/templates', 'crates/web/src', 'crates/report/src'];
// Scripts have other names that begin so too, of what they keep in the browser.
const SCRIPTS = 'frontend/scripts';

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && ['.html', '.rs', '.js'].includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** Our classes in the built stylesheets. */
function styled() {
  const manifest = JSON.parse(readFileSync(join(root, 'frontend/dist/manifest.json'), 'utf8'));
  const sheets = Object.keys(manifest).filter((name) => name.endsWith('.css'));
  const css = sheets.map((name) => readFileSync(join(root, 'frontend/dist', manifest[name]), 'utf8')).join('\n');
  return new Set(css.match(/(?<=\.)cw-[a-z0-9_-]+/g));
}

test('every class of ours in pages and charts is in a stylesheet', () => {
  const known = styled();
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

test('every class of ours in a stylesheet is in a page, a chart or a script', () => {
  const sources = [...SOURCES, SCRIPTS].flatMap((folder) => filesBelow(join(root, folder))).map((file) => readFileSync(file, 'utf8'));
  const used = new Set(sources.flatMap((text) => text.match(/(?<![\w-])cw-[a-z0-9_-]+/g) ?? []));
  // `cw-chart__line--{n}` stands for all that begin so.
  const begun = sources.flatMap((text) => text.match(/(?<![\w-])cw-[a-z0-9_-]*-(?=\{)/g) ?? []);
  const idle = [...styled()].filter((name) => !used.has(name) && !begun.some((start) => name.startsWith(start)));
  assert.deepEqual(idle, []);
});
