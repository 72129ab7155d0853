/** What a source says of a person: attributes under the names of its own, `user_id` among them. */
export type SourceProfile = Readonly<Record<string, unknown>>;

export type Verdict =
  | { readonly kind: 'match'; readonly profile: SourceProfile }
  /** The person is known, and this is not the password. */
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'unknown' };

export type Finding =
  { readonly kind: 'found'; readonly profile: SourceProfile } | { readonly kind: 'unknown' };

/** What a source can be told, where an administrator wants it. */
export const sourceWrites = [
  'CREATE',
  'VERIFY',
  'CHANGE_PASSWORD',
  'DELETE',
  'CHANGE_EMAIL',
  'MIGRATED',
] as const;
export type SourceWrite = (typeof sourceWrites)[number];

/** A change that was made here, or is about to be. */
export type SourceChange =
  /** `user`: e-mail, user name, password, connection and metadata, under the names of the contracts. */
  | { readonly kind: 'CREATE'; readonly user: SourceProfile }
  | { readonly kind: 'VERIFY'; readonly email: string }
  | { readonly kind: 'CHANGE_PASSWORD'; readonly identifier: string; readonly password: string }
  | { readonly kind: 'DELETE'; readonly userId: string }
  | {
      readonly kind: 'CHANGE_EMAIL';
      readonly userId: string;
      readonly email: string;
      readonly newEmail: string;
      readonly isVerified: boolean;
    }
  /** Somebody has moved here: the source may note it. */
  | { readonly kind: 'MIGRATED'; readonly userId: string };

/** `refused`: the source has not changed anything. `taken`: it has somebody by this name already. */
export type SourceReply = 'done' | 'refused' | 'taken';

/** What a script learns of a sign-in beside its arguments. */
export interface SourceContext {
  readonly organization?: {
    readonly id: string;
    readonly name: string;
    readonly metadata: Readonly<Record<string, unknown>>;
  };
}

/** The old system. Whatever is none of these answers is a SourceFault. */
export interface MigrationSource {
  /** Whether the password belongs to the person of this identifier. */
  verify(identifier: string, password: string, context?: SourceContext): Promise<Verdict>;
  /** Tells it of a change; only sources that can be told have it. */
  tell?(change: SourceChange): Promise<SourceReply>;
  /** Who has this identifier. */
  lookUp(identifier: string): Promise<Finding>;
  /** Gives up what it keeps; only who keeps something has it. */
  close?(): void;
}

export type FaultReason =
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'ADDRESS_REFUSED'
  | 'URL_INVALID'
  | 'REDIRECTED'
  | 'TOO_LARGE'
  | 'BAD_STATUS'
  | 'BAD_ANSWER'
  | 'QUERY_FAILED'
  | 'DATABASE_UNKNOWN'
  | 'SCRIPT_UNKNOWN'
  | 'SCRIPT_FAILED'
  | 'PROFILE_INVALID'
  | 'CIRCUIT_OPEN';

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
