/** Digests that imported hashes may be made with, and the bytes of their output. */
export const digestBytes = {
  md4: 16,
  md5: 16,
  ripemd160: 20,
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
  whirlpool: 64,
} as const;

export type DigestName = keyof typeof digestBytes;

export const digestNames = Object.keys(digestBytes) as [DigestName, ...DigestName[]];

/** Names of OpenSSL that mean the same digest. */
const aliases: Readonly<Record<string, DigestName>> = {
  rmd160: 'ripemd160',
  ripemd: 'ripemd160',
  sha: 'sha1',
  'sha-1': 'sha1',
  'sha1-2': 'sha1',
  'sha-224': 'sha224',
  'sha-256': 'sha256',
  'sha-384': 'sha384',
  'sha-512': 'sha512',
};

/** The digest that a name of OpenSSL means (`RSA-SHA256`, `sha256WithRSAEncryption`, `ssl3-sha1`), or null. */
export function digestOf(name: string): DigestName | null {
  const bare = name
    .toLowerCase()
    .replace(/^(rsa|ssl3)-/, '')
    .replace(/withrsa(encryption)?$/, '');
  const digest = aliases[bare] ?? bare;
  return Object.hasOwn(digestBytes, digest) ? (digest as DigestName) : null;
}
