import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DirectoryEntry } from './directory';
import { selfSigned } from './self-signed';

export interface OpenLdap {
  readonly ldaps: string;
  /** The same without encryption until StartTLS. */
  readonly ldap: string;
  readonly certificate: string;
  close(): Promise<void>;
}

/** Where the Debian package `slapd` puts OpenLDAP; another place is named by GATEHOUSE_TEST_SLAPD. Null: there is none on this machine. */
export function findSlapd(): string | null {
  const named = process.env['GATEHOUSE_TEST_SLAPD'];
  const places = named === undefined ? ['/usr/sbin/slapd', '/usr/lib/openldap/slapd'] : [named];
  return places.find((path) => existsSync(path)) ?? null;
}

const modules = ['/usr/lib/ldap', '/usr/lib/openldap', '/usr/lib64/openldap'];
const schemas = ['/etc/ldap/schema', '/etc/openldap/schema'];

/**
 * A real directory server on loopback, in a folder of its own and without any right of the system. It takes passwords through TLS alone; `readers` may
 * search everything, each with the number of entries that it gets at most.
 */
export async function startOpenLdap(
  program: string,
  suffix: string,
  entries: readonly DirectoryEntry[],
  readers: Readonly<Record<string, number>>,
): Promise<OpenLdap> {
  const folder = await mkdtemp(join(process.env['GATEHOUSE_TEST_FOLDER'] ?? tmpdir(), 'openldap-'));
  const inFolder = (name: string): string => join(folder, name);
  const identity = selfSigned();
  await mkdir(inFolder('data'));
  await writeFile(inFolder('key.pem'), identity.key, { mode: 0o600 });
  await writeFile(inFolder('certificate.pem'), identity.certificate);
  await writeFile(inFolder('slapd.conf'), configuration(folder, suffix, readers));
  await writeFile(inFolder('entries.ldif'), [...entries, policyOf(suffix)].map(ldif).join('\n'));
  // One program under several names: as `slapadd` it fills a database that no server has open.
  const filling = ['-q', '-f', inFolder('slapd.conf'), '-l', inFolder('entries.ldif')];
  const filled = spawnSync(program, filling, { argv0: 'slapadd', encoding: 'utf8' });
  if (filled.status !== 0) throw new Error(`OpenLDAP did not take the entries: ${filled.stderr}`);
  const [plain, encrypted] = [await freePort(), await freePort()];
  const addresses = `ldap://127.0.0.1:${plain} ldaps://127.0.0.1:${encrypted}`;
  // With a level of messages it stays in the foreground.
  const server = spawn(program, ['-h', addresses, '-f', inFolder('slapd.conf'), '-d', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  for (const port of [plain, encrypted]) {
    for (let tries = 0; !(await answers(port)); tries += 1) {
      if (tries === 200 || server.exitCode !== null) throw new Error(`OpenLDAP did not start: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return {
    ldap: `ldap://127.0.0.1:${plain}`,
    ldaps: `ldaps://127.0.0.1:${encrypted}`,
    certificate: identity.certificate,
    close: async () => {
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, suffix: string, readers: Readonly<Record<string, number>>): string {
  const [modulePath, schemaPath] = [modules, schemas].map((paths) => paths.find((path) => existsSync(path)));
  const names = Object.entries(readers);
  return [
    ...['core', 'cosine', 'inetorgperson'].map((name) => `include ${schemaPath}/${name}.schema`),
    `modulepath ${modulePath}`,
    'moduleload back_mdb',
    'moduleload ppolicy',
    // Of Active Directory; the rest of its schema is not needed.
    "attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )",
    `TLSCertificateFile ${folder}/certificate.pem`,
    `TLSCertificateKeyFile ${folder}/key.pem`,
    'security simple_bind=128',
    'database mdb',
    `suffix "${suffix}"`,
    `directory ${folder}/data`,
    'maxsize 10485760',
    'dbnosync',
    'overlay ppolicy',
    `ppolicy_default "${policyOf(suffix).dn}"`,
    'access to attrs=userPassword by anonymous auth by * none',
    ['access to *', ...names.map(([dn]) => `by dn.exact="${dn}" read`), 'by * none'].join(' '),
    ...names.map(([dn, size]) => `limits dn.exact="${dn}" size.soft=${size} size.hard=${size}`),
    '',
  ].join('\n');
}

/** By which accounts can be locked. */
function policyOf(suffix: string): DirectoryEntry {
  return {
    ...{ dn: `cn=policy,${suffix}`, password: null },
    attributes: {
      objectClass: ['organizationalRole', 'pwdPolicy'],
      ...{ cn: 'policy', pwdAttribute: 'userPassword', pwdLockout: 'TRUE' },
    },
  };
}

/** In the form of RFC 2849; values in base64, so that none needs care. */
function ldif({ dn, password, attributes }: DirectoryEntry): string {
  const values = Object.entries(attributes).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as readonly string[]) : [value as string | Buffer]).map(
      (one) => [name, one] as const,
    ),
  );
  const all = password === null ? values : [...values, ['userPassword', password] as const];
  const lines = all.map(([name, value]) => `${name}:: ${Buffer.from(value as string).toString('base64')}`);
  return [`dn:: ${Buffer.from(dn).toString('base64')}`, ...lines, ''].join('\n');
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
