import { addressOf } from '#src/config/origin';
import type { Route } from '#src/http/routes';
import { jwksDocument, type SigningKeySource } from '#src/features/sessions/tokens/signing-keys';

/** Consumers may keep the documents this long; a key is published well before it signs. */
const cacheControl = 'public, max-age=300';

/** The claims that access tokens carry. */
const claims = [
  ...['iss', 'sub', 'aud', 'client_id', 'iat', 'exp', 'jti', 'sid', 'org_id', 'acr', 'amr', 'auth_time'],
  ...['permissions', 'roles', 'fid', 'act'],
];

export interface DiscoveryParts {
  readonly issuer: string;
  readonly keys: () => Promise<readonly SigningKeySource[]>;
}

/** What other services need to check our tokens. The documents name only what this gateway really serves. */
export function sessionRoutes({ issuer, keys }: DiscoveryParts): readonly Route[] {
  return [
    {
      methods: ['GET'],
      path: '/.well-known/jwks.json',
      handler: async (_request, reply) => {
        const published = await keys();
        void reply.header('cache-control', cacheControl).type('application/json');
        return jwksDocument(published);
      },
    },
    {
      methods: ['GET'],
      path: '/.well-known/openid-configuration',
      handler: async (_request, reply) => {
        const published = await keys();
        void reply.header('cache-control', cacheControl).type('application/json');
        return discoveryDocument(issuer, published);
      },
    },
  ];
}

/** After OpenID Connect Discovery 1.0, section 3; `issuer` is exactly the `iss` of every token. */
function discoveryDocument(
  issuer: string,
  keys: readonly SigningKeySource[],
): Readonly<Record<string, unknown>> {
  const algorithms = keys.filter(({ state }) => state !== 'REVOKED').map(({ alg }) => alg);
  return {
    issuer,
    jwks_uri: addressOf(issuer, '/.well-known/jwks.json'),
    end_session_endpoint: addressOf(issuer, '/oidc/logout'),
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...new Set(algorithms)],
    scopes_supported: [],
    claims_supported: claims,
    acr_values_supported: ['aal1', 'aal2'],
  };
}
