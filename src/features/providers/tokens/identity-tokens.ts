import type { Call } from '#src/access/call';
import type { DerivedKey } from '#src/config/open-secrets';
import { openText, sealText } from '#src/config/seal-text';
import { defineLoader, type LoaderDefinition } from '#src/graphql/request-loader';
import type { Store } from '#src/storage/store';
import { findIdentityTokens, saveIdentityTokens } from './identity-tokens.repository';

/** What a provider gave to act there for a user. */
export interface ProviderTokens {
  readonly accessToken: string;
  /** Null: it gave none. */
  readonly refreshToken: string | null;
}

type Ring = () => readonly DerivedKey[];

/** A provider that sends more than this sends no tokens. */
const longest = 16_384;

/**
 * Keeps what the provider gave at this sign-in, sealed. A refresh token that it gave before stays when it gives none now: some give it at the
 * first agreement alone. Inside the transaction of `store`.
 */
export async function keepTokens(
  store: Store,
  call: Pick<Call, 'clock'>,
  ring: Ring,
  identityId: string,
  tokens: ProviderTokens,
): Promise<void> {
  const { accessToken, refreshToken } = tokens;
  if (accessToken.length > longest || (refreshToken?.length ?? 0) > longest) return;
  const [before] = refreshToken === null ? await findIdentityTokens(store, [identityId]) : [];
  const kept = before === undefined ? null : opened(ring, identityId, before.sealedTokens).refreshToken;
  const sealed = JSON.stringify({ accessToken, refreshToken: refreshToken ?? kept });
  await saveIdentityTokens(store, {
    ...{ identityId, sealedTokens: sealText(ring(), identityId, sealed) },
    updatedAt: call.clock.now(),
  });
}

/** The tokens of an identity, opened. SECURITY: behind the fields that ask for `read:user_idp_tokens`, and nowhere else. */
export function tokensByIdentity(ring: Ring): LoaderDefinition<string, ProviderTokens | null> {
  return defineLoader('tokens-by-identity', async (ids, context) => {
    const rows = await findIdentityTokens(context.store, ids);
    const found = new Map(rows.map(({ identityId, sealedTokens }) => [identityId, sealedTokens]));
    return ids.map((id) => {
      const sealed = found.get(id);
      return sealed === undefined ? null : opened(ring, id, sealed);
    });
  });
}

function opened(ring: Ring, identityId: string, sealed: string): ProviderTokens {
  return JSON.parse(openText(ring(), identityId, sealed)) as ProviderTokens;
}
