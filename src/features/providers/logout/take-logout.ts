import type { Call } from '#src/access/call';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { faultIn } from '#src/features/providers/oauth/try-provider';
import type { LoginParts } from '#src/features/providers/login/login-parts';
import { oauthOptions } from '#src/features/providers/oauth/oauth-options';
import { providerErrors } from '#src/features/providers/provider.errors';
import {
  findSessionsAtProvider,
  hashOfParts,
} from '#src/features/providers/saml/provider-session.repository';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import { countRefusals } from './count-refusals';
import { logoutClaims, rememberedMs, type LogoutClaims } from './logout-claims';
import { useLogoutToken } from './used-logout-token.repository';

/**
 * Takes a logout token of an OpenID provider: ends the sessions here that came from the session there, or all of that person. Answers how
 * many. LOGOUT_TOKEN_INVALID, PROVIDER_UNAVAILABLE, TOO_MANY_ATTEMPTS.
 */
export async function takeLogout(
  parts: LoginParts,
  call: Call,
  {
    connection: name,
    token,
    ip,
  }: { readonly connection: string; readonly token: string; readonly ip: string },
): Promise<number> {
  const connection = await parts.connections.stored(call.store, name);
  if (connection === null || protocolOf(connection.strategy) !== 'OAUTH') {
    throw providerErrors.LOGOUT_TOKEN_INVALID();
  }
  const attempt = await countRefusals(call, connection.id, ip);
  const claims = await readToken(parts, call, connection, token);
  const ended = claims === null ? null : await endSessions(parts, call, connection, claims);
  if (ended === null) {
    await refuse(parts, call, connection);
    throw providerErrors.LOGOUT_TOKEN_INVALID();
  }
  await attempt.succeeded();
  return ended;
}

async function readToken(
  parts: LoginParts,
  call: Call,
  connection: ConnectionRow,
  token: string,
): Promise<LogoutClaims | null> {
  const secrets = await parts.connectionSettings.secretsOf(call.store, connection.id);
  const options = oauthOptions(connection.strategy, connection.options, secrets);
  if (options.issuer === null) return null;
  try {
    const { claims, type } = await parts.client.signedClaims(options, token);
    return logoutClaims(claims, type, call.clock.now());
  } catch (cause) {
    if (faultIn(cause) !== null) throw providerErrors.PROVIDER_UNAVAILABLE({ cause });
    return null;
  }
}

/** Null: the token was taken before. */
function endSessions(
  parts: LoginParts,
  call: Call,
  { id: connectionId, name }: ConnectionRow,
  { id: jti, subject, sessionId }: LogoutClaims,
): Promise<number | null> {
  const now = call.clock.now();
  return call.store.transaction(async (store) => {
    const used = { connectionId, tokenHash: hashOfParts(jti), expiresAt: now + rememberedMs };
    if (!(await useLogoutToken(store, used, now))) return null;
    const named = await findSessionsAtProvider(store, {
      connectionId,
      subjectHash: subject === null ? null : hashOfParts(subject),
      indexHash: sessionId === null ? null : hashOfParts(sessionId),
    });
    const ids = new Set(named.map(({ id }) => id));
    let ended = 0;
    // Always in the same order, so that two of them cannot wait for each other.
    for (const userId of [...new Set(named.map((row) => row.userId))].sort()) {
      ended += (await parts.sessions.endFromProvider(store, call, userId, ids)).length;
      await parts.audit.record(store, call, {
        ...{ action: 'session.provider_sign_out', targetType: 'User', targetId: userId },
        details: { connection: name },
      });
    }
    return ended;
  });
}

function refuse(parts: LoginParts, call: Call, { id, name }: ConnectionRow): Promise<void> {
  return call.store.transaction((store) =>
    parts.audit.record(store, call, {
      ...{ action: 'session.provider_sign_out', targetType: 'Connection', targetId: id },
      ...{ result: 'denied', details: { connection: name } },
    }),
  );
}
