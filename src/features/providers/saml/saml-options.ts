import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { providerErrors } from '#src/features/providers/provider.errors';
import { persistentFormat, samlAddresses, signatureAlgorithms, type SamlAddresses } from './saml-names';

/** What the gateway is for a provider, whatever is known of that. */
export interface ServiceOptions {
  readonly addresses: SamlAddresses;
  readonly nameIdFormat: string;
  /** Null: requests are not signed. */
  readonly signing: SigningKey | null;
}

/** What is needed to sign people in through a SAML provider; every member checked to be there. */
export interface SamlOptions extends ServiceOptions {
  readonly entityId: string;
  readonly signInEndpoint: string;
  readonly requestBinding: 'REDIRECT' | 'POST';
  readonly signOutEndpoint: string | null;
  readonly certificates: readonly string[];
  /** Names of `signatureAlgorithms`; requests are signed with the first. */
  readonly algorithms: readonly string[];
  readonly clockSkewMs: number;
  readonly idpInitiatedApplicationId: string | null;
  readonly trustsUpstreamMfa: boolean;
}

export interface SigningKey {
  readonly key: string;
  readonly certificate: string;
}

const usualSkewSeconds = 60;

/** The part that its metadata tell; there before anything of the provider is. */
export function serviceOptions(
  issuer: string,
  { name, options: stored }: Pick<ConnectionRow, 'name' | 'options'>,
  secrets: ReadonlyMap<string, string>,
): ServiceOptions {
  const key = secrets.get('signingKey');
  const certificate = stored['signing_certificate'];
  const signs = stored['sign_requests'] === true && key !== undefined && typeof certificate === 'string';
  const format = stored['name_id_format'];
  return {
    addresses: samlAddresses(issuer, name),
    nameIdFormat: typeof format === 'string' ? format : persistentFormat,
    signing: signs ? { key, certificate } : null,
  };
}

/** The stored options of a SAML connection; CONNECTION_INCOMPLETE names the ones that are missing. */
export function samlOptions(
  issuer: string,
  row: Pick<ConnectionRow, 'name' | 'options'>,
  secrets: ReadonlyMap<string, string>,
): SamlOptions {
  const { options: stored } = row;
  const text = (key: string): string | null => (typeof stored[key] === 'string' ? stored[key] : null);
  const list = (key: string): readonly string[] =>
    Array.isArray(stored[key]) ? stored[key].map(String) : [];
  const entityId = text('idp_entity_id');
  const signInEndpoint = text('sign_in_endpoint');
  const certificates = list('certificates');
  const service = serviceOptions(issuer, row, secrets);
  const needsKey = stored['sign_requests'] === true && service.signing === null;
  const missing = [
    ...(entityId === null ? ['entityId'] : []),
    ...(signInEndpoint === null ? ['signInEndpoint'] : []),
    ...(certificates.length === 0 ? ['certificates'] : []),
    ...(needsKey && !secrets.has('signingKey') ? ['signingKey'] : []),
    ...(needsKey && text('signing_certificate') === null ? ['signingCertificate'] : []),
  ];
  if (entityId === null || signInEndpoint === null || missing.length > 0) {
    throw providerErrors.CONNECTION_INCOMPLETE({ extensions: { missing } });
  }
  const algorithms = list('signature_algorithms').filter((one) => Object.hasOwn(signatureAlgorithms, one));
  const skew = stored['clock_skew_seconds'];
  return {
    ...service,
    ...{ entityId, signInEndpoint, certificates },
    requestBinding: text('request_binding') === 'POST' ? 'POST' : 'REDIRECT',
    signOutEndpoint: text('sign_out_endpoint'),
    algorithms: algorithms.length > 0 ? algorithms : Object.keys(signatureAlgorithms),
    clockSkewMs: (typeof skew === 'number' ? skew : usualSkewSeconds) * 1_000,
    idpInitiatedApplicationId: text('idp_initiated_application_id'),
    trustsUpstreamMfa: stored['trust_upstream_mfa'] === true,
  };
}
