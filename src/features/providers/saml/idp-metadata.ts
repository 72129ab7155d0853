import type { Instant } from '#src/shared/clock';
import { instant } from './read-assertion';
import { SamlFault } from './saml-fault';
import {
  metadataNamespace,
  postBinding,
  protocolNamespace,
  redirectBinding,
  signatureNamespace,
} from './saml-names';
import { requireName } from './signed-shape';
import { allElements, attribute, childrenNamed, parseXml, plainText, type XmlElement } from './xml';

/** What the metadata of a SAML identity provider say that a connection needs. */
export interface ProviderMetadata {
  readonly entityId: string;
  readonly signInEndpoint: string;
  readonly requestBinding: 'REDIRECT' | 'POST';
  /** Null: it cannot be asked to sign somebody out by an address. */
  readonly signOutEndpoint: string | null;
  /** In PEM. */
  readonly certificates: readonly string[];
}

/** Limits of metadata: those of large directories list every claim they know. */
export const metadataLimits = { bytes: 512 * 1_024, elements: 10_000, leavesCommentsOut: true } as const;

/**
 * Reads the metadata of one identity provider (SAML Metadata 2.0). The administrator who pastes them vouches for them: a signature in them is
 * not looked at. Throws a SamlFault for what is none, is over, or describes several.
 */
export function readProviderMetadata(text: string, now: Instant): ProviderMetadata {
  const root = parseXml(text, metadataLimits);
  requireName(root, metadataNamespace, 'EntityDescriptor');
  const roles = childrenNamed(root, metadataNamespace, 'IDPSSODescriptor').filter((role) =>
    (attribute(role, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(protocolNamespace),
  );
  const [role] = roles;
  const entityId = attribute(root, 'entityID')?.trim() ?? '';
  if (role === undefined || roles.length !== 1 || entityId === '') throw new SamlFault('structure');
  for (const element of [root, role]) requireValid(element, now);
  const redirect = endpoint(role, 'SingleSignOnService', redirectBinding);
  const signInEndpoint = redirect ?? endpoint(role, 'SingleSignOnService', postBinding);
  const certificates = signingCertificates(role);
  if (signInEndpoint === null || certificates.length === 0) throw new SamlFault('structure');
  return {
    ...{ entityId, signInEndpoint, certificates },
    requestBinding: redirect === null ? 'POST' : 'REDIRECT',
    signOutEndpoint: endpoint(role, 'SingleLogoutService', redirectBinding),
  };
}

function requireValid(element: XmlElement, now: Instant): void {
  const until = attribute(element, 'validUntil');
  const end = instant(until);
  if (until !== null && (end === null || end <= now)) throw new SamlFault('time');
}

function endpoint(role: XmlElement, service: string, binding: string): string | null {
  const found = childrenNamed(role, metadataNamespace, service).find(
    (element) => attribute(element, 'Binding') === binding,
  );
  return found === undefined ? null : attribute(found, 'Location');
}

function signingCertificates(role: XmlElement): readonly string[] {
  const texts = childrenNamed(role, metadataNamespace, 'KeyDescriptor')
    .filter((key) => attribute(key, 'use') !== 'encryption')
    .flatMap(allElements)
    .filter(
      ({ localName, namespaceURI }) => localName === 'X509Certificate' && namespaceURI === signatureNamespace,
    )
    .map((element) => plainText(element)?.replace(/\s/g, '') ?? '');
  return [...new Set(texts)].map((text) => {
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new SamlFault('malformed');
    const lines = text.match(/.{1,64}/g) ?? [];
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----`;
  });
}
