#!/usr/bin/env node
'use strict';

/**
 * Bundles the GraphiQL page with its editor workers, styles and fonts into files of our own, so that the page needs no
 * other host. Usage: build-graphiql.js [--out FOLDER] [--force]. Does nothing when the inputs are unchanged.
 */

const { createHash } = require('node:crypto');
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { gzipSync } = require('node:zlib');

const root = path.join(__dirname, '..');
const source = path.join(root, 'src/http/graphiql/page');
const workers = {
  editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
  json: 'monaco-editor/esm/vs/language/json/json.worker.js',
  graphql: 'monaco-graphql/esm/graphql.worker.js',
};
const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  write: false,
  target: 'es2022',
  logLevel: 'error',
  legalComments: 'eof',
  loader: { '.ttf': 'file', '.woff2': 'file' },
  define: { 'process.env.NODE_ENV': '"production"' },
};

async function main() {
  const { values } = parseArgs({ options: { out: { type: 'string' }, force: { type: 'boolean' } } });
  const out = path.resolve(values.out ?? path.join(root, 'dist/http/graphiql/assets'));
  const fingerprint = fingerprintInputs();
  if (!values.force && isCurrent(out, fingerprint)) return;
  const started = process.hrtime.bigint();
  const { entries, files } = await bundle();
  write(out, { fingerprint, entries, files: [...files.keys()].sort() }, files);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  console.log(`GraphiQL page bundled: ${files.size} files in ${seconds.toFixed(1)} s.`);
}

async function bundle() {
  const files = new Map();
  const workerFiles = {};
  for (const [label, entry] of Object.entries(workers)) {
    const name = await bundleOne({ entryPoints: { [`${label}.worker`]: entry }, format: 'iife' }, files);
    workerFiles[label] = name.script;
  }
  const page = await bundleOne(
    {
      entryPoints: { page: path.join(source, 'main.jsx') },
      format: 'esm',
      // GraphiQL derives the accessible names of its icons from the names of its functions.
      keepNames: true,
      splitting: true,
      jsx: 'automatic',
      plugins: [leaveEditorStylesOut],
      define: { ...shared.define, WORKER_FILES: JSON.stringify(workerFiles) },
    },
    files,
  );
  const icon = readFileSync(path.join(source, 'favicon.svg'));
  const favicon = `favicon-${hash(icon).slice(0, 8)}.svg`;
  files.set(favicon, icon);
  return { entries: { script: page.script, style: page.style, favicon }, files };
}

async function bundleOne(options, files) {
  const { build } = require('esbuild');
  const names = { entryNames: '[name]-[hash]', chunkNames: 'chunk-[hash]', assetNames: '[name]-[hash]' };
  const result = await build({ ...shared, ...names, outdir: path.join(root, '.graphiql'), ...options });
  for (const file of result.outputFiles) files.set(path.basename(file.path), Buffer.from(file.contents));
  const [name] = Object.keys(options.entryPoints);
  const outputs = result.outputFiles.map((file) => path.basename(file.path));
  const find = (ending) => outputs.find((file) => file.startsWith(`${name}-`) && file.endsWith(ending));
  return { script: find('.js'), style: find('.css') };
}

/** GraphiQL's own style sheet already contains the editor's styles and its icon font. */
const leaveEditorStylesOut = {
  name: 'leave-editor-styles-out',
  setup(build) {
    build.onLoad({ filter: /[\\/]monaco-editor[\\/].*\.css$/ }, () => ({ contents: '', loader: 'css' }));
  },
};

/** The manifest is written last and by a rename: a reader never sees a manifest whose files are not there. */
function write(out, manifest, files) {
  mkdirSync(out, { recursive: true });
  const wanted = new Set(['manifest.json']);
  for (const [name, contents] of files) {
    for (const [file, bytes] of [
      [name, contents],
      [`${name}.gz`, gzipSync(contents, { level: 9 })],
    ]) {
      wanted.add(file);
      writeFileSync(path.join(out, file), bytes);
    }
  }
  const draft = path.join(out, `manifest.${process.pid}.tmp`);
  writeFileSync(draft, `${JSON.stringify(manifest, null, 2)}\n`);
  renameSync(draft, path.join(out, 'manifest.json'));
  for (const file of readdirSync(out)) if (!wanted.has(file)) rmSync(path.join(out, file), { force: true });
}

function isCurrent(out, fingerprint) {
  try {
    const manifest = JSON.parse(readFileSync(path.join(out, 'manifest.json'), 'utf8'));
    const present = new Set(readdirSync(out));
    return manifest.fingerprint === fingerprint && manifest.files.every((file) => present.has(file));
  } catch {
    return false;
  }
}

/** Page sources, this script, and the installed versions of everything: a change of any of them bundles again. */
function fingerprintInputs() {
  const inputs = [__filename, path.join(root, 'package-lock.json')];
  for (const file of readdirSync(source).sort()) inputs.push(path.join(source, file));
  return hash(inputs.map((file) => `${path.basename(file)} ${hash(readFileSync(file))}`).join('\n'));
}

function hash(contents) {
  return createHash('sha256').update(contents).digest('hex');
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
