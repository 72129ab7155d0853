import type { SamlProvider, SamlFacts } from '#test/support/saml-provider';
import { withoutSignature } from '#test/support/saml-provider';
import type { Identity } from '#test/support/self-signed';

export type HostileAnswer = readonly [title: string, reason: string, make: (facts: SamlFacts) => string];

const minute = 60_000;
const comment = 'admin<!-- x -->.evil';

/** The assertion of some markup with another one in its advice. */
function advised(xml: string, inner: string): string {
  return xml.replace('<saml:AuthnStatement', () => `<saml:Advice>${inner}</saml:Advice><saml:AuthnStatement`);
}

/** Answers that have to be refused, each with the reason, made from what a good one would say. */
export function hostileAnswers(idp: SamlProvider, attacker: Identity): readonly HostileAnswer[] {
  return [
    [
      '3.8-9 SAM-09 no signature of the answer',
      'signature',
      (f) => withoutSignature(idp.answer(f), 'response'),
    ],
    [
      'SAM-09 no signature of the assertion',
      'signature',
      (f) => withoutSignature(idp.answer(f), 'assertion'),
    ],
    ['SAM-09 no signature at all', 'signature', (f) => withoutSignature(idp.answer(f), 'both')],
    [
      'SAM-10 a key that only the message vouches for',
      'signature',
      (f) => idp.answer(f, { by: attacker, sendsCertificate: true }),
    ],

    [
      'SAM-11 a digest with a comment',
      'markup-refused',
      (f) => idp.answer(f).replace('<DigestValue>', '<DigestValue><!--AAAA-->'),
    ],
    [
      'SAM-11 a second SignedInfo',
      'structure',
      (f) => idp.answer(f).replace(/(<SignedInfo>.*?<\/SignedInfo>)/s, '$1$1'),
    ],
    ['SAM-12 a name with a comment', 'markup-refused', (f) => idp.answer({ ...f, nameId: comment })],
    [
      'SAM-12 a name with an instruction to the reader',
      'markup-refused',
      (f) => idp.answer(f).replace('>ada<', '>ada<?x?>.evil<'),
    ],
    ['SAM-12 a name with an element inside', 'subject', (f) => idp.answer({ ...f, nameId: 'root<x/>.evil' })],
    [
      'SAM-12 two names',
      'subject',
      (f) => idp.answer({ ...f, nameId: 'ada</saml:NameID><saml:NameID>root' }),
    ],
    ['SAM-12 CDATA', 'markup-refused', (f) => idp.answer(f).replace('>ada<', '><![CDATA[ada]]><')],
    [
      'SAM-13 an unsigned assertion before the signed one',
      'structure',
      (f) =>
        idp
          .answer(f)
          .replace('<saml:Assertion ', `${idp.assertion({ ...f, nameId: 'root' })}<saml:Assertion `),
    ],
    [
      'SAM-13 an unsigned assertion in the advice of the signed one',
      'structure',
      (f) => advised(idp.answer(f), idp.assertion({ ...f, nameId: 'root' })),
    ],
    [
      'SAM-13 an assertion in the advice that the provider signed as well',
      'structure',
      (f) => {
        const inner = idp.sign(idp.assertion({ ...f, nameId: 'root' }));
        return idp.signResponse(idp.response(f, idp.sign(advised(idp.assertion(f), inner))));
      },
    ],
    ['SAM-13 two answers', 'malformed', (f) => `${idp.answer(f)}${idp.answer({ ...f, nameId: 'root' })}`],
    [
      'SAM-13 a good answer inside of another one',
      'structure',
      (f) => idp.response({ ...f, nameId: 'root' }, idp.assertion({ ...f, nameId: 'root' }) + idp.answer(f)),
    ],
    [
      'SAM-13 an assertion of another namespace beside the signed one',
      'structure',
      (f) =>
        idp
          .answer(f)
          .replace('<saml:Assertion ', () => '<x:Assertion xmlns:x="urn:x" ID="_x"/><saml:Assertion '),
    ],
    [
      'SAM-13 two signed assertions',
      'structure',
      (f) => idp.signResponse(idp.response(f, idp.sign(idp.assertion(f)) + idp.sign(idp.assertion(f)))),
    ],
    [
      'SAM-15 an empty canonical form',
      'algorithm',
      (f) => idp.answer(f, { transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature'] }),
    ],
    [
      'SAM-15 a reference to the whole document',
      'structure',
      (f) => idp.answer(f).replace(/(<Reference URI=")[^"]*/, '$1'),
    ],
    [
      'SAM-15 a second reference',
      'structure',
      (f) => idp.answer(f).replace(/(<Reference .*?<\/Reference>)/s, '$1$1'),
    ],
    [
      'SAM-15 a form with comments',
      'algorithm',
      (f) =>
        idp
          .answer(f)
          .replace(
            '<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"',
            '<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#WithComments"',
          ),
    ],
    [
      'SAM-15 the same id twice',
      'structure',
      (f) =>
        idp.answer(f).replace('<samlp:Status>', '<samlp:Status xml:id="x"><samlp:StatusDetail xml:id="x"/>'),
    ],
    [
      'SAM-15 a text changed after signing',
      'signature',
      (f) => idp.answer(f).replace('ada@corp.example', 'eve@corp.example'),
    ],
    [
      'SAM-18 a document type',
      'markup-refused',
      (f) => `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${idp.answer(f)}`,
    ],
    [
      'SAM-18 a billion laughs',
      'markup-refused',
      (f) =>
        `<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${idp.answer(f).replace('>ada<', '>&b;<')}`,
    ],
    ['SAM-18 an unknown entity', 'malformed', (f) => idp.answer(f).replace('>ada<', '>&x;<')],
    [
      'SAM-18 a thousand transforms',
      'algorithm',
      (f) =>
        idp
          .answer(f)
          .replace(
            /<Transforms>/,
            `<Transforms>${'<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'.repeat(1_000)}`,
          ),
    ],
    [
      'SAM-18 XSLT',
      'algorithm',
      (f) =>
        idp
          .answer(f)
          .replace(/(<Transform Algorithm=")[^"]*/, '$1http://www.w3.org/TR/1999/REC-xslt-19991116'),
    ],
    [
      'SAM-18 XPath',
      'algorithm',
      (f) =>
        idp
          .answer(f)
          .replace(/(<Transform Algorithm=")[^"]*/, '$1http://www.w3.org/TR/1999/REC-xpath-19991116'),
    ],
    [
      'SAM-18 SHA-1',
      'algorithm',
      (f) => idp.answer(f, { algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }),
    ],
    [
      'SAM-18 a digest of SHA-1',
      'algorithm',
      (f) => idp.answer(f, { digest: 'http://www.w3.org/2000/09/xmldsig#sha1' }),
    ],
    [
      'SAM-18 HMAC with the certificate',
      'algorithm',
      (f) =>
        idp
          .answer(f)
          .replace(
            'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
            'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
          ),
    ],
    [
      'SAM-18 300 KiB',
      'too-large',
      (f) => idp.answer({ ...f, attributes: { note: 'x'.repeat(300 * 1_024) } }),
    ],
    [
      'SAM-18 fifty levels',
      'too-large',
      (f) =>
        idp
          .answer(f)
          .replace('</samlp:Response>', `${'<a>'.repeat(50)}${'</a>'.repeat(50)}</samlp:Response>`),
    ],
    [
      '3.8-9 SAM-16 another audience',
      'audience',
      (f) => idp.answer({ ...f, audience: 'https://other.example' }),
    ],
    ['SAM-16 no audience', 'audience', (f) => idp.answer({ ...f, conditions: '' })],
    [
      'SAM-16 another recipient',
      'destination',
      (f) => idp.answer({ ...f, recipient: 'https://gateway.example/saml/other/acs' }),
    ],
    [
      'SAM-16 another destination',
      'destination',
      (f) => idp.answer({ ...f, destination: 'https://gateway.example/saml/other/acs' }),
    ],
    ['SAM-16 no destination', 'destination', (f) => idp.answer({ ...f, destination: null })],
    ['SAM-16 another issuer', 'issuer', (f) => idp.answer({ ...f, issuer: 'https://evil.example' })],
    [
      '3.8-9 SAM-16 an assertion that is over',
      'time',
      (f) => idp.answer({ ...f, ageMs: 4 * minute, lifetimeMs: 2 * minute }),
    ],
    [
      'SAM-16 an assertion that is old',
      'time',
      (f) => idp.answer({ ...f, ageMs: 10 * minute, lifetimeMs: 60 * minute }),
    ],
    ['SAM-16 an assertion of later', 'time', (f) => idp.answer({ ...f, ageMs: -5 * minute })],
    ['SAM-16 an answer to no request', 'in-response-to', (f) => idp.answer({ ...f, requestId: null })],
    [
      'SAM-16 an answer to an unknown request',
      'in-response-to',
      (f) => idp.answer({ ...f, requestId: '_unknown' }),
    ],
    [
      'SAM-16 a subject confirmed for another request',
      'in-response-to',
      (f) => idp.answer({ ...f, confirmedRequestId: '_unknown' }),
    ],
    [
      'SAM-16 a subject confirmed for no request',
      'in-response-to',
      (f) => idp.answer({ ...f, confirmedRequestId: null }),
    ],
    ['SAM-16 no confirmation of a bearer', 'destination', (f) => idp.answer({ ...f, confirmation: '' })],
    [
      'a status that is not success beside an assertion',
      'status',
      (f) => idp.answer({ ...f, status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }),
    ],
    ['what is no XML', 'malformed', () => 'not xml'],
  ];
}
