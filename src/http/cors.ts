import { issuerOrigin } from '#src/config/origin';

/** Origins whose pages may call with the visitor's cookie. The set may change while the server runs. */
export interface Origins {
  has(origin: string): boolean;
}

/** The issuer's own origin and those that are configured. */
export function allowedOrigins(config: {
  readonly issuer: string;
  readonly allowedWebOrigins: readonly string[];
}): ReadonlySet<string> {
  return new Set([issuerOrigin(config), ...config.allowedWebOrigins]);
}

/** The headers that let a page of another origin read an answer. An origin that is not on the list gets none of them. */
export function corsHeaders(origin: string, allowed: Origins): Readonly<Record<string, string>> {
  // SECURITY: the origin is echoed only from the list, never `*`: otherwise any site could read with the visitor's cookie.
  if (!allowed.has(origin)) return { vary: 'Origin' };
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'x-request-id, retry-after',
    vary: 'Origin',
  };
}

/** The further headers of an answer to a preflight. */
export function preflightHeaders(origin: string, allowed: Origins): Readonly<Record<string, string>> {
  if (!allowed.has(origin)) return corsHeaders(origin, allowed);
  return {
    ...corsHeaders(origin, allowed),
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers':
      'authorization, content-type, x-apollo-operation-name, apollo-require-preflight',
    'access-control-max-age': '600',
  };
}
