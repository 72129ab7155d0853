import {
  readSourcePerson,
  type PersonReading,
  type SourcePerson,
} from '#src/features/lazy-migration/users/source-person';
import { SourceFault, type FaultReason } from './migration-source';
import type { OpenSource } from './source-desk';

/** What a source answered to a question without consequences. */
export interface SourceTrial {
  readonly outcome: 'MATCH' | 'MISMATCH' | 'FOUND' | 'UNKNOWN' | 'FAULT';
  /** Why there was no usable answer. */
  readonly reason: FaultReason | null;
  readonly durationMs: number;
  /** The user that would be made; null where none would. */
  readonly user: TrialUser | null;
}

export interface TrialUser {
  readonly id: string;
  /** SECURITY: names of attributes, no values: they are not under the rules that govern users. */
  readonly attributes: readonly string[];
  readonly stripped: number;
  readonly ignored: number;
}

export type TrialQuestion = Omit<PersonReading, 'prefixIds'> & { readonly password: string | null };

/** Looks somebody up, or checks a password where one is given. */
export async function trySource(open: OpenSource, question: TrialQuestion): Promise<SourceTrial> {
  const { identifier, password } = question;
  const begun = performance.now();
  const ended = (
    outcome: SourceTrial['outcome'],
    rest: Partial<Pick<SourceTrial, 'reason' | 'user'>> = {},
  ): SourceTrial => {
    const durationMs = Math.round(performance.now() - begun);
    return { outcome, reason: null, user: null, durationMs, ...rest };
  };
  try {
    const answer = await (password === null ? open.lookUp(identifier) : open.verify(identifier, password));
    if (answer.kind === 'unknown') return ended('UNKNOWN');
    if (answer.kind === 'mismatch') return ended('MISMATCH');
    const { prefixIds } = open.settings;
    const user = trialUser(readSourcePerson(answer.profile, { ...question, prefixIds }));
    return ended(answer.kind === 'match' ? 'MATCH' : 'FOUND', { user });
  } catch (error) {
    if (error instanceof SourceFault) return ended('FAULT', { reason: error.reason });
    throw error;
  }
}

function trialUser({ sourceId, login, stripped, ignored }: SourcePerson): TrialUser {
  const { attributes, userMetadata, appMetadata } = login.claims;
  return {
    id: `${login.connection.strategy}|${sourceId}`,
    attributes: [
      ...Object.keys(login.sent),
      ...Object.keys(attributes),
      ...Object.keys(userMetadata).map((name) => `user_metadata.${name}`),
      ...Object.keys(appMetadata).map((name) => `app_metadata.${name}`),
    ],
    stripped,
    ignored,
  };
}
