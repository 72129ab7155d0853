import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** A value that CBOR (RFC 8949) can hold, as far as WebAuthn needs it. */
type Cbor = number | string | Uint8Array | Map<number | string, Cbor>;

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255]);
}

export function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Map)
    return Buffer.concat([
      head(5, value.size),
      ...[...value].flatMap(([key, member]) => [cbor(key), cbor(member)]),
    ]);
  return Buffer.concat([head(2, value.length), value]);
}

const flags = { present: 1, verified: 4, backupEligible: 8, backedUp: 16, attested: 64 };

export interface AuthenticatorSettings {
  /** The page that it runs in. */
  readonly origin: string;
  /** Whether it checks its owner. */
  readonly verifies?: boolean;
  readonly isBackedUp?: boolean;
  /** Whether it counts its uses. */
  readonly counts?: boolean;
}

interface Options {
  readonly challenge: string;
  readonly rp?: { readonly id: string };
  readonly rpId?: string;
  readonly user?: { readonly id: string };
}

/** A passkey in software: one key on P-256, with what a browser adds. */
export class Authenticator {
  readonly credentialId = randomBytes(32).toString('base64url');
  counter = 0;
  userHandle: string | null = null;
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  constructor(readonly settings: AuthenticatorSettings) {}

  /** What `navigator.credentials.create` answers. */
  create(
    options: Options,
    changed: Partial<Record<'origin' | 'type' | 'challenge' | 'rpId', string>> = {},
  ): object {
    this.userHandle = options.user?.id ?? null;
    const id = Buffer.from(this.credentialId, 'base64url');
    const length = Buffer.from([id.length >> 8, id.length & 255]);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, this.coseKey()]);
    const authData = this.authenticatorData(changed.rpId ?? options.rp?.id ?? '', flags.attested, attested);
    const attestation = new Map<string, Cbor>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    return this.credential({
      clientDataJSON: this.clientData('webauthn.create', options, changed),
      attestationObject: cbor(attestation).toString('base64url'),
      transports: ['internal'],
    });
  }

  /** What `navigator.credentials.get` answers. */
  get(
    options: Options,
    changed: Partial<Record<'origin' | 'type' | 'challenge' | 'rpId', string>> = {},
  ): object {
    if (this.settings.counts === true) this.counter += 1;
    const authData = this.authenticatorData(changed.rpId ?? options.rpId ?? '', 0);
    const clientDataJSON = this.clientData('webauthn.get', options, changed);
    const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
    const signature = sign('sha256', Buffer.concat([authData, hash]), this.privateKey());
    return this.credential({
      clientDataJSON,
      authenticatorData: authData.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: this.userHandle,
    });
  }

  private privateKey(): KeyObject {
    return this.keys.privateKey;
  }

  /** RFC 9053: EC2 key, ES256, P-256. */
  private coseKey(): Buffer {
    const { x, y } = this.keys.publicKey.export({ format: 'jwk' }) as { x: string; y: string };
    return cbor(
      new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    );
  }

  private authenticatorData(rpId: string, more: number, attested = Buffer.alloc(0)): Buffer {
    const { verifies = true, isBackedUp = false } = this.settings;
    const set =
      flags.present |
      more |
      (verifies ? flags.verified : 0) |
      (isBackedUp ? flags.backupEligible | flags.backedUp : 0);
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([set]), counter, attested]);
  }

  private clientData(type: string, { challenge }: Options, changed: Partial<Record<string, string>>): string {
    const data = { type, challenge, origin: this.settings.origin, crossOrigin: false };
    const { type: otherType, challenge: otherChallenge, origin } = changed;
    const said = {
      ...data,
      ...(otherType === undefined ? {} : { type: otherType }),
      ...(otherChallenge === undefined ? {} : { challenge: otherChallenge }),
      ...(origin === undefined ? {} : { origin }),
    };
    return Buffer.from(JSON.stringify(said)).toString('base64url');
  }

  private credential(response: object): object {
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: 'public-key',
      response,
      clientExtensionResults: {},
      authenticatorAttachment: 'platform',
    };
  }
}
