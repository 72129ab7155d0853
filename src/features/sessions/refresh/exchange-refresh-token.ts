import type { Call } from '#src/access/call';
import { actingUser } from '#src/access/principal';
import { signsPeopleIn } from '#src/features/applications/check-application';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { ApplicationSecretService } from '#src/features/applications/secrets/application-secret.service';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import type { AuditService } from '#src/features/audit/audit.service';
import type { MailService } from '#src/features/mail/mail.service';
import { sendNotice } from '#src/features/sessions/send-notice';
import type { ProvenMethod } from '#src/features/sessions/minting/proven-user';
import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import { isAlive, sessionLimits, touchTimes, type CookieMode } from '#src/features/sessions/session-policy';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { storeTouch } from '#src/features/sessions/session.repository';
import type { TokenGrant } from '#src/features/sessions/tokens/access-token';
import { apiGrant, askedApi, type ApiRequest } from '#src/features/sessions/tokens/api-grant';
import type { Store } from '#src/storage/store';
import { endFamilies } from './end-families.repository';
import {
  addToken,
  grantFor,
  hashRefreshToken,
  signGrant,
  type MintParts,
  type TokenSet,
} from './mint-tokens';
import { reuseNotice } from './reuse-notice';
import {
  countChildren,
  countReuses,
  findAddress,
  findBoundSession,
  findPresented,
  rotateToken,
  storeExchange,
  type PresentedToken,
} from './refresh.repository';

export interface RefreshParts extends MintParts {
  readonly audit: AuditService;
  readonly applications: ApplicationService;
  readonly secrets: Pick<ApplicationSecretService, 'proves'>;
  readonly attackProtection: Pick<AttackProtectionService, 'beginSecret'>;
  readonly mail: MailService;
}

export interface RefreshExchange {
  readonly refreshToken: string;
  readonly clientId: string;
  /** Of a confidential application. */
  readonly clientSecret?: string | null | undefined;
  /** Of another API than the gateway. */
  readonly audience?: string | null | undefined;
  readonly scope?: readonly string[] | null | undefined;
}

export interface RefreshCaller {
  readonly ip: string | null;
  readonly userAgent: string | null;
}

const hour = 3_600_000;
/** So many retries of one exchange are answered: two tabs and a lost answer. */
const mostSiblings = 3;

/**
 * The refresh of RFC 6749 section 6, with rotation and detection of reuse (RFC 9700 section 4.14.2). INVALID_GRANT answers a token that is
 * unknown, over, of another application, or whose user, session or organization no longer stands: alike.
 */
export async function exchangeRefreshToken(
  parts: RefreshParts,
  call: Call,
  asked: RefreshExchange,
  caller: RefreshCaller,
): Promise<TokenSet> {
  const api = askedApi(parts.config.audience, asked.audience, asked.scope);
  const application = await provenApplication(parts, call, asked, caller.ip);
  const hash = hashRefreshToken(asked.refreshToken);
  if (application === null || hash === null) throw sessionErrors.INVALID_GRANT();
  // A reuse is committed, not thrown: what it ends must stay ended.
  const outcome = await call.store.transaction((store) =>
    exchange(parts, store, call, { hash, application, caller, api }),
  );
  if (outcome === null) throw sessionErrors.INVALID_GRANT();
  return signGrant(parts, outcome.grant, outcome.token);
}

/** The application, if it may ask: enabled, no machine, and proven by its secret where it can keep one. */
async function provenApplication(
  parts: RefreshParts,
  call: Call,
  { clientId, clientSecret }: RefreshExchange,
  ip: string | null,
): Promise<ApplicationRow | null> {
  const application = await parts.applications.enabled(call.store, clientId);
  if (application === null || !signsPeopleIn(application.type)) return null;
  if (application.type !== 'REGULAR_WEB') return application;
  const attempt = await parts.attackProtection.beginSecret(call, clientId, ip);
  if (!(await parts.secrets.proves(call.store, clientId, clientSecret ?? ''))) return null;
  await attempt.succeeded();
  return application;
}

interface Presented {
  readonly hash: string;
  readonly application: ApplicationRow;
  readonly caller: RefreshCaller;
  readonly api: ApiRequest | null;
}

async function exchange(
  parts: RefreshParts,
  store: Store,
  call: Call,
  { hash, application, caller, api }: Presented,
): Promise<{ readonly grant: TokenGrant; readonly token: string } | null> {
  const presented = await findPresented(store, hash);
  if (presented === null || presented.clientId !== application.id) return null;
  // SECURITY: a token that was just revoked must not fall into the leeway for retries.
  if (!(await stands(parts, store, call, presented, caller))) return null;
  const methods = presented.methods as readonly ProvenMethod[];
  const familyId = presented.isOnline ? null : presented.id;
  const next = await nextToken(parts, store, call, presented);
  if (next === null) {
    await endReused(parts, store, call, presented);
    return null;
  }
  const grant = await grantFor(parts, store, { ...presented, methods, familyId });
  if (grant === null) return null;
  // What it refuses is undone with everything before, so that the token stays good.
  const forApi = api === null ? null : await apiGrant(store, presented, api);
  const now = call.clock.now();
  const idleExpiresAt = Math.min(now + parts.config.refreshIdleSeconds * 1_000, presented.expiresAt);
  const device = {
    ...presented.device,
    lastIp: caller.ip,
    lastUserAgent: caller.userAgent?.slice(0, 512) ?? null,
  };
  await storeExchange(store, presented.id, { lastExchangedAt: now, idleExpiresAt, device });
  return { grant: forApi === null ? grant : { ...grant, api: forApi }, token: next };
}

/** Whether the family, its user and, for an online one, its session still stand. */
async function stands(
  parts: RefreshParts,
  store: Store,
  call: Call,
  family: PresentedToken,
  caller: RefreshCaller,
): Promise<boolean> {
  const now = call.clock.now();
  if (family.revokedAt !== null || now >= family.idleExpiresAt || now >= family.expiresAt) return false;
  const user = await readUserState(store, family.userId, true);
  if (user === null || user.blocked || user.credentialEpoch !== family.credentialEpoch) return false;
  if (!family.isOnline) return true;
  const session =
    family.sessionId === null ? null : await findBoundSession(store, family.sessionId, family.userId);
  if (session === null || session.status !== 'ACTIVE' || session.credentialEpoch < user.credentialEpoch)
    return false;
  const limits = sessionLimits(parts.config, session.cookieMode as CookieMode);
  if (!isAlive(session, now, limits)) return false;
  // An exchange of an online application is an interaction with the session.
  const times = touchTimes(session, now, limits);
  const { clientId } = family;
  if (times !== null) await storeTouch(store, session.id, session, { times, from: caller, clientId });
  return true;
}

/** The token to answer; null when this is a reuse. */
async function nextToken(
  { config }: RefreshParts,
  store: Store,
  call: Call,
  { id, tokenId, rotatedAt }: PresentedToken,
): Promise<string | null> {
  const now = call.clock.now();
  if (rotatedAt === null) {
    // Of a confidential application as well: its secret says who asks, not whether somebody else has asked with a copy.
    if (!(await rotateToken(store, tokenId, now))) return null;
    return addToken(store, call, id, tokenId);
  }
  const leeway = config.refreshLeewaySeconds * 1_000;
  if (leeway === 0 || now - rotatedAt > leeway) return null;
  const children = await countChildren(store, tokenId);
  // The first exchange of any child closes the window: whoever lost the answer would hold none of them.
  return children.rotated > 0 || children.all >= mostSiblings ? null : addToken(store, call, id, tokenId);
}

/** SECURITY: a stolen refresh token; thief and owner cannot be told apart, so that all branches of the family end. */
async function endReused(
  parts: RefreshParts,
  store: Store,
  call: Call,
  family: PresentedToken,
): Promise<void> {
  const now = call.clock.now();
  const noticed = await countReuses(store, family.userId, now - hour);
  await endFamilies(store, { ids: [family.id] }, { reason: 'reuse', now });
  await parts.audit.record(
    store,
    { ...call, principal: actingUser(family.userId, family.sessionId) },
    {
      action: 'refresh_token.reuse',
      targetType: 'RefreshToken',
      targetId: family.id,
      result: 'denied',
      details: { clientId: family.clientId },
    },
  );
  const to = noticed > 0 ? null : await findAddress(store, family.userId);
  if (to !== null) await sendNotice(parts.mail, store, call, { to, template: reuseNotice, variables: {} });
}
