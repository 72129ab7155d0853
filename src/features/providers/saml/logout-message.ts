import { createPublicKey, verify } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import type { Instant } from '#src/shared/clock';
import { instant, readName, requireFrom, requireWithin, type SamlName } from './read-assertion';
import { configOf, createSaml, decodeMessage, messageLimits } from './saml-client';
import { SamlFault } from './saml-fault';
import { protocolNamespace, signatureAlgorithms, successStatus } from './saml-names';
import type { SamlOptions } from './saml-options';
import { requireName, requireSignedMessage } from './signed-shape';
import { attribute, childrenNamed, parseXml, plainText, type XmlElement } from './xml';

/** What a provider says about signing out, after its signature was checked. */
export type LogoutMessage =
  | {
      readonly kind: 'request';
      readonly id: string;
      readonly name: SamlName;
      /** The provider's ids of the sessions that end; empty: all of the person. */
      readonly sessionIndexes: readonly string[];
      readonly issuedAt: Instant;
      readonly relayState: string | null;
    }
  | {
      readonly kind: 'response';
      readonly inResponseTo: string | null;
      readonly isSuccess: boolean;
      readonly relayState: string | null;
    };

/** What came with the browser: in an address with its raw query, or in a form. */
export interface LogoutCarrier {
  readonly rawQuery: string | null;
  readonly fields: URLSearchParams;
}

const oldestMs = 5 * 60_000;
/** Of sessions that one request names; each is looked up. */
const mostIndexes = 100;
/** Bytes of a relay state: what we send back stands in an address. Providers send at most 80 (SAML Bindings 2.0 section 3.4.3), some a few more. */
const longestRelayState = 1_024;

/** Reads a signed message about signing out, by either binding; throws a SamlFault for what is not signed, not for us, or not of now. */
export async function readLogoutMessage(
  options: SamlOptions,
  { rawQuery, fields }: LogoutCarrier,
  now: Instant,
): Promise<LogoutMessage> {
  const isRequest = fields.has('SAMLRequest');
  const encoded = fields.get(isRequest ? 'SAMLRequest' : 'SAMLResponse');
  if (encoded === null || fields.has('SAMLRequest') === fields.has('SAMLResponse'))
    throw new SamlFault('malformed');
  const localName = isRequest ? 'LogoutRequest' : 'LogoutResponse';
  const root =
    rawQuery === null
      ? await postedRoot(options, encoded, localName)
      : redirectedRoot(options, encoded, rawQuery);
  requireName(root, protocolNamespace, localName);
  if (attribute(root, 'Version') !== '2.0') throw new SamlFault('structure');
  requireFrom(root, options.entityId);
  if (attribute(root, 'Destination') !== options.addresses.logout) throw new SamlFault('destination');
  const issuedAt = instant(attribute(root, 'IssueInstant'));
  const skew = options.clockSkewMs;
  if (issuedAt === null || issuedAt > now + skew || issuedAt < now - oldestMs - skew)
    throw new SamlFault('time');
  const relayState = fields.get('RelayState');
  if (Buffer.byteLength(relayState ?? '') > longestRelayState) throw new SamlFault('too-large');
  return isRequest ? requestOf(root, options, { now, issuedAt, relayState }) : responseOf(root, relayState);
}

function requestOf(
  root: XmlElement,
  options: SamlOptions,
  {
    now,
    issuedAt,
    relayState,
  }: { readonly now: Instant; readonly issuedAt: Instant; readonly relayState: string | null },
): LogoutMessage {
  requireWithin(root, options, now);
  const [id, name] = [attribute(root, 'ID'), readName(root)];
  if (id === null || !/^[\w.-]{1,256}$/.test(id)) throw new SamlFault('structure');
  if (name === null) throw new SamlFault('subject');
  const sessionIndexes = childrenNamed(root, protocolNamespace, 'SessionIndex').map(
    (element) => plainText(element) ?? '',
  );
  if (sessionIndexes.length > mostIndexes) throw new SamlFault('too-large');
  return { kind: 'request', id, name, sessionIndexes, issuedAt, relayState };
}

function responseOf(root: XmlElement, relayState: string | null): LogoutMessage {
  const codes = childrenNamed(root, protocolNamespace, 'Status').flatMap((status) =>
    childrenNamed(status, protocolNamespace, 'StatusCode'),
  );
  const isSuccess = codes.length === 1 && codes.every((code) => attribute(code, 'Value') === successStatus);
  return { kind: 'response', inResponseTo: attribute(root, 'InResponseTo'), isSuccess, relayState };
}

/** A form holds the message as it is, signed inside (SAML Bindings 2.0 section 3.5). */
async function postedRoot(options: SamlOptions, encoded: string, localName: string): Promise<XmlElement> {
  const root = parseXml(decodeMessage(encoded), messageLimits);
  requireSignedMessage(root, localName, options.algorithms);
  const saml = await createSaml(configOf(options));
  try {
    if (localName === 'LogoutRequest') await saml.validatePostRequestAsync({ SAMLRequest: encoded });
    else await saml.validatePostResponseAsync({ SAMLResponse: encoded });
  } catch (cause) {
    throw new SamlFault('signature', { cause });
  }
  return root;
}

/** An address holds it deflated, with a signature over the address itself (SAML Bindings 2.0 section 3.4.4.1). */
function redirectedRoot(options: SamlOptions, encoded: string, rawQuery: string): XmlElement {
  requireQuerySignature(options, rawQuery);
  let text: string;
  try {
    // SECURITY: a small message that inflates to a large one.
    const limits = { maxOutputLength: messageLimits.bytes };
    text = inflateRawSync(Buffer.from(encoded, 'base64'), limits).toString('utf8');
  } catch (cause) {
    throw new SamlFault('malformed', { cause });
  }
  return parseXml(text, messageLimits);
}

/**
 * That the provider signed this address. SECURITY: what is signed is the text of each parameter, what is read are decoded values; so every
 * name is written plainly and stands once. `%53AMLRequest=` or a second `SAMLRequest=` would be read without having been signed.
 */
function requireQuerySignature(options: SamlOptions, rawQuery: string): void {
  const raw = new Map<string, string>();
  for (const pair of rawQuery.split('&')) {
    const name = pair.split('=', 1)[0] ?? '';
    const [read = ''] = new URLSearchParams(pair).keys();
    if (name !== read || raw.has(name)) throw new SamlFault('structure');
    raw.set(name, pair);
  }
  const signed = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg'].flatMap(
    (name) => raw.get(name) ?? [],
  );
  const values = new URLSearchParams(rawQuery);
  const [signature, algorithm] = [values.get('Signature'), values.get('SigAlg')];
  if (signature === null) throw new SamlFault('signature');
  const chosen = options.algorithms.find((name) => signatureAlgorithms[name] === algorithm);
  if (chosen === undefined) throw new SamlFault('algorithm');
  const bytes = Buffer.from(signature, 'base64');
  const digest = chosen === 'RSA_SHA512' ? 'sha512' : 'sha256';
  const isSigned = options.certificates
    .map((certificate) => createPublicKey(certificate))
    .filter(({ asymmetricKeyType }) => asymmetricKeyType === 'rsa')
    .some((key) => verify(digest, Buffer.from(signed.join('&')), key, bytes));
  if (!isSigned) throw new SamlFault('signature');
}

/** Where the browser goes to sign out at the provider. */
export async function signOutUrl(
  options: SamlOptions,
  subject: SamlName & { readonly sessionIndex: string | null },
  request: { readonly id: string; readonly relayState: string },
): Promise<string> {
  const saml = await createSaml({ ...configOf(options), generateUniqueId: () => request.id });
  const { value, format, nameQualifier, spNameQualifier, sessionIndex } = subject;
  const user = {
    issuer: options.entityId,
    nameID: value,
    nameIDFormat: format ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
    ...(nameQualifier === null ? {} : { nameQualifier }),
    ...(spNameQualifier === null ? {} : { spNameQualifier }),
    ...(sessionIndex === null ? {} : { sessionIndex }),
  };
  return saml.getLogoutUrlAsync(user, request.relayState, {});
}

/** Where the browser goes to tell the provider that somebody is signed out here. */
export async function signedOutUrl(
  options: SamlOptions,
  requestId: string,
  relayState: string | null,
): Promise<string> {
  const saml = await createSaml(configOf(options));
  const request = { issuer: options.entityId, ID: requestId, nameID: '', nameIDFormat: '' };
  return saml.getLogoutResponseUrlAsync(request, relayState ?? '', {}, true);
}
