// Builds what the server ships: frontend/dist with content-hashed names, .gz and .br beside each
// file, manifest.json ({"console.css": "console.HASH.css", …}) and integrity.json (the same for the
// hashes that other people's pages check the widget by).
//
//   node build.mjs           build when sources have changed since the last build
//   node build.mjs --check   exit 0 when dist is up to date, 1 when it is not
//   node build.mjs --force   build in any case
//
// Nothing but Node's own modules is loaded before it is known that a build is needed, so that
// checking works, quickly, before packages are installed.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
const stampFile = join(dist, '.stamp');

/**
 * Fonts that a body may choose, all under the SIL Open Font License 1.1: Latin, and extended Latin, where
 * Welsh ŵ and ŷ are. Which letters are in which is in crates/web/src/ui/branding.rs.
 */
const FONTS = {
  'public-sans-latin.woff2': 'public-sans/files/public-sans-latin-wght-normal.woff2',
  'public-sans-latin-ext.woff2': 'public-sans/files/public-sans-latin-ext-wght-normal.woff2',
  'atkinson-latin.woff2': 'atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2',
  'atkinson-latin-ext.woff2': 'atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2',
};

/** Paths of all files below a folder, sorted, so that a hash over them is repeatable. */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Hash of everything that decides what comes out: sources, package versions, this file. */
function stampOfSources() {
  const sources = ['styles', 'scripts', 'images'].flatMap((folder) => filesBelow(join(here, folder)));
  sources.push(join(here, 'package-lock.json'), fileURLToPath(import.meta.url));
  const hash = createHash('sha256');
  for (const file of sources) {
    hash.update(relative(here, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Whether dist holds what the sources give, completely. */
function isUpToDate(stamp) {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) return false;
  const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
  return Object.values(manifest).every((name) => existsSync(join(dist, name)));
}

async function compile() {
  const [sass, esbuild] = await Promise.all([import('sass'), import('esbuild')]);
  const outputs = new Map();

  for (const file of readdirSync(join(here, 'styles')).filter((name) => /^[^_].*\.scss$/.test(name))) {
    const { css } = sass.compile(join(here, 'styles', file), {
      style: 'compressed',
      importers: [new sass.NodePackageImporter(here)],
      // What other people's styles announce for their next major version is not ours to mend.
      quietDeps: true,
    });
    outputs.set(`${basename(file, '.scss')}.css`, Buffer.from(css));
  }

  const scripts = await esbuild.build({
    // What lies in folders below is imported by these.
    entryPoints: readdirSync(join(here, 'scripts'), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(here, 'scripts', entry.name)),
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2022'],
    legalComments: 'eof',
    outdir: dist,
    write: false,
  });
  for (const { path, contents } of scripts.outputFiles) outputs.set(basename(path), Buffer.from(contents));

  for (const file of filesBelow(join(here, 'images'))) outputs.set(basename(file), readFileSync(file));
  for (const [name, file] of Object.entries(FONTS)) {
    outputs.set(name, readFileSync(join(here, 'node_modules', '@fontsource-variable', file)));
  }
  return outputs;
}

/** `console.css` → `console.1a2b3c4d5e.css` */
function hashedName(name, contents) {
  const extension = extname(name);
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 10);
  return `${basename(name, extension)}.${hash}${extension}`;
}

function write(outputs, stamp) {
  // Written beside and moved into place, so that a server or another build never sees half of it.
  const fresh = mkdtempSync(join(here, '.dist-'));
  const manifest = {};
  const integrity = {};
  const sizes = [];
  for (const [name, contents] of [...outputs].sort(([a], [b]) => a.localeCompare(b))) {
    const hashed = hashedName(name, contents);
    manifest[name] = hashed;
    writeFileSync(join(fresh, hashed), contents);
    // https://www.w3.org/TR/sri-2/
    if (name === 'widget.js') integrity[name] = `sha384-${createHash('sha384').update(contents).digest('base64')}`;
    // Fonts are compressed in themselves.
    if (extname(name) === '.woff2') {
      sizes.push(`${hashed}: ${contents.length} bytes`);
      continue;
    }
    const gzip = gzipSync(contents, { level: 9 });
    const brotli = brotliCompressSync(contents, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length },
    });
    writeFileSync(join(fresh, `${hashed}.gz`), gzip);
    writeFileSync(join(fresh, `${hashed}.br`), brotli);
    sizes.push(`${hashed}: ${contents.length} bytes, gzip ${gzip.length}, brotli ${brotli.length}`);
  }
  writeFileSync(join(fresh, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(fresh, 'integrity.json'), `${JSON.stringify(integrity, null, 2)}\n`);
  writeFileSync(join(fresh, '.stamp'), stamp);
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dirname(dist), { recursive: true });
  renameSync(fresh, dist);
  return sizes;
}

const stamp = stampOfSources();
const force = process.argv.includes('--force');
if (process.argv.includes('--check')) {
  process.exitCode = isUpToDate(stamp) ? 0 : 1;
} else if (!force && isUpToDate(stamp)) {
  console.log('Assets are up to date.');
} else {
  for (const line of write(await compile(), stamp)) console.log(line);
}
