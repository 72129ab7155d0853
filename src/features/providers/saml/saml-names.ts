import { addressOf } from '#src/config/origin';

/** Namespaces (SAML Core 2.0 section 1.2, XML Signature section 1.3, SAML Metadata 2.0 section 1.1). */
export const protocolNamespace = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const assertionNamespace = 'urn:oasis:names:tc:SAML:2.0:assertion';
export const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#';
export const metadataNamespace = 'urn:oasis:names:tc:SAML:2.0:metadata';

export const persistentFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
/** A name for one session: another one the next time. */
export const transientFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';

export const redirectBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
export const postBinding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';

const status = 'urn:oasis:names:tc:SAML:2.0:status';
export const successStatus = `${status}:Success`;
/** The provider was not to ask anything, and would have to. */
export const passiveStatus = `${status}:NoPassive`;
/** The person did not prove who they are, or did not want to. */
export const deniedStatuses: ReadonlySet<string> = new Set([
  `${status}:AuthnFailed`,
  `${status}:RequestDenied`,
]);

/** Algorithms that a signature may name. SECURITY: no SHA-1, no HMAC, whatever the library could check. */
export const signatureAlgorithms: Readonly<Record<string, string>> = {
  RSA_SHA256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  RSA_SHA512: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
};
export const digestAlgorithms: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
]);
export const exclusiveForm = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const envelopedSignature = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

export interface SamlAddresses {
  /** Who this gateway is for the provider; the metadata are there. */
  readonly entityId: string;
  /** Where assertions are taken. */
  readonly assertions: string;
  readonly logout: string;
}

/** One set of addresses for each connection, so that the answer of one provider does not fit another's. */
export function samlAddresses(issuer: string, connection: string): SamlAddresses {
  const base = addressOf(issuer, `/saml/${connection}`);
  return { entityId: `${base}/metadata`, assertions: `${base}/acs`, logout: `${base}/slo` };
}
