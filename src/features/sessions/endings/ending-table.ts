import type { RevokeReason } from '#src/features/sessions/refresh/end-families.repository';
import type { EndReason, SessionStatus } from '#src/features/sessions/session-status';

/** What applications are told was the cause, in the words of their settings. */
export type LogoutInitiator =
  | 'rp-logout'
  | 'idp-logout'
  | 'session-revoked'
  | 'session-expired'
  | 'password-changed'
  | 'email-identifier-changed'
  | 'account-deleted';

/**
 * Which sessions end: the one that is named, all of the user, all but the one that made the change, or those that rest on one
 * connection alone. `others` without such a session is `all`.
 */
export type SessionScope = 'none' | 'this' | 'all' | 'others' | 'connection';

/** Which refresh tokens end. `bound`: those of the session that ends; `online`: of these, the ones that live and die with it. */
export type FamilyScope = 'none' | 'all' | 'others' | 'bound' | 'online' | 'organization' | 'connection';

export interface EndingRule {
  readonly sessions: SessionScope;
  readonly families: FamilyScope;
  /** Whether every token that was issued before is disowned. */
  readonly raisesEpoch: boolean;
  readonly status: Exclude<SessionStatus, 'ACTIVE'>;
  readonly reason: Extract<EndReason, RevokeReason>;
  /** Null: nobody is told. */
  readonly initiator: LogoutInitiator | null;
}

const security = { raisesEpoch: true, status: 'REVOKED', reason: 'security' } as const;
const quiet = { raisesEpoch: false, status: 'REVOKED', reason: 'security', initiator: null } as const;

/** What ends what: one row for each event. Everything that ends sessions reads it here. */
export const endingTable = {
  logout: {
    ...{ sessions: 'this', families: 'online', raisesEpoch: false },
    ...{ status: 'ENDED', reason: 'logout', initiator: 'rp-logout' },
  },
  'session-revoked': {
    ...{ sessions: 'this', families: 'bound', raisesEpoch: false },
    ...{ status: 'REVOKED', reason: 'session-revoked', initiator: 'session-revoked' },
  },
  'session-expired': {
    ...{ sessions: 'this', families: 'online', raisesEpoch: false },
    ...{ status: 'EXPIRED', reason: 'session-expired', initiator: 'session-expired' },
  },
  'password-changed': {
    ...security,
    ...{ sessions: 'others', families: 'others', initiator: 'password-changed' },
  },
  'password-reset': { ...security, sessions: 'all', families: 'all', initiator: 'password-changed' },
  'identifier-changed': {
    ...security,
    ...{ sessions: 'others', families: 'others', initiator: 'email-identifier-changed' },
  },
  'factor-removed': {
    ...security,
    ...{ sessions: 'others', families: 'others', initiator: 'session-revoked' },
  },
  blocked: {
    ...{ sessions: 'all', families: 'all', raisesEpoch: true },
    ...{ status: 'REVOKED', reason: 'blocked', initiator: 'session-revoked' },
  },
  deleted: { ...security, sessions: 'all', families: 'all', initiator: 'account-deleted' },
  linked: { ...security, sessions: 'all', families: 'all', initiator: 'session-revoked' },
  unlinked: {
    ...security,
    ...{ sessions: 'connection', families: 'connection', raisesEpoch: false, initiator: 'session-revoked' },
  },
  'connection-disabled': {
    ...security,
    ...{ sessions: 'connection', families: 'connection', raisesEpoch: false, initiator: 'session-revoked' },
  },
  'organization-removed': { ...quiet, sessions: 'none', families: 'organization' },
  'role-changed': { ...quiet, sessions: 'none', families: 'none' },
} as const satisfies Readonly<Record<string, EndingRule>>;

export type EndingEvent = keyof typeof endingTable;

/** Those that are about a user and not about one session. */
export type UserEvent = Exclude<EndingEvent, 'logout' | 'session-revoked' | 'session-expired'>;

export function endingRule(event: EndingEvent): EndingRule {
  return endingTable[event];
}
