import type { SAML, SamlConfig, ValidateInResponseTo } from '@node-saml/node-saml';
import { readAssertion, requireFrom, type Expected, type SamlIdentity } from './read-assertion';
import { SamlFault } from './saml-fault';
import {
  assertionNamespace,
  deniedStatuses,
  passiveStatus,
  protocolNamespace,
  successStatus,
} from './saml-names';
import type { SamlOptions } from './saml-options';
import { requireName, requireResponseShape } from './signed-shape';
import { allElements, attribute, childrenNamed, parseXml, type XmlElement } from './xml';

/** Limits of a message of a provider. */
export const messageLimits = { bytes: 256 * 1_024, elements: 5_000 } as const;

export interface SamlRequest {
  /** `ID` of the request. */
  readonly id: string;
  /** Comes back with the answer; never an address. */
  readonly relayState: string;
  /** The person has to prove who they are, also where there is a session. */
  readonly forceAuthn?: boolean;
  /** The provider must not ask anything. */
  readonly passive?: boolean;
}

/** Where the browser goes with a request. */
export interface SamlDeparture {
  readonly url: string;
  /** What it posts there; null: nothing, everything is in the address. */
  readonly form: Readonly<Record<string, string>> | null;
}

/** The library and its readers of XML are a hundred modules: they are loaded with the first message, not at the start. */
export async function createSaml(config: SamlConfig): Promise<SAML> {
  const library = await import('@node-saml/node-saml');
  return new library.SAML(config);
}

/** The request to sign somebody in, by the binding of the connection. */
export async function signInRequest(options: SamlOptions, request: SamlRequest): Promise<SamlDeparture> {
  const saml = await createSaml({
    ...configOf(options),
    generateUniqueId: () => request.id,
    ...{ forceAuthn: request.forceAuthn === true, passive: request.passive === true },
    // A form holds the message as it is, an address holds it deflated (SAML Bindings 2.0 sections 3.4.4 and 3.5.4).
    skipRequestCompression: options.requestBinding === 'POST',
  });
  if (options.requestBinding === 'REDIRECT') {
    return { url: await saml.getAuthorizeUrlAsync(request.relayState, undefined, {}), form: null };
  }
  const fields = await saml.getAuthorizeMessageAsync(request.relayState, undefined, {});
  return {
    url: options.signInEndpoint,
    form: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])),
  };
}

/**
 * Whom a provider's answer is about. The whole answer and its assertion are signed by the provider, it answers this very request, and it is
 * meant for here and now; a SamlFault says what of that is not so.
 */
export async function readResponse(
  options: SamlOptions,
  encoded: string,
  { requestId, now, maxAgeSeconds }: Omit<Expected, 'options'>,
): Promise<SamlIdentity> {
  const text = decodeMessage(encoded);
  const root = parseXml(text, messageLimits);
  requireName(root, protocolNamespace, 'Response');
  requireSuccess(root);
  requireResponseShape(root, options.algorithms);
  const verified = await verifiedAssertion(options, encoded, requestId);
  if (attribute(root, 'Version') !== '2.0') throw new SamlFault('structure');
  if (attribute(root, 'Destination') !== options.addresses.assertions) throw new SamlFault('destination');
  if (attribute(root, 'InResponseTo') !== requestId) throw new SamlFault('in-response-to');
  if (childrenNamed(root, assertionNamespace, 'Issuer').length > 0) requireFrom(root, options.entityId);
  return readAssertion(parseXml(verified, messageLimits), { options, requestId, now, maxAgeSeconds });
}

/** The text of a message in base64. */
export function decodeMessage(encoded: string): string {
  const compact = encoded.replace(/[\r\n]/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw new SamlFault('malformed');
  const bytes = Buffer.from(compact, 'base64');
  if (bytes.length > messageLimits.bytes) throw new SamlFault('too-large');
  const text = bytes.toString('utf8');
  // SECURITY: two readers of bytes that are no UTF-8 may see two texts.
  if (!Buffer.from(text, 'utf8').equals(bytes)) throw new SamlFault('malformed');
  return text;
}

/** SECURITY: the library does not look at the status of an answer that has an assertion. */
function requireSuccess(root: XmlElement): void {
  const statuses = childrenNamed(root, protocolNamespace, 'Status');
  const codes = statuses
    .flatMap(allElements)
    .filter(({ localName }) => localName === 'StatusCode')
    .map((element) => attribute(element, 'Value') ?? '');
  if (statuses.length === 1 && codes.length === 1 && codes[0] === successStatus) return;
  if (codes.includes(passiveStatus)) throw new SamlFault('would-ask');
  throw new SamlFault(codes.some((code) => deniedStatuses.has(code)) ? 'cancelled' : 'status');
}

/** The assertion as it was signed: what the signature covers, and nothing that stands beside it. */
async function verifiedAssertion(
  options: SamlOptions,
  encoded: string,
  requestId: string | null,
): Promise<string> {
  const saml = await createSaml({
    ...configOf(options),
    validateInResponseTo: (requestId === null ? 'never' : 'always') as ValidateInResponseTo,
    cacheProvider: onlyRequest(requestId),
  });
  try {
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: encoded });
    const xml = profile?.getAssertionXml?.();
    if (xml === undefined) throw new SamlFault('statement');
    return xml;
  } catch (cause) {
    throw cause instanceof SamlFault ? cause : new SamlFault(reasonOf(cause), { cause });
  }
}

/** The library's own words for the commonest refusals; anything else is about the signature. */
function reasonOf(cause: unknown): 'audience' | 'time' | 'in-response-to' | 'signature' {
  const text = cause instanceof Error ? cause.message : '';
  if (/audience/i.test(text)) return 'audience';
  if (/expired|not yet valid|subject confirmation/i.test(text)) return 'time';
  return /InResponseTo/i.test(text) ? 'in-response-to' : 'signature';
}

/** The one request that an answer may be for: its transaction was found in the database and used up before. */
function onlyRequest(requestId: string | null): NonNullable<SamlConfig['cacheProvider']> {
  return {
    saveAsync: () => Promise.resolve(null),
    getAsync: (key) => Promise.resolve(key !== null && key === requestId ? '9999-12-31T00:00:00.000Z' : null),
    removeAsync: (key) => Promise.resolve(key),
  };
}

const oldestMs = 5 * 60_000;

/** SECURITY: nothing of the library's defaults is left to chance: both signatures, the audience, no SHA-1. */
export function configOf(options: SamlOptions): SamlConfig {
  const { addresses, signing } = options;
  const algorithm = options.algorithms[0] === 'RSA_SHA512' ? 'sha512' : 'sha256';
  return {
    issuer: addresses.entityId,
    callbackUrl: addresses.assertions,
    audience: addresses.entityId,
    entryPoint: options.signInEndpoint,
    logoutUrl: options.signOutEndpoint ?? options.signInEndpoint,
    idpIssuer: options.entityId,
    idpCert: [...options.certificates],
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: true,
    acceptedClockSkewMs: options.clockSkewMs,
    maxAssertionAgeMs: oldestMs,
    identifierFormat: options.nameIdFormat,
    // Many providers refuse a request that names how to authenticate.
    disableRequestedAuthnContext: true,
    signatureAlgorithm: algorithm,
    digestAlgorithm: algorithm,
    ...(signing === null ? {} : { privateKey: signing.key, publicCert: signing.certificate }),
  };
}
