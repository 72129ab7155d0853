import { CompactSign } from 'jose';
import type { Clock } from '#src/shared/clock';
import type { Ids } from '#src/shared/ids';
import { currentKey, type SigningKeySource } from './signing-keys';

export interface EndedSession {
  readonly clientId: string;
  readonly sessionId: string;
  readonly userId: string;
  /** Only for applications that want it. */
  readonly metadata: Readonly<Record<string, unknown>> | null;
}

const lifetimeSeconds = 120;

/** Signs logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.4): good for two minutes, with an id of their own, no nonce. */
export function createLogoutSigner(setting: {
  readonly keys: readonly SigningKeySource[];
  readonly issuer: string;
  readonly clock: Clock;
  readonly ids: Ids;
}): (ended: EndedSession) => Promise<string> {
  const { kid, alg, privateKey } = currentKey(setting.keys);
  return ({ clientId, sessionId, userId, metadata }) => {
    const iat = Math.floor(setting.clock.now() / 1_000);
    const claims = {
      ...{ iss: setting.issuer, aud: clientId, iat, exp: iat + lifetimeSeconds, jti: setting.ids.secret(16) },
      ...{
        sid: sessionId,
        sub: userId,
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      },
      ...(metadata !== null && { session_metadata: metadata }),
    };
    return new CompactSign(Buffer.from(JSON.stringify(claims), 'utf8'))
      .setProtectedHeader({ alg, kid, typ: 'logout+jwt' })
      .sign(privateKey);
  };
}
