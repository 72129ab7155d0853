import type { ProvenMethod } from '#src/features/sessions/minting/proven-user';

const longestName = 255;
const mostMethods = 10;

/**
 * What a provider says of how it proved who somebody is, kept with the session for whoever looks at it later. Nothing is decided by it but
 * where the connection trusts the provider's second factor. What is no short text is left out.
 */
export function providerWord({
  acr,
  amr,
}: Readonly<Record<string, unknown>>): Pick<ProvenMethod, 'providerAcr' | 'providerAmr'> {
  const names = Array.isArray(amr) ? amr.filter(isName).slice(0, mostMethods) : [];
  return {
    ...(isName(acr) ? { providerAcr: acr } : {}),
    ...(names.length === 0 ? {} : { providerAmr: names }),
  };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestName;
}
