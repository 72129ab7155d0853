import { chmodSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { calculateJwkThumbprint, importJWK, jwtVerify, SignJWT } from 'jose';
import { ConfigError } from '#src/config/config-error';
import { generateSecrets, openSecrets, secretsFrom } from '#src/config/open-secrets';
import { writeSecretsFile, type SecretsFile } from '#src/config/secrets-file';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-secrets-'));
const clock = { now: () => 1_700_000_000_000 };
let made: SecretsFile;

beforeAll(async () => {
  made = await generateSecrets('production', clock);
});

const config = (file: string, profile: 'development' | 'production' = 'development') => ({
  profile,
  secrets: { file },
});

function written(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
}

describe('openSecrets', () => {
  it('generates a missing file in development, readable by its owner alone, and keeps it afterwards', async () => {
    const path = join(folder, 'new', 'secrets.json');
    const first = await openSecrets(config(path), clock);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const second = await openSecrets(config(path), clock);
    expect(second.currentSigningKey().kid).toBe(first.currentSigningKey().kid);
    expect(second.derive('cursor')).toEqual(first.derive('cursor'));
    expect((JSON.parse(readFileSync(path, 'utf8')) as SecretsFile).profile).toBe('development');
  });

  it('lets two processes that start together agree on one file', async () => {
    const path = join(folder, 'race.json');
    const [first, second] = await Promise.all([
      openSecrets(config(path), clock),
      openSecrets(config(path), clock),
    ]);
    expect(first.currentSigningKey().kid).toBe(second.currentSigningKey().kid);
  });

  it('8.3 takes peppers as they are written, and none where none are; refuses doubles, short ones and names with a $', async () => {
    const key = Buffer.alloc(32, 7).toString('base64');
    const open = (pepper: unknown) => openSecrets(config(written('pepper.json', { ...made, pepper })), clock);
    expect((await open(undefined)).peppers).toEqual([]);
    const peppers = [
      { kid: '2027', key },
      { kid: '2026', key },
    ];
    expect((await open(peppers)).peppers).toEqual(
      peppers.map(({ kid }) => ({ kid, key: Buffer.alloc(32, 7) })),
    );
    for (const wrong of [
      [
        { kid: 'a', key },
        { kid: 'a', key },
      ],
      [{ kid: 'a', key: Buffer.alloc(31).toString('base64') }],
      [{ kid: 'a$b', key }],
    ])
      await expect(open(wrong)).rejects.toThrow(ConfigError);
  });

  it('SES-05 generates nothing in production', async () => {
    const path = join(folder, 'absent.json');
    await expect(openSecrets(config(path, 'production'), clock)).rejects.toThrow(ConfigError);
    expect(existsSync(path)).toBe(false);
  });

  it.each([0o640, 0o604, 0o644])('refuses a file with mode %o', async (mode) => {
    const path = written(`mode-${mode}.json`, made);
    chmodSync(path, mode);
    await expect(openSecrets(config(path), clock)).rejects.toThrow(`run: chmod 600 ${path}`);
  });

  it.each([
    ['not JSON', '{'],
    ['another version', () => ({ ...made, version: 2 })],
    ['no signing key', () => ({ ...made, signing: [] })],
    ['no current key', () => ({ ...made, signing: made.signing.map((key) => ({ ...key, state: 'NEXT' })) })],
    ['two keys of one name', () => ({ ...made, encryption: [made.encryption[0], made.encryption[0]] })],
    ['a short encryption key', () => ({ ...made, encryption: [{ ...made.encryption[0], key: 'c2hvcnQ=' }] })],
    ['an unknown member', () => ({ ...made, extra: true })],
    [
      'only keys of the future',
      () => ({ ...made, encryption: [{ ...made.encryption[0], notBefore: 1_800_000_000_000 }] }),
    ],
  ])('refuses a file with %s, without quoting a value', async (name, content) => {
    const path = written(`faulty-${name}.json`, typeof content === 'function' ? content() : content);
    const error = await openSecrets(config(path), clock).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).not.toContain(made.encryption[0]!.key);
  });

  it('does not replace a file that exists', () => {
    const path = written('kept.json', 'kept');
    expect(writeSecretsFile(path, made)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('kept');
  });
});

describe('the keys', () => {
  it('sign with RS256 under the thumbprint of their public part', async () => {
    const key = secretsFrom(made, clock).currentSigningKey();
    const jwk = key.privateJwk.reveal();
    expect(key.kid).toBe(await calculateJwkThumbprint(jwk));
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: key.alg })
      .sign(await importJWK(jwk, key.alg));
    const publicKey = await importJWK({ kty: 'RSA', n: jwk.n!, e: jwk.e! }, key.alg);
    await expect(jwtVerify(token, publicKey)).resolves.toMatchObject({ protectedHeader: { alg: 'RS256' } });
    expect(Buffer.from(jwk.n!, 'base64url')).toHaveLength(256);
  });

  it('never print their private part', () => {
    const secrets = secretsFrom(made, clock);
    const printed = `${JSON.stringify(secrets)}${inspect(secrets, { depth: 9 })}`;
    expect(printed).not.toContain(String(made.signing[0]!.privateJwk['d']));
    expect(printed).toContain('[secret]');
  });

  it('derive an unrelated key of 32 bytes for each purpose', () => {
    const secrets = secretsFrom(made, clock);
    expect(secrets.derive('cursor')).toHaveLength(32);
    expect(secrets.derive('cursor')).toEqual(secrets.derive('cursor'));
    expect(secrets.derive('cursor')).not.toEqual(secrets.derive('mask'));
  });

  it('use the first encryption key in force and keep the others to open older values', () => {
    const [key] = made.encryption;
    const other = (kid: string, byte: number, notBefore: number) => ({
      kid,
      key: Buffer.alloc(32, byte).toString('base64'),
      notBefore,
    });
    const rotated: SecretsFile = {
      ...made,
      encryption: [other('later', 1, clock.now() + 1), other('now', 2, clock.now()), key!],
    };
    const secrets = secretsFrom(rotated, clock);
    expect(secrets.ring('cursor').map((entry) => entry.kid)).toEqual(['now', key!.kid, 'later']);
    expect(secrets.derive('cursor')).toEqual(secrets.ring('cursor')[0]!.key);
    expect(secrets.ring('cursor')[1]!.key).toEqual(secretsFrom(made, clock).derive('cursor'));
  });
});
