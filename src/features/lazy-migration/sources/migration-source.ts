/** What a source says of a person: attributes under the names of its own, `user_id` among them. */
export type SourceProfile = Readonly<Record<string, unknown>>;

export type Verdict =
  | { readonly kind: 'match'; readonly profile: SourceProfile }
  /** The person is known, and this is not the password. */
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'unknown' };

export type Finding =
  { readonly kind: 'found'; readonly profile: SourceProfile } | { readonly kind: 'unknown' };

/** The old system. Whatever is none of these answers is a SourceFault. */
export interface MigrationSource {
  /** Whether the password belongs to the person of this identifier. */
  verify(identifier: string, password: string): Promise<Verdict>;
  /** Who has this identifier. */
  lookUp(identifier: string): Promise<Finding>;
  /** Gives up what it keeps; only who keeps something has it. */
  close?(): void;
}

export const faultReasons = [
  'UNREACHABLE',
  'TIMEOUT',
  'ADDRESS_REFUSED',
  'URL_INVALID',
  'REDIRECTED',
  'TOO_LARGE',
  'BAD_STATUS',
  'BAD_ANSWER',
  'QUERY_FAILED',
  'DATABASE_UNKNOWN',
  'SCRIPT_UNKNOWN',
  'SCRIPT_FAILED',
  'PROFILE_INVALID',
  'CIRCUIT_OPEN',
] as const;
export type FaultReason = (typeof faultReasons)[number];

/** Why a source gave no answer. SECURITY: it holds neither what was typed nor what the source sent. */
export class SourceFault extends Error {
  constructor(
    readonly reason: FaultReason,
    cause?: unknown,
  ) {
    super(`A migration source failed: ${reason}.`, { cause });
    this.name = 'SourceFault';
  }
}
