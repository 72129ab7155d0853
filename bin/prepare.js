'use strict';

/**
 * Makes the checkout ready to run: installs the packages when they are missing or older than the lock file, builds when
 * the build is older than its sources. Checking alone takes some milliseconds. Needs nothing but Node.
 */

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  mkdirSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..');
const minimum = [20, 19];
const lockFile = path.join(root, 'package-lock.json');
const installStamp = path.join(root, 'node_modules', '.gatehouse-install');
const buildStamp = path.join(root, 'dist', '.gatehouse-build');

class PrepareError extends Error {}

/** Prepares what `needs` names; prints what it does to standard error. Ends the process with 1 when that fails. */
function prepare(needs = { build: true }) {
  try {
    checkNode();
    if (isReady(needs)) return;
    alone(() => {
      if (!isInstalled()) install();
      if (needs.build && !isBuilt()) build();
    });
  } catch (error) {
    if (!(error instanceof PrepareError)) throw error;
    say(error.message);
    process.exit(1);
  }
}

function isReady(needs) {
  return isInstalled() && (!needs.build || isBuilt());
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > minimum[0] || (major === minimum[0] && minor >= minimum[1])) return;
  throw new PrepareError(
    `Gatehouse needs Node ${minimum.join('.')} or newer; this is ${process.versions.node}.`,
  );
}

/** npm writes a lock file of its own into the folder when it is done: it must be as new as ours, or from the same content. */
function isInstalled() {
  const installed = modifiedAt(path.join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) return false;
  return installed >= modifiedAt(lockFile) || readOrNull(installStamp) === hashOfFile(lockFile);
}

function install() {
  say('Installing packages (npm ci) …');
  // The build needs the development packages, whatever the environment says it is for.
  // Warnings are left out: they are about packages of packages, and hide what a person has to read.
  const done = run(npm(), ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (!done) {
    throw new PrepareError(
      'npm ci failed, see above. When sqlite3 could not be compiled: it needs python3, make and a C++ compiler.',
    );
  }
  writeFileSync(installStamp, hashOfFile(lockFile));
}

function isBuilt() {
  return readOrNull(buildStamp) === fingerprintOfSources();
}

function build() {
  say('Building …');
  const fingerprint = fingerprintOfSources();
  removeOldBuild(path.join(root, 'dist'));
  const node = [process.execPath];
  const compiled = run(node, [path.join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.']);
  if (!compiled || !run(node, [path.join('bin', 'build-graphiql.js')])) {
    throw new PrepareError('The build failed, see above.');
  }
  mkdirSync(path.dirname(buildStamp), { recursive: true });
  writeFileSync(buildStamp, fingerprint);
}

/** Files of deleted sources must not live on. The bundled page is kept: its own builder knows whether it is current. */
function removeOldBuild(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (full === path.join(root, 'dist', 'http', 'graphiql', 'assets')) continue;
    if (entry.isDirectory()) removeOldBuild(full);
    else rmSync(full);
  }
}

/** Over the content, not the times: switching branches back and forth needs no build. */
function fingerprintOfSources() {
  const hash = createHash('sha256');
  const files = [
    ...filesIn(path.join(root, 'src')),
    ...['tsconfig.json', 'bin/build-graphiql.js'].map(fromRoot),
  ];
  for (const file of [...files, lockFile].sort()) {
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function fromRoot(name) {
  return path.join(root, name);
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? filesIn(full) : [full];
  });
}

/** Runs the work while no other process prepares this checkout; waits for one that does. */
function alone(work) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const lock = path.join(tmpdir(), `gatehouse-prepare-${name}.lock`);
  let hasSaid = false;
  while (!takeLock(lock)) {
    if (!hasSaid) say(`Waiting for another process that prepares this checkout (${lock}) …`);
    hasSaid = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const owner = Number(readOrNull(lock));
  // Empty for the moment between making and writing it.
  if (owner > 0 && !isAlive(owner)) rmSync(lock, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The npm that runs us, or the one on the path. */
function npm() {
  const script = process.env.npm_execpath;
  return script && /npm-cli\.c?js$/.test(script) ? [process.execPath, script] : ['npm'];
}

function run([command, ...first], args) {
  // What these programs print is progress for a person; standard output belongs to the command's result.
  const result = spawnSync(command, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (result.error) throw new PrepareError(`${command} cannot be started: ${result.error.message}`);
  return result.status === 0;
}

function modifiedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

function readOrNull(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function hashOfFile(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

module.exports = { prepare, root };

if (require.main === module) prepare({ build: !process.argv.includes('--no-build') });
