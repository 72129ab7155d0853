import type { RevokeReason } from '#src/features/sessions/refresh/end-families.repository';
import type { EndReason, SessionStatus } from '#src/features/sessions/session-status';

/** What applications are told was the cause, in the words of their settings. */
export type LogoutInitiator =
  | 'RP_LOGOUT'
  | 'IDP_LOGOUT'
  | 'SESSION_REVOKED'
  | 'SESSION_EXPIRED'
  | 'PASSWORD_CHANGED'
  | 'EMAIL_IDENTIFIER_CHANGED'
  | 'ACCOUNT_DELETED';

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
    ...{ status: 'ENDED', reason: 'logout', initiator: 'RP_LOGOUT' },
  },
  'session-revoked': {
    ...{ sessions: 'this', families: 'bound', raisesEpoch: false },
    ...{ status: 'REVOKED', reason: 'session-revoked', initiator: 'SESSION_REVOKED' },
  },
  'session-expired': {
    ...{ sessions: 'this', families: 'online', raisesEpoch: false },
    ...{ status: 'EXPIRED', reason: 'session-expired', initiator: 'SESSION_EXPIRED' },
  },
  'password-changed': {
    ...security,
    ...{ sessions: 'others', families: 'others', initiator: 'PASSWORD_CHANGED' },
  },
  'password-reset': { ...security, sessions: 'all', families: 'all', initiator: 'PASSWORD_CHANGED' },
  'identifier-changed': {
    ...security,
    ...{ sessions: 'others', families: 'others', initiator: 'EMAIL_IDENTIFIER_CHANGED' },
  },
  'factor-removed': {
    ...security,
    ...{ sessions: 'others', families: 'others', initiator: 'SESSION_REVOKED' },
  },
  blocked: {
    ...{ sessions: 'all', families: 'all', raisesEpoch: true },
    ...{ status: 'REVOKED', reason: 'blocked', initiator: 'SESSION_REVOKED' },
  },
  deleted: { ...security, sessions: 'all', families: 'all', initiator: 'ACCOUNT_DELETED' },
  linked: { ...security, sessions: 'all', families: 'all', initiator: 'SESSION_REVOKED' },
  reclaimed: { ...security, sessions: 'all', families: 'all', initiator: 'SESSION_REVOKED' },
  unlinked: {
    ...security,
    ...{ sessions: 'connection', families: 'connection', raisesEpoch: false, initiator: 'SESSION_REVOKED' },
  },
  'connection-disabled': {
    ...security,
    ...{ sessions: 'connection', families: 'connection', raisesEpoch: false, initiator: 'SESSION_REVOKED' },
  },
  'organization-removed': { ...quiet, sessions: 'none', families: 'organization' },
  'organization-deleted': {
    ...{ sessions: 'this', families: 'bound', raisesEpoch: false },
    ...{ status: 'ENDED', reason: 'organization-deleted', initiator: 'SESSION_REVOKED' },
  },
  'role-changed': { ...quiet, sessions: 'none', families: 'none' },
} as const satisfies Readonly<Record<string, EndingRule>>;

export type EndingEvent = keyof typeof endingTable;

/** Those that are about a user and not about one session. */
export type UserEvent = Exclude<
  EndingEvent,
  'logout' | 'session-revoked' | 'session-expired' | 'organization-deleted'
>;

export function endingRule(event: EndingEvent): EndingRule {
  return endingTable[event];
}
