import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { withoutSignature, type SamlFacts, type SamlProvider } from '#test/support/saml-provider';
import type { Identity } from '#test/support/self-signed';

const assertionNamespace = 'urn:oasis:names:tc:SAML:2.0:assertion';
const xmlEncryption = 'http://www.w3.org/2001/04/xmlenc#';

/** An assertion that the holder of the certificate's key alone can read: AES-256-GCM under RSA-OAEP (XML Encryption 1.1). */
export function encrypted(xml: string, certificate: string): string {
  const [key, iv] = [randomBytes(32), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const data = Buffer.concat([iv, cipher.update(xml, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
  const wrapped = publicEncrypt({ key: certificate, ...padding }, key);
  const value = (bytes: Buffer): string =>
    `<xenc:CipherData><xenc:CipherValue>${bytes.toString('base64')}</xenc:CipherValue></xenc:CipherData>`;
  return [
    `<saml:EncryptedAssertion xmlns:saml="${assertionNamespace}"><xenc:EncryptedData xmlns:xenc="${xmlEncryption}" Type="${xmlEncryption}Element">`,
    '<xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/>',
    '<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey>',
    `<xenc:EncryptionMethod Algorithm="${xmlEncryption}rsa-oaep-mgf1p"><DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/></xenc:EncryptionMethod>`,
    `${value(wrapped)}</xenc:EncryptedKey></KeyInfo>${value(data)}</xenc:EncryptedData></saml:EncryptedAssertion>`,
  ].join('');
}

type Injection = readonly [title: string, make: (facts: SamlFacts) => string];

/** Answers with an assertion about somebody else that is encrypted for the gateway, whose certificate everybody knows from its metadata. */
export function encryptedAnswers(
  idp: SamlProvider,
  attacker: Identity,
  gateway: Identity,
): readonly Injection[] {
  const evil = (facts: SamlFacts): string => idp.assertion({ ...facts, nameId: 'root' });
  const hidden = (xml: string): string => encrypted(xml, gateway.certificate);
  const whole = (facts: SamlFacts): string => idp.answer(facts);
  const unsigned = (facts: SamlFacts): string => withoutSignature(whole(facts), 'response');
  const before = (answer: string, more: string): string =>
    answer.replace('<saml:Assertion ', () => `${more}<saml:Assertion `);
  const after = (answer: string, more: string): string =>
    answer.replace('</samlp:Response>', () => `${more}</samlp:Response>`);
  return [
    ['alone, in an unsigned answer', (f) => idp.response(f, hidden(evil(f)))],
    [
      'alone and signed by a stranger, in an unsigned answer',
      (f) => idp.response(f, hidden(idp.sign(evil(f), { by: attacker, sendsCertificate: true }))),
    ],
    [
      'alone, in an answer that a stranger signed',
      (f) => idp.signResponse(idp.response(f, hidden(evil(f))), { by: attacker, sendsCertificate: true }),
    ],
    ['before the signed one, in an unsigned answer', (f) => before(unsigned(f), hidden(evil(f)))],
    ['behind the signed one, in an unsigned answer', (f) => after(unsigned(f), hidden(evil(f)))],
    ['before the signed one, in a signed answer', (f) => before(whole(f), hidden(evil(f)))],
    ['behind the signed one, in a signed answer', (f) => after(whole(f), hidden(evil(f)))],
    [
      'in an extension of an unsigned answer',
      (f) => before(unsigned(f), `<samlp:Extensions>${hidden(evil(f))}</samlp:Extensions>`),
    ],
    [
      'in the advice of the signed one, in an unsigned answer',
      (f) =>
        unsigned(f).replace(
          '<saml:AuthnStatement',
          () => `<saml:Advice>${hidden(evil(f))}</saml:Advice><saml:AuthnStatement`,
        ),
    ],
    [
      'in an object of the signature of the signed one',
      (f) => unsigned(f).replace('</Signature>', () => `<Object>${hidden(evil(f))}</Object></Signature>`),
    ],
    // The provider's own, which the gateway does not take either: it has no key to read them.
    ['that the provider signed, in an unsigned answer', (f) => idp.response(f, hidden(idp.sign(evil(f))))],
    [
      'that the provider signed, in its signed answer',
      (f) => idp.signResponse(idp.response(f, hidden(idp.sign(evil(f))))),
    ],
  ];
}
