import type { LinkingMode } from '#src/features/connections/connection-options';

/** What is known of the one account that has the address. */
export interface Candidate {
  readonly isVerified: boolean;
  readonly isBlocked: boolean;
  /** It lives in a database connection: its owner has, or had, a password here. */
  readonly isLocal: boolean;
  readonly hasSecondFactor: boolean;
  /** It has an identity at the same connection already. */
  readonly isKnownThere: boolean;
  /** It holds permissions of the gateway, somewhere, that are about more than itself. */
  readonly hasRights: boolean;
}

/**
 * SEPARATE: a user of its own. ATTACH: at once. FACTOR: after the account's second factor. PROVE: after whoever signs in has proved to own
 * the account. RECLAIM: the account is emptied first.
 */
export type LinkDecision = 'SEPARATE' | 'ATTACH' | 'FACTOR' | 'PROVE' | 'RECLAIM';

/** What becomes of a new identity whose address is believed; `canMail`: whether messages can be sent. Null: no account, or several. */
export function linkDecision(mode: LinkingMode, candidate: Candidate | null, canMail: boolean): LinkDecision {
  if (mode === 'OFF' || candidate === null || candidate.isBlocked) return 'SEPARATE';
  // SECURITY: account pre-hijacking; whoever made an account with somebody else's address must not get in together with its owner.
  if (!candidate.isVerified) return candidate.isLocal && canMail ? 'RECLAIM' : 'SEPARATE';
  // A second account at the same provider may be another person's who got the address: nothing happens without a question.
  if (mode === 'PROMPT' || candidate.isKnownThere || !canMail) return 'PROVE';
  // SECURITY: privilege escalation; whoever may make connections would name a provider of his own that says it is the administrator's address.
  if (candidate.hasRights) return 'PROVE';
  return candidate.hasSecondFactor ? 'FACTOR' : 'ATTACH';
}
