import type { Instant } from '#src/shared/clock';
import { SamlFault } from './saml-fault';
import { assertionNamespace, transientFormat } from './saml-names';
import type { SamlOptions } from './saml-options';
import { allElements, attribute, childElements, childrenNamed, plainText, type XmlElement } from './xml';

export interface SamlName {
  readonly value: string;
  readonly format: string | null;
  readonly nameQualifier: string | null;
  readonly spNameQualifier: string | null;
}

/** Whom an assertion is about, after everything that it promises about itself was checked. */
export interface SamlIdentity {
  readonly assertionId: string;
  /** Until when the assertion could be sent again. */
  readonly usableUntil: Instant;
  readonly name: SamlName | null;
  readonly sessionIndex: string | null;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly isMultiFactor: boolean;
  /** How the provider proved who it is (`AuthnContextClassRef`); null: it does not say. */
  readonly contextClass: string | null;
}

const oldestMs = 5 * 60_000;
const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const knownConditions = new Set(['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction']);
const nameClaim = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier';
const methodsClaim = 'http://schemas.microsoft.com/claims/authnmethodsreferences';
const multiFactor = new Set([
  'https://refeds.org/profile/mfa',
  'http://schemas.microsoft.com/claims/multipleauthn',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract',
]);

/** What an assertion is compared with. */
export interface Expected {
  readonly options: SamlOptions;
  /** The id of our request; null: the provider sent it without one. */
  readonly requestId: string | null;
  readonly now: Instant;
  /** How many seconds ago the person may have proved who they are; null: it does not matter. */
  readonly maxAgeSeconds: number | null;
}

/**
 * Reads a verified assertion: issuer, subject, recipient, audience, times and the request it answers must be what is expected (SAML
 * Profiles 2.0 section 4.1.4.3). Throws a SamlFault for anything else.
 */
export function readAssertion(assertion: XmlElement, expected: Expected): SamlIdentity {
  const { options, now } = expected;
  requireFrom(assertion, options.entityId);
  if (attribute(assertion, 'Version') !== '2.0') throw new SamlFault('structure');
  const issued = instant(attribute(assertion, 'IssueInstant'));
  if (issued === null || issued > now + options.clockSkewMs || issued < now - options.clockSkewMs - oldestMs)
    throw new SamlFault('time');
  const subject = onlyChild(assertion, 'Subject', 'subject');
  const confirmedUntil = requireConfirmation(subject, expected);
  requireConditions(onlyChild(assertion, 'Conditions', 'audience'), expected);
  const statement = requireStatement(assertion, expected);
  const name = readName(subject);
  const claims = readAttributes(assertion);
  // SECURITY: the name that was asserted wins over an attribute that is only called like it.
  const isLasting = name !== null && name.format !== transientFormat;
  return {
    assertionId: attribute(assertion, 'ID') ?? '',
    usableUntil: confirmedUntil + options.clockSkewMs,
    name,
    sessionIndex: attribute(statement, 'SessionIndex'),
    claims: isLasting ? { ...claims, [nameClaim]: name.value } : claims,
    isMultiFactor: isMultiFactor(statement, claims),
    contextClass: contextClasses(statement)[0] ?? null,
  };
}

/** That an element says to come from the provider. */
export function requireFrom(parent: XmlElement, entityId: string): void {
  const issuers = childrenNamed(parent, assertionNamespace, 'Issuer');
  if (issuers.length !== 1 || plainText(issuers[0]) !== entityId) throw new SamlFault('issuer');
}

/** Milliseconds of an instant in XML (`2026-11-30T12:00:00Z`); null for what is none. */
export function instant(text: string | null): Instant | null {
  if (text === null || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) return null;
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? null : parsed;
}

/** That the bearer of the assertion is who we asked about, here and now; answers until when it says so. */
function requireConfirmation(subject: XmlElement, { options, requestId, now }: Expected): Instant {
  const data = childrenNamed(subject, assertionNamespace, 'SubjectConfirmation')
    .filter((confirmation) => attribute(confirmation, 'Method') === bearer)
    .flatMap((confirmation) => childrenNamed(confirmation, assertionNamespace, 'SubjectConfirmationData'));
  const here = data.filter((one) => attribute(one, 'Recipient') === options.addresses.assertions);
  if (here.length === 0) throw new SamlFault('destination');
  // SECURITY: an answer to somebody else's request; required here as well, where the provider's signature always covers it.
  const ours = here.filter((one) => attribute(one, 'InResponseTo') === requestId);
  if (ours.length === 0) throw new SamlFault('in-response-to');
  const ends = ours
    .filter((one) => !one.hasAttribute('NotBefore'))
    .map((one) => instant(attribute(one, 'NotOnOrAfter')))
    .filter((end): end is Instant => end !== null && end + options.clockSkewMs > now);
  if (ends.length === 0) throw new SamlFault('time');
  return Math.max(...ends);
}

function requireConditions(conditions: XmlElement, { options, now }: Expected): void {
  const children = childElements(conditions);
  if (
    children.some(
      ({ localName, namespaceURI }) => namespaceURI !== assertionNamespace || !knownConditions.has(localName),
    )
  )
    throw new SamlFault('structure');
  const restrictions = childrenNamed(conditions, assertionNamespace, 'AudienceRestriction');
  const isForUs = restrictions.every((restriction) =>
    childrenNamed(restriction, assertionNamespace, 'Audience').some(
      (audience) => plainText(audience) === options.addresses.entityId,
    ),
  );
  if (restrictions.length === 0 || !isForUs) throw new SamlFault('audience');
  requireWithin(conditions, options, now);
}

/** That `NotBefore` and `NotOnOrAfter`, where they are given, hold at this moment. */
export function requireWithin(
  element: XmlElement,
  { clockSkewMs }: Pick<SamlOptions, 'clockSkewMs'>,
  now: Instant,
): void {
  const [from, until] = ['NotBefore', 'NotOnOrAfter'].map((name) => attribute(element, name));
  const [begins, ends] = [instant(from ?? null), instant(until ?? null)];
  if (from !== null && (begins === null || begins - clockSkewMs > now)) throw new SamlFault('time');
  if (until !== null && (ends === null || ends + clockSkewMs <= now)) throw new SamlFault('time');
}

function requireStatement(assertion: XmlElement, { options, now, maxAgeSeconds }: Expected): XmlElement {
  const [statement] = childrenNamed(assertion, assertionNamespace, 'AuthnStatement');
  if (statement === undefined) throw new SamlFault('statement');
  const until = attribute(statement, 'SessionNotOnOrAfter');
  const ends = instant(until);
  if (until !== null && (ends === null || ends + options.clockSkewMs <= now)) throw new SamlFault('time');
  const proved = instant(attribute(statement, 'AuthnInstant'));
  if (maxAgeSeconds === null) return statement;
  // SECURITY: the request may have been changed on its way through the browser; the assertion says what was done.
  if (proved === null || proved + maxAgeSeconds * 1_000 + options.clockSkewMs < now)
    throw new SamlFault('time');
  return statement;
}

function onlyChild(parent: XmlElement, localName: string, reason: 'subject' | 'audience'): XmlElement {
  const found = childrenNamed(parent, assertionNamespace, localName);
  const [first] = found;
  if (first === undefined || found.length !== 1) throw new SamlFault(reason);
  return first;
}

const longestName = 2_048;

/** The `NameID` below an element; null when there is none. */
export function readName(parent: XmlElement): SamlName | null {
  const names = childrenNamed(parent, assertionNamespace, 'NameID');
  const [element] = names;
  if (element === undefined) return null;
  const value = plainText(element);
  if (names.length !== 1 || value === null || value === '' || value.length > longestName)
    throw new SamlFault('subject');
  return {
    value,
    format: attribute(element, 'Format'),
    nameQualifier: attribute(element, 'NameQualifier'),
    spNameQualifier: attribute(element, 'SPNameQualifier'),
  };
}

function readAttributes(assertion: XmlElement): Readonly<Record<string, unknown>> {
  const statements = childrenNamed(assertion, assertionNamespace, 'AttributeStatement');
  const values = new Map<string, string[]>();
  for (const element of statements.flatMap((one) => childrenNamed(one, assertionNamespace, 'Attribute'))) {
    const name = attribute(element, 'Name') ?? '';
    const texts = childrenNamed(element, assertionNamespace, 'AttributeValue')
      .map((value) => (value.textContent ?? '').trim())
      .filter((text) => text !== '');
    if (name !== '' && texts.length > 0) values.set(name, [...(values.get(name) ?? []), ...texts]);
  }
  return Object.fromEntries(
    [...values].map(([name, texts]) => [name, texts.length === 1 ? texts[0] : texts]),
  );
}

function contextClasses(statement: XmlElement): (string | null)[] {
  return allElements(statement)
    .filter(({ localName }) => localName === 'AuthnContextClassRef')
    .map((element) => plainText(element));
}

function isMultiFactor(statement: XmlElement, claims: Readonly<Record<string, unknown>>): boolean {
  const methods = [claims[methodsClaim]].flat();
  return [...contextClasses(statement), ...methods].some(
    (name) => typeof name === 'string' && multiFactor.has(name),
  );
}
