import { providerErrors } from '#src/features/providers/provider.errors';
import { hashSecret } from '#src/shared/secret-hash';
import { providerPresets, type ProviderPreset } from './provider-presets';

/** What is needed to sign people in through an OAuth provider; every member checked to be there. */
export interface OAuthOptions {
  readonly strategy: string;
  readonly preset: ProviderPreset;
  readonly clientId: string;
  readonly secrets: ReadonlyMap<string, string>;
  /** Null for a provider without discovery: then there are endpoints. */
  readonly issuer: string | null;
  readonly endpoints: ProviderPreset['endpoints'] | null;
  readonly scopes: readonly string[];
  readonly hostedDomain: string | null;
  readonly teamId: string | null;
  readonly keyId: string | null;
  readonly trustsUpstreamMfa: boolean;
  /** Whether a session here ends at the latest when the provider says that its own does. */
  readonly honoursSessionExpiry: boolean;
  /** Whether the provider's tokens are kept. */
  readonly storesTokens: boolean;
}

/** The stored options of a social or OpenID connection; CONNECTION_INCOMPLETE names the ones that are missing. */
export function oauthOptions(
  strategy: string,
  stored: Readonly<Record<string, unknown>>,
  secrets: ReadonlyMap<string, string>,
): OAuthOptions {
  const text = (key: string): string | null => (typeof stored[key] === 'string' ? stored[key] : null);
  const preset = providerPresets[strategy] ?? { scopes: [] };
  const clientId = text('client_id');
  const issuer = text('issuer') ?? preset.issuer?.replace('{tenant}', text('tenant_id') ?? 'common') ?? null;
  const endpoints = endpointsOf(text) ?? preset.endpoints ?? null;
  const needsKey = preset.signsSecret === true;
  const missing = [
    ...(clientId === null ? ['clientId'] : []),
    ...(issuer === null && endpoints === null ? ['issuer'] : []),
    ...(needsKey && !secrets.has('privateKey') ? ['privateKey'] : []),
    ...(needsKey && text('team_id') === null ? ['teamId'] : []),
    ...(needsKey && text('key_id') === null ? ['keyId'] : []),
  ];
  if (clientId === null || missing.length > 0) {
    throw providerErrors.CONNECTION_INCOMPLETE({ extensions: { missing } });
  }
  const scopes = Array.isArray(stored.scopes) ? stored.scopes.map(String) : preset.scopes;
  return {
    ...{ strategy, preset, clientId, secrets, issuer, scopes },
    endpoints: issuer === null ? endpoints : null,
    hostedDomain: text('hosted_domain'),
    teamId: text('team_id'),
    keyId: text('key_id'),
    trustsUpstreamMfa: stored.trust_upstream_mfa === true,
    honoursSessionExpiry: stored.honour_session_expiry === true,
    storesTokens: stored.store_tokens === true,
  };
}

function endpointsOf(text: (key: string) => string | null): ProviderPreset['endpoints'] | null {
  const [authorization, token, userinfo] = [
    text('authorization_endpoint'),
    text('token_endpoint'),
    text('userinfo_endpoint'),
  ];
  return authorization === null || token === null || userinfo === null
    ? null
    : { authorization, token, userinfo };
}

/** What a discovery belongs to: a client whose secret is another is another client. */
export function keyOf({ issuer, clientId, secrets, teamId, keyId }: OAuthOptions): string {
  const proof = hashSecret(JSON.stringify([[...secrets].sort(), teamId, keyId]));
  return JSON.stringify([issuer, clientId, proof]);
}
