import { readResponse } from '#src/features/providers/saml/saml-client';
import { SamlFault } from '#src/features/providers/saml/saml-fault';
import { samlOptions, type SamlOptions } from '#src/features/providers/saml/saml-options';
import { SAML } from '@node-saml/node-saml';
import { hostileAnswers } from '#test/support/saml-attacks';
import { encrypted, encryptedAnswers } from '#test/support/saml-encryption';
import { SamlProvider, wrappings, type SamlFacts } from '#test/support/saml-provider';
import { selfSigned } from '#test/support/self-signed';

const idp = new SamlProvider('https://idp.example/entity');
const attacker = selfSigned('attacker.example', 'rsa');
const stored = {
  idp_entity_id: idp.entityId,
  sign_in_endpoint: 'https://idp.example/sso',
  certificates: [idp.identity.certificate],
};
const optionsWith = (more: Record<string, unknown> = {}): SamlOptions =>
  samlOptions('https://gateway.example', { name: 'corp', options: { ...stored, ...more } }, new Map());
const facts: SamlFacts = {
  acs: 'https://gateway.example/saml/corp/acs',
  audience: 'https://gateway.example/saml/corp/metadata',
  requestId: '_request',
};
const read = (answer: string, options = optionsWith()) =>
  readResponse(options, Buffer.from(answer).toString('base64'), {
    ...{ requestId: '_request', now: Date.now(), maxAgeSeconds: null },
  });
const reasonOf = (answer: string, options = optionsWith()): Promise<unknown> =>
  read(answer, options).then(
    ({ name }) => name?.value,
    (error: unknown) => (error instanceof SamlFault ? error.reason : error),
  );

describe('reading the answer of a SAML provider', () => {
  it('takes a good one: the name, the session there, every attribute', async () => {
    const identity = await read(
      idp.answer({ ...facts, attributes: { email: 'a@b.example', groups: ['x', 'y'] }, sessionIndex: 's1' }),
    );
    expect(identity).toMatchObject({
      name: { value: 'ada', nameQualifier: null },
      sessionIndex: 's1',
      claims: {
        email: 'a@b.example',
        groups: ['x', 'y'],
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier': 'ada',
      },
      isMultiFactor: false,
    });
  });

  it.each(hostileAnswers(idp, attacker))('refuses %s (%s)', async (_title, reason, make) => {
    expect(await reasonOf(make(facts))).toBe(reason);
  });

  it.each(wrappings.map((wrap, index) => [index + 1, wrap] as const))(
    'SAM-01..08 refuses XSW%i, also below a good signature of the whole answer',
    async (number, wrap) => {
      const evil = wrap(idp.answer(facts));
      expect(evil).toContain('>root</saml:NameID>');
      expect(await reasonOf(evil)).toBe('structure');
      // The first two move the signature of the whole answer itself.
      if (number <= 2) return;
      const unsigned = evil.replace(/<Signature xmlns="[^"]*"><SignedInfo>.*?<\/Signature>/s, '');
      expect(await reasonOf(idp.signResponse(unsigned))).toBe('structure');
    },
  );

  describe('SAM-14 refuses an assertion of somebody else that is encrypted for the gateway', () => {
    const gateway = selfSigned('gateway.example', 'rsa');
    const signing = { sign_requests: true, signing_certificate: gateway.certificate };
    const options = samlOptions(
      'https://gateway.example',
      { name: 'corp', options: { ...stored, ...signing } },
      new Map([['signingKey', gateway.key]]),
    );

    it.each(encryptedAnswers(idp, attacker, gateway))('%s', async (_title, make) => {
      expect(await reasonOf(make(facts), options)).toBe('structure');
    });

    it('which a reader with the key takes for a good one', async () => {
      const hidden = encrypted(idp.sign(idp.assertion({ ...facts, nameId: 'root' })), gateway.certificate);
      const reader = new SAML({
        ...{ idpCert: idp.identity.certificate, decryptionPvk: gateway.key, issuer: facts.audience },
        ...{ callbackUrl: facts.acs, wantAuthnResponseSigned: false, audience: facts.audience },
      });
      const { profile } = await reader.validatePostResponseAsync({
        SAMLResponse: Buffer.from(idp.response(facts, hidden)).toString('base64'),
      });
      expect(profile?.nameID).toBe('root');
    });
  });

  it('takes the algorithms of the connection and the skew of its clock, and no more', async () => {
    const rsa512 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512';
    const answer = idp.answer(facts, {
      algorithm: rsa512,
      digest: 'http://www.w3.org/2001/04/xmlenc#sha512',
    });
    expect(await reasonOf(answer)).toBe('ada');
    expect(await reasonOf(answer, optionsWith({ signature_algorithms: ['RSA_SHA256'] }))).toBe('algorithm');
    const early = idp.answer({ ...facts, ageMs: -90_000 });
    expect(await reasonOf(early)).toBe('time');
    expect(await reasonOf(early, optionsWith({ clock_skew_seconds: 120 }))).toBe('ada');
    const late = idp.answer({ ...facts, ageMs: 90_000, lifetimeMs: 60_000 });
    expect(await reasonOf(late)).toBe('ada');
    expect(await reasonOf(late, optionsWith({ clock_skew_seconds: 0 }))).toBe('time');
  });

  it('takes any of the certificates while one replaces another', async () => {
    const next = selfSigned('next.example', 'rsa');
    const both = optionsWith({ certificates: [idp.identity.certificate, next.certificate] });
    expect(await reasonOf(idp.answer(facts, { by: next }), both)).toBe('ada');
    expect(await reasonOf(idp.answer(facts, { by: next }))).toBe('signature');
  });
});
