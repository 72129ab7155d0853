import { sign } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { SignedXml } from 'xml-crypto';
import { selfSigned, type Identity } from '#test/support/self-signed';

/** What an answer of the provider says; everything that is not given is as it has to be. */
export interface SamlFacts {
  /** Where the gateway takes answers, as its metadata say. */
  readonly acs: string;
  readonly audience: string;
  /** Null: an answer that nobody asked for. */
  readonly requestId: string | null;
  /** The request that the subject's confirmation names, where that is another one. */
  readonly confirmedRequestId?: string | null;
  readonly destination?: string | null;
  readonly recipient?: string;
  readonly issuer?: string;
  readonly nameId?: string;
  readonly nameIdFormat?: string;
  readonly attributes?: Readonly<Record<string, string | readonly string[]>>;
  readonly sessionIndex?: string;
  readonly assertionId?: string;
  readonly status?: string;
  readonly authnContext?: string;
  /** How long before it was issued the person proved who they are; null: it does not tell. */
  readonly provedMsAgo?: number | null;
  /** Milliseconds between now and when it was issued. */
  readonly ageMs?: number;
  /** Milliseconds that it is good for, counted from when it was issued. */
  readonly lifetimeMs?: number;
  /** Markup in place of `Conditions`. */
  readonly conditions?: string;
  /** Markup in place of `SubjectConfirmation`. */
  readonly confirmation?: string;
}

export interface Signing {
  readonly by?: Identity;
  readonly algorithm?: string;
  readonly digest?: string;
  readonly transforms?: readonly string[];
  /** Whether the certificate goes along in `KeyInfo`. */
  readonly sendsCertificate?: boolean;
}

const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const success = 'urn:oasis:names:tc:SAML:2.0:status:Success';

/** A SAML identity provider as far as it signs things; what it lies about is up to the test. */
export class SamlProvider {
  readonly identity: Identity = selfSigned('idp.example', 'rsa');
  private count = 0;

  constructor(readonly entityId: string) {}

  newId(): string {
    this.count += 1;
    return `_id${this.count}-${Date.now()}`;
  }

  metadata(signers: readonly Identity[]): string {
    const keys = signers.map(
      ({ certificate }) =>
        `<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${certificate.replace(/-----[^-]*-----/g, '')}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`,
    );
    const entityId = this.entityId.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    return [
      '<?xml version="1.0" encoding="utf-8"?>\n<!-- <made for tests> -->\n',
      `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" validUntil="2999-01-01T00:00:00Z" entityID="${entityId}">`,
      '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">',
      ...keys,
      '<SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/slo"/>',
      '<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/post"/>',
      '<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso?tenant=1&amp;x=2"/>',
      '</IDPSSODescriptor></EntityDescriptor>',
    ].join('');
  }

  /** An answer with both signatures. */
  answer(facts: SamlFacts, signing: Signing = {}): string {
    return this.signResponse(this.response(facts, this.sign(this.assertion(facts), signing)), signing);
  }

  assertion(facts: SamlFacts): string {
    const { acs, audience, requestId, ageMs = 0, lifetimeMs = 300_000 } = facts;
    const issued = Date.now() - ageMs;
    const [at, until] = [issued, issued + lifetimeMs].map((time) => new Date(time).toISOString());
    const { provedMsAgo = 0 } = facts;
    const proved =
      provedMsAgo === null ? '' : ` AuthnInstant="${new Date(issued - provedMsAgo).toISOString()}"`;
    const confirmed = facts.confirmedRequestId === undefined ? requestId : facts.confirmedRequestId;
    const attributes = Object.entries(facts.attributes ?? { email: 'ada@corp.example', displayName: 'Ada' });
    const format = facts.nameIdFormat ?? 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
    return [
      `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${facts.assertionId ?? this.newId()}" Version="2.0" IssueInstant="${at}">`,
      `<saml:Issuer>${facts.issuer ?? this.entityId}</saml:Issuer>`,
      `<saml:Subject><saml:NameID Format="${format}">${facts.nameId ?? 'ada'}</saml:NameID>`,
      facts.confirmation ??
        `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${until}" Recipient="${facts.recipient ?? acs}"${confirmed === null ? '' : ` InResponseTo="${confirmed}"`}/></saml:SubjectConfirmation>`,
      '</saml:Subject>',
      facts.conditions ??
        `<saml:Conditions NotBefore="${at}" NotOnOrAfter="${until}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
      `<saml:AuthnStatement${proved} SessionIndex="${facts.sessionIndex ?? 'session-1'}"><saml:AuthnContext><saml:AuthnContextClassRef>${facts.authnContext ?? 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
      '<saml:AttributeStatement>',
      ...attributes.map(
        ([name, values]) =>
          `<saml:Attribute Name="${name}">${[values]
            .flat()
            .map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`)
            .join('')}</saml:Attribute>`,
      ),
      '</saml:AttributeStatement></saml:Assertion>',
    ].join('');
  }

  response(facts: SamlFacts, assertion: string): string {
    const { acs, requestId, destination = acs, status = success } = facts;
    return [
      `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${this.newId()}" Version="2.0" IssueInstant="${new Date().toISOString()}"`,
      destination === null ? '' : ` Destination="${destination}"`,
      requestId === null ? '' : ` InResponseTo="${requestId}"`,
      `><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${facts.issuer ?? this.entityId}</saml:Issuer>`,
      `<samlp:Status><samlp:StatusCode Value="${status}"/></samlp:Status>${assertion}</samlp:Response>`,
    ].join('');
  }

  /** Signs the element at the root of some markup. */
  sign(xml: string, signing: Signing = {}): string {
    const { by = this.identity, transforms = [enveloped, exclusive] } = signing;
    const id = /ID="([^"]+)"/.exec(xml)?.[1] ?? '';
    const signature = new SignedXml({
      privateKey: by.key,
      ...(signing.sendsCertificate === true
        ? { publicCert: by.certificate, getKeyInfoContent: SignedXml.getKeyInfoContent }
        : {}),
      signatureAlgorithm: signing.algorithm ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      canonicalizationAlgorithm: exclusive,
    });
    signature.addReference({
      xpath: `//*[@ID='${id}']`,
      transforms: [...transforms],
      digestAlgorithm: signing.digest ?? 'http://www.w3.org/2001/04/xmlenc#sha256',
    });
    const reference = `//*[@ID='${id}']/*[local-name(.)='Issuer']`;
    signature.computeSignature(xml, { location: { reference, action: 'after' } });
    return signature.getSignedXml();
  }

  signResponse(xml: string, signing: Signing = {}): string {
    return this.sign(xml, signing);
  }
}

/** What a provider says about signing out. */
export interface LogoutFacts {
  readonly destination: string;
  readonly id?: string;
  readonly nameId?: string;
  readonly sessionIndexes?: readonly string[];
  readonly inResponseTo?: string;
  readonly status?: string;
  readonly ageMs?: number;
}

/** A request to sign out, or with `inResponseTo` the answer to one; not signed. */
export function logoutMessage(provider: SamlProvider, facts: LogoutFacts): string {
  const { destination, inResponseTo, nameId = 'ada', sessionIndexes = [], status = success } = facts;
  const name = inResponseTo === undefined ? 'LogoutRequest' : 'LogoutResponse';
  const issued = new Date(Date.now() - (facts.ageMs ?? 0)).toISOString();
  const entityId = provider.entityId.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return [
    `<samlp:${name} xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${facts.id ?? provider.newId()}" Version="2.0" IssueInstant="${issued}" Destination="${destination}"`,
    inResponseTo === undefined ? '>' : ` InResponseTo="${inResponseTo}">`,
    `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${entityId}</saml:Issuer>`,
    ...(inResponseTo === undefined
      ? [
          `<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${nameId}</saml:NameID>`,
          ...sessionIndexes.map((index) => `<samlp:SessionIndex>${index}</samlp:SessionIndex>`),
        ]
      : [`<samlp:Status><samlp:StatusCode Value="${status}"/></samlp:Status>`]),
    `</samlp:${name}>`,
  ].join('');
}

/** The address that carries a message about signing out, signed by its query. */
export function redirectWith(
  xml: string,
  to: string,
  {
    by,
    relayState,
    algorithm = 'sha256',
  }: { by: Identity; relayState?: string; algorithm?: 'sha1' | 'sha256' },
): string {
  const parameter = xml.includes('LogoutRequest') ? 'SAMLRequest' : 'SAMLResponse';
  const uri =
    algorithm === 'sha1'
      ? 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
      : 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
  const query = new URLSearchParams({
    [parameter]: deflateRawSync(xml).toString('base64'),
    ...(relayState === undefined ? {} : { RelayState: relayState }),
    SigAlg: uri,
  }).toString();
  const signature = sign(algorithm, Buffer.from(query), by.key).toString('base64');
  return `${to}?${query}&Signature=${encodeURIComponent(signature)}`;
}

/** The request in the address that a browser was sent to. */
export function requestIn(location: string): {
  readonly xml: string;
  readonly id: string;
  readonly relayState: string;
} {
  const url = new URL(location);
  const bytes = Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64');
  return readRequest(inflateRawSync(bytes).toString(), url.searchParams.get('RelayState') ?? '');
}

export function readRequest(
  xml: string,
  relayState: string,
): { readonly xml: string; readonly id: string; readonly relayState: string } {
  return { xml, id: / ID="([^"]+)"/.exec(xml)?.[1] ?? '', relayState };
}

const signaturePattern = /<Signature xmlns="http:\/\/www\.w3\.org\/2000\/09\/xmldsig#">.*?<\/Signature>/gs;
const assertionPattern = /<saml:Assertion .*?<\/saml:Assertion>/s;

/** The parts of an answer with both signatures. */
function partsOf(answer: string) {
  const [responseSignature = '', assertionSignature = ''] = answer.match(signaturePattern) ?? [];
  const [assertion = ''] = assertionPattern.exec(answer) ?? [];
  const bare = assertion.replace(assertionSignature, '');
  const evil = bare.replace(/ID="[^"]+"/, 'ID="_evil"').replace(/>ada<\/saml:NameID>/, '>root</saml:NameID>');
  return { responseSignature, assertionSignature, assertion, bare, evil };
}

/** The eight ways to wrap a signature (XSW), each made of one valid answer: what is signed is moved aside, and something else put there. */
export const wrappings: readonly ((answer: string) => string)[] = [
  (answer) =>
    evilResponse(answer, (original, signature) =>
      signature.replace('</Signature>', `${original}</Signature>`),
    ),
  (answer) => evilResponse(answer, (original, signature) => `${original}${signature}`),
  (answer) => withAssertion(answer, ({ evil, assertion }) => `${evil}${assertion}`),
  (answer) =>
    withAssertion(answer, ({ evil, assertion }) =>
      evil.replace('</saml:Assertion>', `${assertion}</saml:Assertion>`),
    ),
  (answer) =>
    withAssertion(
      answer,
      ({ evil, bare, assertionSignature }) => `${signed(evil, assertionSignature)}${bare}`,
    ),
  (answer) =>
    withAssertion(answer, ({ evil, bare, assertionSignature }) =>
      signed(evil, assertionSignature.replace('</Signature>', `${bare}</Signature>`)),
    ),
  (answer) =>
    withAssertion(
      answer,
      ({ evil, assertion }) => `<samlp:Extensions>${evil}</samlp:Extensions>${assertion}`,
    ),
  (answer) =>
    withAssertion(answer, ({ evil, bare, assertionSignature }) =>
      signed(evil, assertionSignature.replace('</Signature>', `<Object>${bare}</Object></Signature>`)),
    ),
];

function withAssertion(answer: string, change: (parts: ReturnType<typeof partsOf>) => string): string {
  const parts = partsOf(answer);
  return answer.replace(parts.assertion, () => change(parts));
}

function signed(assertion: string, signature: string): string {
  return assertion.replace('</saml:Issuer>', () => `</saml:Issuer>${signature}`);
}

function evilResponse(answer: string, place: (original: string, signature: string) => string): string {
  const { responseSignature, assertion, evil } = partsOf(answer);
  const original = answer.replace(responseSignature, '');
  return answer
    .replace(/ID="[^"]+"/, 'ID="_evil-response"')
    .replace(assertion, () => evil)
    .replace(responseSignature, () => place(original, responseSignature));
}

/** The answer without one of its signatures. */
export function withoutSignature(answer: string, which: 'response' | 'assertion' | 'both'): string {
  const { responseSignature, assertionSignature } = partsOf(answer);
  const bare = which === 'assertion' ? answer : answer.replace(responseSignature, '');
  return which === 'response' ? bare : bare.replace(assertionSignature, '');
}
