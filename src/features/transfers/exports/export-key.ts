import { createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, CompactEncrypt } from 'jose';
import { commonErrors } from '#src/shared/errors';

/** For whom a file is encrypted. */
export interface ExportKey {
  readonly pem: string;
  /** SHA-256 thumbprint of the key (RFC 7638), by which people compare it. */
  readonly thumbprint: string;
}

const leastRsaBits = 3_072;
const mostRsaBits = 16_384;
const longestPem = 8_192;

/** Reads a public key in PEM: RSA from 3,072 bits, the curves P-256, P-384 and P-521, or X25519; VALIDATION_FAILED for anything else. */
export async function readExportKey(pem: string): Promise<ExportKey> {
  const key = publicKeyOf(pem);
  if (key === null || algorithmOf(key) === null)
    throw commonErrors.VALIDATION_FAILED({
      message:
        'publicKey must be a public key in PEM: RSA from 3,072 bits, the curves P-256, P-384 and P-521, or X25519.',
      extensions: { field: 'includeCredentials.publicKey' },
    });
  return {
    pem: key.export({ type: 'spki', format: 'pem' }).toString(),
    thumbprint: await calculateJwkThumbprint(key.export({ format: 'jwk' })),
  };
}

/** SECURITY: a private key that somebody pastes is not taken: it would stand in requests, and be known to too many. */
function publicKeyOf(pem: string): KeyObject | null {
  if (pem.length > longestPem || !/^\s*-----BEGIN PUBLIC KEY-----/.test(pem)) return null;
  try {
    return createPublicKey(pem);
  } catch {
    return null;
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | null {
  const { modulusLength = 0, namedCurve = '' } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'rsa')
    return modulusLength >= leastRsaBits && modulusLength <= mostRsaBits ? 'RSA-OAEP-256' : null;
  const isCurve = ['prime256v1', 'secp384r1', 'secp521r1'].includes(namedCurve);
  return isCurve || asymmetricKeyType === 'x25519' ? 'ECDH-ES+A256KW' : null;
}

/** Where a piece stands in its file. SECURITY: authenticated with it, so that pieces which are lost, swapped or from another file are noticed. */
export interface PiecePlace {
  readonly job: string;
  readonly piece: number;
  readonly isLast: boolean;
}

export const pieceContent = 'application/x-ndjson';

/** Rows as one line of the file: a JWE in its compact form. */
export async function encryptPiece(
  { pem, thumbprint }: ExportKey,
  { job, piece, isLast }: PiecePlace,
  rows: string,
): Promise<string> {
  const key = createPublicKey(pem);
  const encrypted = await new CompactEncrypt(Buffer.from(rows, 'utf8'))
    .setProtectedHeader({
      ...{ alg: algorithmOf(key) ?? '', enc: 'A256GCM', kid: thumbprint, cty: pieceContent },
      ...{ job, piece, last: isLast },
    })
    .encrypt(key);
  return `${encrypted}\n`;
}
