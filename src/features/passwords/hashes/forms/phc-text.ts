import { digestOf, type DigestName } from '#src/features/passwords/hashes/digest-name';
import { malformed, unsupported } from '#src/features/passwords/hashes/hash-problem';
import type { HashOf, ImportedHash } from '#src/features/passwords/hashes/imported-hash';
import { literal, password, readAdaptedBytes, readBytes, readWhole, templateParts } from './read-bytes';

/** Parts of `$id$a=1,b=2$salt$hash`; parameters in any order, none twice. */
function parameters(text: string, names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of text.split(',')) {
    const [name = '', value, ...more] = part.split('=');
    if (value === undefined || more.length > 0 || !names.includes(name) || found.has(name)) {
      throw malformed('The parameters of the hash cannot be read.');
    }
    found.set(name, value);
  }
  return found;
}

/** `$argon2id$v=19$m=…,t=…,p=…$salt$hash`; a missing version means 16. */
export function readArgon2(text: string): HashOf<'argon2'> {
  const match = /^\$(argon2(?:id|i|d))\$(?:v=(\d+)\$)?([^$]+)\$([^$]+)\$([^$]+)$/.exec(text);
  if (!match) throw malformed('This is not an argon2 hash.');
  const [, type = '', version = '16', costs = '', salt = '', hash = ''] = match;
  if (version !== '16' && version !== '19') throw unsupported('argon2 is taken in its versions 16 and 19.');
  const cost = parameters(costs, ['m', 't', 'p']);
  return {
    kind: 'argon2',
    type: type as 'argon2id' | 'argon2i' | 'argon2d',
    version: version === '16' ? 16 : 19,
    memory: readWhole(cost.get('m'), 'm'),
    passes: readWhole(cost.get('t'), 't'),
    lanes: readWhole(cost.get('p'), 'p'),
    salt: readBytes(salt, 'base64'),
    hash: readBytes(hash, 'base64'),
  };
}

const defaultIterations = '100000';
const defaultLength = '64';

/**
 * `$pbkdf2-sha256$i=…,l=…$salt$hash`, where missing parameters are 100,000 iterations and 64 bytes, and
 * `$pbkdf2-sha256$29000$salt$hash` as passlib writes it.
 */
export function readPbkdf2(text: string): HashOf<'pbkdf2'> {
  const match = /^\$pbkdf2(?:-([A-Za-z0-9-]+))?\$(?:([^$]*)\$)?([^$]*)\$([^$]+)$/.exec(text);
  if (!match) throw malformed('This is not a PBKDF2 hash.');
  const [, name = 'sha1', middle = '', salt = '', hash = ''] = match;
  const digest = digestOf(name);
  if (digest === null) throw unsupported('PBKDF2 with this digest cannot be checked.', 'digest');
  const base = { kind: 'pbkdf2', digest, encoding: 'utf8' } as const;
  if (/^\d+$/.test(middle)) {
    const rounds = readWhole(middle, 'The number of iterations');
    return { ...base, rounds, salt: readAdaptedBytes(salt), hash: readAdaptedBytes(hash) };
  }
  const found = middle === '' ? new Map<string, string>() : parameters(middle, ['i', 'l']);
  const bytes = readBytes(hash, 'base64');
  if (Buffer.byteLength(bytes, 'base64') !== readWhole(found.get('l') ?? defaultLength, 'l')) {
    throw malformed('The hash has not as many bytes as l says.');
  }
  const rounds = readWhole(found.get('i') ?? defaultIterations, 'i');
  return { ...base, rounds, salt: readBytes(salt, 'base64'), hash: bytes };
}

/** Above this a value of `ln` cannot be a logarithm: some write N itself. */
const highestLogarithm = 63;

/** `$scrypt$ln=…,r=…,p=…$salt$hash`. */
export function readScrypt(text: string): HashOf<'scrypt'> {
  const match = /^\$scrypt\$([^$]+)\$([^$]*)\$([^$]+)$/.exec(text);
  if (!match) throw malformed('This is not a scrypt hash.');
  const [, costs = '', salt = '', hash = ''] = match;
  const cost = parameters(costs, ['ln', 'r', 'p']);
  const ln = readWhole(cost.get('ln'), 'ln');
  return {
    kind: 'scrypt',
    encoding: 'utf8',
    cost: ln > highestLogarithm ? ln : 2 ** ln,
    blockSize: readWhole(cost.get('r'), 'r'),
    parallelization: readWhole(cost.get('p'), 'p'),
    salt: readBytes(salt, 'base64'),
    hash: readBytes(hash, 'base64'),
  };
}

/** `$firescrypt$ln=…,r=…,p=1$salt$hash$separator$signer`. */
export function readFirescrypt(text: string): HashOf<'firebase'> {
  const match = /^\$firescrypt\$([^$]+)\$([^$]*)\$([^$]+)\$([^$]*)\$([^$]+)$/.exec(text);
  if (!match) throw malformed('This is not a Firebase hash.');
  const [, costs = '', salt = '', hash = '', separator = '', signerKey = ''] = match;
  const cost = parameters(costs, ['ln', 'r', 'p']);
  if ((cost.get('p') ?? '1') !== '1') throw unsupported('Firebase hashes have one lane.');
  return {
    kind: 'firebase',
    rounds: readWhole(cost.get('r'), 'r'),
    memCost: readWhole(cost.get('ln'), 'ln'),
    signerKey: readBytes(signerKey, 'base64'),
    settings: null,
    salt: readBytes(salt, 'base64'),
    separator: readBytes(separator, 'base64'),
    hash: readBytes(hash, 'base64'),
  };
}

/** `$md5$hash`, and `$sha256$pf=<template>$salt$hash` with `{SALT}` and `{PASSWORD}` in the base64 template. */
export function readTemplated(text: string): HashOf<'digest'> {
  const match = /^\$(md5|sha1|sha256|sha512)\$(?:pf=([^$]+)\$([^$]*)\$)?([^$]+)$/.exec(text);
  if (!match) throw malformed('This is not a salted hash.');
  const [, digest = '', template, salt = '', hash = ''] = match;
  const message =
    template === undefined
      ? [password]
      : templateParts(Buffer.from(readBytes(template, 'base64'), 'base64').toString('utf8'), {
          salt: literal(readBytes(salt, 'base64')),
          passwordMark: '{PASSWORD}',
          saltMark: '{SALT}',
        });
  return {
    kind: 'digest',
    digest: digest as DigestName,
    message,
    encoding: 'utf8',
    rounds: 1,
    hash: readBytes(hash, 'base64'),
  };
}

/** `$hmac-sha256$<base64 of the hexadecimal hash>$<base64 of the key>`. */
export function readHmac(text: string): HashOf<'hmac'> {
  const match = /^\$hmac-([a-z0-9]+)\$([^$]+)\$([^$]+)$/.exec(text);
  if (!match) throw malformed('This is not an HMAC hash.');
  const [, name = '', hash = '', key = ''] = match;
  const digest = digestOf(name);
  if (digest === null) throw unsupported('HMAC with this digest cannot be checked.');
  const hex = Buffer.from(readBytes(hash, 'base64'), 'base64').toString('latin1');
  return {
    kind: 'hmac',
    digest,
    message: [password],
    encoding: 'utf8',
    key: readBytes(key, 'base64'),
    hash: readBytes(hex, 'hex'),
  };
}

/** `$stormpath2$ALG$ITER$salt$hash`: the digest is applied ITER times, the salt enters the first time alone. */
export function readStormpath2(text: string): ImportedHash {
  const match = /^\$stormpath2\$(MD5|SHA-1|SHA-256|SHA-384|SHA-512)\$(\d{1,12})\$([^$]*)\$([^$]+)$/.exec(
    text,
  );
  if (!match) throw malformed('This is not a hash of Stormpath.');
  const [, name = '', rounds, salt = '', hash = ''] = match;
  return {
    kind: 'digest',
    digest: digestOf(name) as DigestName,
    message: [literal(readBytes(salt, 'base64')), password],
    encoding: 'utf8',
    rounds: readWhole(rounds, 'The number of rounds'),
    hash: readBytes(hash, 'base64'),
  };
}
