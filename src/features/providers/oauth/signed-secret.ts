import { importPKCS8, SignJWT } from 'jose';
import type { Instant } from '#src/shared/clock';
import type { OAuthOptions } from './oauth-options';

/** A client secret that Apple takes lives at most six months; ours is made for one exchange. */
const lifetimeSeconds = 300;

/** A client secret that is signed by the key of the connection (Sign in with Apple). */
export async function signedSecret(
  { secrets, teamId, keyId, clientId, issuer }: OAuthOptions,
  at: Instant,
): Promise<string> {
  const key = await importPKCS8(secrets.get('privateKey') ?? '', 'ES256');
  const now = Math.floor(at / 1_000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: keyId ?? '' })
    .setIssuer(teamId ?? '')
    .setSubject(clientId)
    .setAudience(issuer ?? '')
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(key);
}
