import type { Call } from '#src/access/call';
import { sealText } from '#src/config/seal-text';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { subjectOf } from '#src/features/connections/mapping/map-claims';
import { mappingOf } from '#src/features/connections/mapping/mapping-of';
import { storedIds } from '#src/features/connections/mapping/stored-ids';
import type { OAuthOptions } from '#src/features/providers/oauth/oauth-options';
import type { ProviderIdentity } from '#src/features/providers/oauth/provider-client';
import { hashOfParts, insertProviderSession } from '#src/features/providers/saml/provider-session.repository';
import { keepTokens } from '#src/features/providers/tokens/identity-tokens';
import { findIdentityId } from '#src/features/providers/tokens/identity-tokens.repository';
import type { Store } from '#src/storage/store';
import type { LoginParts } from './login-parts';

/** A longer one would not fit into an address. */
const longestHint = 6_000;

export interface KnownAtProvider {
  readonly connection: ConnectionRow;
  readonly options: OAuthOptions;
  readonly identity: ProviderIdentity;
}

/**
 * Keeps what later belongs to a sign-in at an OpenID or OAuth provider: its tokens, where the connection wants them, and its session, where the
 * provider can say that it ended. Answers the id of that session, if there is one. Inside the transaction of `store`.
 */
export async function keepFromProvider(
  parts: Pick<LoginParts, 'ring' | 'tokenRing' | 'longestSessionMs'>,
  store: Store,
  call: Call,
  userId: string,
  { connection, options, identity }: KnownAtProvider,
): Promise<string | undefined> {
  const { claims, endsSessions, signOutToken, tokens } = identity;
  const [subject, sid] = [claims['sub'], claims['sid']];
  const isNamed = (endsSessions || signOutToken !== null) && typeof subject === 'string';
  if (!isNamed && !options.storesTokens) return undefined;
  const [id, now] = [call.ids.next('pse'), call.clock.now()];
  if (options.storesTokens) await keepTokensOf(parts, store, call, { userId, connection, claims, tokens });
  if (!isNamed) return undefined;
  const named = {
    ...{ subject, sid: typeof sid === 'string' ? sid : null },
    ...(signOutToken === null || signOutToken.length > longestHint ? {} : { idToken: signOutToken }),
  };
  await insertProviderSession(store, {
    ...{ id, connectionId: connection.id, userId, createdAt: now, expiresAt: now + parts.longestSessionMs },
    subjectHash: hashOfParts(subject),
    indexHash: named.sid === null ? null : hashOfParts(named.sid),
    sealedSubject: sealText(parts.ring(), id, JSON.stringify(named)),
  });
  return id;
}

/** Keeps tokens with the identity of a user that they belong to; without one there is nothing to keep them with. */
export async function keepTokensOf(
  parts: Pick<LoginParts, 'tokenRing'>,
  store: Store,
  call: Call,
  { userId, connection, claims, tokens }: TokensOfUser,
): Promise<void> {
  const key = { userId, connection: connection.name, subjects: subjectsOf(connection, claims) };
  const identityId = await findIdentityId(store, key);
  if (identityId !== null) await keepTokens(store, call, parts.tokenRing, identityId, tokens);
}

interface TokensOfUser extends Pick<ProviderIdentity, 'claims' | 'tokens'> {
  readonly userId: string;
  readonly connection: ConnectionRow;
}

/** Under which ids the identity may be stored; see `storedIds`. */
function subjectsOf(connection: ConnectionRow, claims: ProviderIdentity['claims']): readonly string[] {
  const mapping = mappingOf(connection.strategy, readConnectionOptions(connection.options).attributeMapping);
  return storedIds(connection, subjectOf(mapping, claims) ?? '');
}
