import { digestBytes, type DigestName } from '#src/features/passwords/hashes/digest-name';
import { decodeText } from '#src/features/passwords/hashes/decode-text';
import { malformed, unsupported } from '#src/features/passwords/hashes/hash-problem';
import type { HashOf } from '#src/features/passwords/hashes/imported-hash';
import { salted } from './read-bytes';

interface Scheme {
  readonly digest: DigestName;
  readonly isSalted: boolean;
}

const schemes: Readonly<Record<string, Scheme>> = {
  MD5: { digest: 'md5', isSalted: false },
  SHA: { digest: 'sha1', isSalted: false },
  SHA1: { digest: 'sha1', isSalted: false },
  SHA256: { digest: 'sha256', isSalted: false },
  SHA384: { digest: 'sha384', isSalted: false },
  SHA512: { digest: 'sha512', isSalted: false },
  SMD5: { digest: 'md5', isSalted: true },
  SSHA: { digest: 'sha1', isSalted: true },
  SSHA1: { digest: 'sha1', isSalted: true },
  SSHA256: { digest: 'sha256', isSalted: true },
  SSHA384: { digest: 'sha384', isSalted: true },
  SSHA512: { digest: 'sha512', isSalted: true },
};

/** `{SCHEME}base64` of RFC 2307: the digest, behind it the salt. Names of schemes are read in any case. */
export function readLdap(text: string): HashOf<'digest'> {
  const match = /^\{([A-Za-z0-9-]{1,20})\}(.*)$/s.exec(text);
  if (!match) throw malformed('This is not {SCHEME} and base64.');
  const [, name = '', body = ''] = match;
  const scheme = schemes[name.toUpperCase().replace('-', '')];
  if (!scheme) throw unsupported('This scheme of LDAP cannot be checked.');
  const bytes = decodeText(body, 'base64');
  const length = digestBytes[scheme.digest];
  if (bytes === null) throw malformed('This is not base64.');
  if (scheme.isSalted ? bytes.length <= length : bytes.length !== length) {
    throw malformed('The hash has not the length that its scheme says.');
  }
  const salt = scheme.isSalted ? bytes.subarray(length).toString('base64') : null;
  return {
    kind: 'digest',
    digest: scheme.digest,
    message: salted(salt, 'suffix'),
    encoding: 'utf8',
    rounds: 1,
    hash: bytes.subarray(0, length).toString('base64'),
  };
}
