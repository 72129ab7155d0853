import type { Platform } from '#src/access/platform';
import type { FeatureParts } from '#src/graphql/feature';
import { createFailedAttempts, type FailedAttempts } from './failed-attempts';

export interface StartedAttackProtection {
  /** Guesses at the passwords of users. */
  readonly passwordAttempts: FailedAttempts;
  /** Guesses at the secrets of applications. */
  readonly secretAttempts: FailedAttempts;
}

export function startAttackProtection({
  clock,
}: Pick<Platform, 'clock'>): FeatureParts & StartedAttackProtection {
  return {
    name: 'attack-protection',
    resolvers: [],
    passwordAttempts: createFailedAttempts(clock),
    secretAttempts: createFailedAttempts(clock),
  };
}
