import { createHmac, createPublicKey } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import {
  ecKey,
  edKey,
  encode,
  issuer,
  makeKey,
  rsaKey,
  signAnything,
  startTime,
  tokenDesk,
  validClaims,
} from './token-fixture';

const { verifier } = tokenDesk();
const now = startTime / 1_000;
const invalid = { code: 'UNAUTHENTICATED', kind: 'unauthenticated', extensions: { reason: 'TOKEN_INVALID' } };

async function expectRefused(token: string): Promise<void> {
  await expect(verifier.verify(token)).rejects.toMatchObject(invalid);
}

/** A token with any header and signature, made without the key. */
function forge(
  header: unknown,
  signature: string | ((input: string) => string),
  claims: unknown = validClaims,
): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${typeof signature === 'string' ? signature : signature(input)}`;
}

const goodHeader = { alg: 'RS256', kid: rsaKey.kid, typ: 'at+jwt' };

describe('the fixture', () => {
  it('is accepted as it stands, so that each refusal below has its own reason', async () => {
    expect(await verifier.verify(signAnything(validClaims))).toMatchObject({ tokenId: 'a-token' });
  });
});

describe('JWT-01, 8.8-11: no or strange algorithms', () => {
  it.each([
    'none',
    'None',
    'nOnE',
    'NONE',
    '',
    undefined,
    null,
    5,
    ['RS256'],
    'rs256',
    'RS512',
    'PS256',
    'HS256',
  ])('refuses alg %j', async (alg) => {
    await expectRefused(forge({ ...goodHeader, alg }, ''));
    await expectRefused(forge({ ...goodHeader, alg }, 'AAAA'));
    const [, , signature = ''] = signAnything(validClaims).split('.');
    await expectRefused(forge({ ...goodHeader, alg }, signature));
  });

  it('refuses an empty signature, an unencoded payload and an unknown critical header', async () => {
    const [header, payload] = signAnything(validClaims).split('.');
    await expectRefused(`${header}.${payload}.`);
    await expectRefused(`${header}.${payload}`);
    await expectRefused(signAnything(validClaims, { b64: false, crit: ['b64'] }));
    await expectRefused(forge({ ...goodHeader, b64: false, crit: ['b64'] }, 'AAAA'));
    await expectRefused(forge({ ...goodHeader, crit: ['x-new'], 'x-new': 1 }, 'AAAA'));
  });
});

describe('JWT-02, 8.8-11: the public key as a shared secret', () => {
  const publicKey = createPublicKey({ key: rsaKey.privateJwk as never, format: 'jwk' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const secrets: [string, string | Buffer][] = [
    ['PEM', pem],
    ['PEM without its last newline', pem.trimEnd()],
    ['DER', publicKey.export({ type: 'spki', format: 'der' })],
    ['modulus', Buffer.from(rsaKey.privateJwk.n ?? '', 'base64url')],
    ['JWK', JSON.stringify(publicKey.export({ format: 'jwk' }))],
    ['word', 'secret'],
  ];

  it.each(secrets)('refuses a token signed by HS256 with the %s', async (_what, secret) => {
    const sign = (input: string): string => createHmac('sha256', secret).update(input).digest('base64url');
    await expectRefused(forge({ ...goodHeader, alg: 'HS256' }, sign));
    await expectRefused(forge(goodHeader, sign));
  });

  it('refuses one of our algorithms under the kid of a key of another', async () => {
    await expectRefused(signAnything(validClaims, { kid: rsaKey.kid }, ecKey));
    await expectRefused(signAnything(validClaims, { kid: ecKey.kid }, rsaKey));
    expect(await verifier.verify(signAnything(validClaims, {}, edKey))).toMatchObject({
      tokenId: 'a-token',
    });
  });
});

describe('JWT-03: keys in the header', () => {
  const attacker = makeKey('RS256');
  const jwk = createPublicKey({ key: attacker.privateJwk as never, format: 'jwk' }).export({ format: 'jwk' });

  it.each([
    ['jwk', { jwk }],
    ['jku', { jku: 'https://attacker.example/keys' }],
    ['x5u', { x5u: 'https://attacker.example/certificate' }],
    ['x5c', { x5c: ['MIIB'] }],
  ])('takes no key from %s, and is not disturbed by it', async (_name, header) => {
    await expectRefused(signAnything(validClaims, { ...header, kid: rsaKey.kid }, attacker));
    await expectRefused(signAnything(validClaims, header, attacker));
    expect(await verifier.verify(signAnything(validClaims, header))).toMatchObject({
      tokenId: 'a-token',
    });
  });

  it.each(['../../dev/null', "' OR 1=1 --", '__proto__', 'constructor', '', undefined, 7, ['a'], {}])(
    'refuses kid %j',
    async (kid) => {
      const [, , signature = ''] = signAnything(validClaims).split('.');
      await expectRefused(forge({ ...goodHeader, kid }, signature));
      await expectRefused(forge({ ...goodHeader, kid }, ''));
    },
  );
});

describe('JWT-04, 8.8-11: claims of others, and tokens that are no access tokens', () => {
  const bent: [string, unknown[]][] = [
    [
      'iss',
      [
        undefined,
        null,
        '',
        [issuer],
        `${issuer}/`,
        `${issuer}.attacker.example`,
        'https://other.example',
        {},
      ],
    ],
    [
      'aud',
      [
        undefined,
        null,
        '',
        ['urn:gatehouse:api'],
        ['urn:gatehouse:api', 'x'],
        'urn:gatehouse',
        'urn:other:api',
        5,
      ],
    ],
    ['sub', [undefined, null, '', 5, ['a'], 'a'.repeat(10_000)]],
    ['client_id', [undefined, null, '', 5]],
    ['jti', [undefined, null, '', 5]],
    ['exp', [undefined, null, `${now + 900}`, now + 0.5, 1e20, now + 100_000, true, {}]],
    ['iat', [undefined, null, `${now}`, now - 0.5, -1, now + 61]],
    ['nbf', [null, `${now}`, now + 0.5, now + 61, 1e20]],
    ['sid', [null, '', 5, {}]],
    ['epoch', [null, '1', -1, 0.5]],
    ['org_id', [null, '', 5, ['org_1']]],
    ['acr', [null, 2]],
    ['auth_time', [null, '1', 0.5]],
    ['permissions', [null, 'read:users', [5], [null], [''], {}]],
    ['roles', [null, 'admin', [[]]]],
    ['permissions_omitted', [false, null, 'true', true]],
    ['roles_omitted', [false, 1]],
    ['own_permissions', [null, 'delete:me', [5], ['']]],
  ];
  const cases = bent.flatMap(([claim, values]) => values.map((value) => [claim, value] as const));

  it.each(cases)('refuses %s %j', async (claim, value) => {
    await expectRefused(signAnything({ ...validClaims, [claim]: value }));
  });

  it('allows clocks to differ by 60 seconds at the start, and by nothing at the end', async () => {
    for (const claims of [{ iat: now + 60 }, { nbf: now + 60 }, { exp: now + 1 }]) {
      expect(await verifier.verify(signAnything({ ...validClaims, ...claims }))).toMatchObject({
        kind: 'user',
      });
    }
    for (const exp of [now, now - 1, 0]) {
      const token = signAnything({ ...validClaims, iat: 0, exp });
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    await expectRefused(signAnything({ ...validClaims, exp: -1 }));
  });

  it('refuses a machine whose token names no bound', async () => {
    const machine = { ...validClaims, sub: 'cli', permissions: undefined, permissions_omitted: true };
    await expectRefused(signAnything(machine));
  });

  it('gives nothing to a token that says nothing about permissions', async () => {
    const token = signAnything({ ...validClaims, permissions: undefined });
    expect(await verifier.verify(token)).toMatchObject({ permissions: new Set(), roles: new Set() });
  });

  it.each([undefined, null, 'JWT', 'jwt', 'logout+jwt', 'at+jwt2', 5])('refuses typ %j', async (typ) => {
    await expectRefused(signAnything(validClaims, { typ }));
  });
});

describe('JWT-06: malformed tokens', () => {
  it('refuses a signature of zeros under every algorithm', async () => {
    const zeros = Buffer.alloc(64).toString('base64url');
    for (const { alg, kid } of [ecKey, edKey, rsaKey])
      await expectRefused(forge({ alg, kid, typ: 'at+jwt' }, zeros));
  });

  it('refuses encrypted tokens, packed ones too', async () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000));
    const header = { alg: 'dir', enc: 'A256GCM', zip: 'DEF' };
    await expectRefused(
      `${encode(header)}..${'A'.repeat(16)}.${bomb.toString('base64url')}.${'A'.repeat(22)}`,
    );
    await expectRefused(`${encode(header)}..${'A'.repeat(16)}.AAAA.${'A'.repeat(22)}`);
  });

  it('refuses a claim given twice, white space, a byte order mark and bytes that are no UTF-8', async () => {
    const text = JSON.stringify(validClaims);
    await expectRefused(signAnything(text.replace('{', '{"sub":"auth0|victim",')));
    await expectRefused(signAnything(text.replace('{', '{ ')));
    await expectRefused(signAnything(`\ufeff${text}`));
    await expectRefused(signAnything(text.replace('{', '{"__proto__":{"a":1},"__proto__":{"a":1},')));
    for (const payload of ['', 'null', '[]', '5', '"x"', '{']) await expectRefused(signAnything(payload));
  });

  it('refuses over-long tokens', async () => {
    await expectRefused(`a.${'a'.repeat(10_000_000)}.a`);
  });

  it('refuses every text that nobody signed, and fails in no other way', async () => {
    const good = signAnything(validClaims);
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.nat(good.length - 1),
        fc.constantFrom(...'ABab01-_.= \n'),
        async (text, at, letter) => {
          await expectRefused(text);
          // The last letter of each part holds bits that belong to no byte, so only its other letters must count.
          const isLastOfPart = good[at + 1] === '.' || at === good.length - 1 || good[at] === '.';
          if (!isLastOfPart && good[at] !== letter)
            await expectRefused(good.slice(0, at) + letter + good.slice(at + 1));
        },
      ),
    );
  });
});
