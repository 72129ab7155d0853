import { CompactSign, compactVerify, type CompactVerifyGetKey } from 'jose';
import { leadAttributes, type LeadProfile } from '#src/features/landing-pages/lead-attribute';
import {
  currentKey,
  signingAlgorithms,
  verificationKeys,
  type SigningKeySource,
} from '#src/features/sessions/tokens/signing-keys';
import type { Clock, Instant } from '#src/shared/clock';
import type { Ids } from '#src/shared/ids';

export interface Lead {
  /** The landing page. */
  readonly clientId: string;
  readonly origin: string;
  readonly profile: LeadProfile;
}

export interface VerifiedLead extends Lead {
  readonly id: string;
  readonly issuedAt: Instant;
}

export interface LeadProofs {
  /** What was handed to a page, signed for ten minutes: the copy that the visitor of the page cannot change. */
  sign(lead: Lead): Promise<string>;
  /** What a proof of this landing page says; null for any other text. */
  verify(token: string, clientId: string): Promise<VerifiedLead | null>;
}

const lifetimeSeconds = 600;
const skewSeconds = 60;
const longestToken = 8_192;
const tokenType = 'lead+jwt';

interface LeadClaims {
  readonly iss: string;
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly origin: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

export function createLeadProofs(setting: {
  readonly keys: () => readonly SigningKeySource[];
  readonly issuer: string;
  readonly clock: Clock;
  readonly ids: Ids;
}): LeadProofs {
  const { keys, issuer, clock, ids } = setting;
  const keyFor: CompactVerifyGetKey = ({ kid, alg }) => {
    const key = verificationKeys(keys()).get(kid ?? '');
    // SECURITY: algorithm confusion (RFC 8725 section 2.1); a key serves its own algorithm alone.
    if (!key || key.alg !== alg) throw new TypeError('No key of ours signed this.');
    return key.publicKey;
  };
  return {
    sign: ({ clientId, origin, profile }) => {
      const { kid, alg, privateKey } = currentKey(keys());
      const iat = Math.floor(clock.now() / 1_000);
      const claims: LeadClaims = {
        ...{ iss: issuer, aud: clientId, iat, exp: iat + lifetimeSeconds, jti: ids.secret(16) },
        ...{ origin, profile },
      };
      return new CompactSign(Buffer.from(JSON.stringify(claims), 'utf8'))
        .setProtectedHeader({ alg, kid, typ: tokenType })
        .sign(privateKey);
    },
    verify: async (token, clientId) => {
      const claims = token.length > longestToken ? null : await readClaims(token, keyFor);
      const now = Math.floor(clock.now() / 1_000);
      const isGood =
        claims !== null &&
        claims.iss === issuer &&
        claims.aud === clientId &&
        claims.exp > now &&
        claims.iat <= now + skewSeconds;
      if (!isGood) return null;
      const said = Object.values(leadAttributes).filter((attribute) =>
        Object.hasOwn(claims.profile, attribute),
      );
      const profile = Object.fromEntries(said.map((attribute) => [attribute, claims.profile[attribute]]));
      const { origin, iat, jti } = claims;
      return { clientId, origin, issuedAt: iat * 1_000, id: jti, profile };
    },
  };
}

/** The claims of a token that this gateway signed as a lead proof; null for any other. */
async function readClaims(token: string, keyFor: CompactVerifyGetKey): Promise<LeadClaims | null> {
  try {
    const { payload, protectedHeader } = await compactVerify(token, keyFor, {
      algorithms: [...signingAlgorithms],
    });
    // SECURITY: an access token or logout token of the same key is no lead proof, nor the other way round.
    if (protectedHeader.typ !== tokenType) return null;
    return JSON.parse(Buffer.from(payload).toString('utf8')) as LeadClaims;
  } catch {
    return null;
  }
}
