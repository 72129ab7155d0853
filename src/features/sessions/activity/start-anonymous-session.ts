import type { Call } from '#src/access/call';
import type { SessionsConfig } from '#src/config/sessions';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import type { AuditService } from '#src/features/audit/audit.service';
import { findSettings } from '#src/features/sessions/logout/session-settings.repository';
import { checkedMetadata, mostSessionKeys } from '#src/features/sessions/session-metadata';
import { startTimes, touchTimes, type SessionLimits } from '#src/features/sessions/session-policy';
import { sessionErrors } from '#src/features/sessions/session.errors';
import type { TokenIssuer } from '#src/features/sessions/tokens/access-token';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import {
  findVisit,
  insertVisit,
  updateVisit,
  type AnonymousSessionRow,
} from './anonymous-session.repository';
import { anonymousSubject, hashAnonymousToken, newAnonymousToken } from './anonymous-token';

export interface VisitParts {
  readonly config: SessionsConfig;
  readonly applications: ApplicationService;
  readonly attackProtection: Pick<AttackProtectionService, 'beginVisit'>;
  readonly audit: AuditService;
  readonly issue: TokenIssuer['issue'];
}

export interface StartAnonymousSession {
  readonly clientId: string;
  /** Texts by key, as a session has them; said by the visitor. */
  readonly metadata?: unknown;
  /** Of an anonymous session to go on with. */
  readonly sessionToken?: string | null | undefined;
}

export interface StartedVisit {
  readonly anonymousSession: AnonymousSessionRow;
  readonly sessionToken: string;
  readonly accessToken: string;
  readonly expiresIn: number;
}

/** How long a visitor may stay away, and stay at all. */
export function visitLimits(config: SessionsConfig): SessionLimits {
  return { idle: config.anonymousIdleSeconds * 1_000, absolute: config.anonymousAbsoluteSeconds * 1_000 };
}

/**
 * Begins the session of a visitor who has not signed in, or goes on with one. FORBIDDEN for an application that is unknown, disabled, a
 * machine or takes no visitors, alike; ANONYMOUS_SESSION_INVALID for a token that is unknown, over or of another application.
 */
export async function startAnonymousSession(
  parts: VisitParts,
  call: Call,
  { clientId, metadata, sessionToken = null }: StartAnonymousSession,
  ip: string | null,
): Promise<StartedVisit> {
  const said = checkedMetadata('metadata', metadata);
  const permissions = await requireVisitors(parts, call.store, clientId);
  const limits = visitLimits(parts.config);
  const started =
    sessionToken === null
      ? await begin(parts, call, { clientId, metadata: said, limits }, ip)
      : await goOn(call, { clientId, metadata: said, limits }, sessionToken);
  const { id, expiresAt } = started.anonymousSession;
  const left = Math.ceil((expiresAt - call.clock.now()) / 1_000);
  const expiresIn = Math.max(1, Math.min(parts.config.accessTokenSeconds, left));
  const subject = anonymousSubject(id);
  const grant = { subject, clientId, permissions, roles: [], lifetimeSeconds: expiresIn };
  const { token: accessToken } = await parts.issue(grant);
  return { ...started, accessToken, expiresIn };
}

/** The permissions that the application gives its visitors. */
async function requireVisitors(
  { applications }: VisitParts,
  store: Store,
  clientId: string,
): Promise<readonly string[]> {
  const application = await applications.enabled(store, clientId);
  const [settings] = application === null ? [] : await findSettings(store, [clientId]);
  if (settings?.allowAnonymousSessions === true && application?.type !== 'MACHINE')
    return settings.anonymousPermissions;
  throw commonErrors.FORBIDDEN({
    message: 'This application has no visitors.',
    extensions: { field: 'clientId' },
  });
}

interface Visit {
  readonly clientId: string;
  readonly metadata: Record<string, string>;
  readonly limits: SessionLimits;
}

type Started = Pick<StartedVisit, 'anonymousSession' | 'sessionToken'>;

async function begin(
  { attackProtection, audit }: VisitParts,
  call: Call,
  { clientId, metadata, limits }: Visit,
  ip: string | null,
): Promise<Started> {
  // SECURITY: everybody may ask, and each answer is a row.
  await attackProtection.beginVisit(call, ip);
  const sessionToken = newAnonymousToken(call.ids);
  const times = startTimes(call.clock.now(), limits);
  const anonymousSession = { id: call.ids.next('ans'), clientId, metadata, ...times };
  await call.store.transaction(async (store) => {
    await insertVisit(store, { ...anonymousSession, tokenHash: hashAnonymousToken(sessionToken) ?? '' });
    await audit.record(store, call, {
      action: 'anonymous_session.start',
      targetType: 'AnonymousSession',
      targetId: anonymousSession.id,
      details: { clientId },
    });
  });
  return { anonymousSession, sessionToken };
}

function goOn(call: Call, { clientId, metadata, limits }: Visit, sessionToken: string): Promise<Started> {
  const tokenHash = hashAnonymousToken(sessionToken);
  const now = call.clock.now();
  return call.store.transaction(async (store) => {
    const found = tokenHash === null ? null : await findVisit(store, { tokenHash }, now);
    if (found === null || found.clientId !== clientId) throw sessionErrors.ANONYMOUS_SESSION_INVALID();
    const merged = { ...found.metadata, ...metadata };
    if (Object.keys(merged).length > mostSessionKeys) {
      throw commonErrors.LIMIT_EXCEEDED({
        message: `A session keeps at most ${mostSessionKeys} keys.`,
        extensions: { field: 'metadata', limit: mostSessionKeys },
      });
    }
    const { lastInteractedAt, idleExpiresAt } = touchTimes(found, now, limits) ?? found;
    const changed = { metadata: merged, lastInteractedAt, idleExpiresAt };
    await updateVisit(store, found.id, changed);
    return { anonymousSession: { ...found, ...changed }, sessionToken };
  });
}
