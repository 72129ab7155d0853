import { wordEnum } from '#src/access/word-enum';
import type { AttemptOutcome } from '#src/features/lazy-migration/attempts/attempt-tally';
import type { FaultReason } from '#src/features/lazy-migration/sources/migration-source';

const faults: Readonly<Record<FaultReason, string>> = {
  UNREACHABLE: 'It could not be reached.',
  TIMEOUT: 'It took too long.',
  ADDRESS_REFUSED: 'Its address lies in a network that is not called.',
  URL_INVALID: 'Its URL is none that can be called.',
  REDIRECTED: 'It answered with a redirect, which is not followed.',
  TOO_LARGE: 'Its answer was too large.',
  BAD_STATUS: 'It answered with a status that is not understood.',
  BAD_ANSWER: 'Its answer is not understood.',
  QUERY_FAILED: 'Its database refused the query.',
  DATABASE_UNKNOWN: 'No database of this name is configured.',
  SCRIPT_UNKNOWN: 'No script of this name is configured.',
  SCRIPT_FAILED: 'Its script failed.',
  PROFILE_INVALID: 'The profile that it gave cannot be a user.',
  CIRCUIT_OPEN: 'It failed too often just before, and was not asked.',
};

export const SourceFaultReason = wordEnum<FaultReason>(
  'SourceFaultReason',
  'Why a source gave no usable answer.',
  faults,
);

export const MigrationOutcomeKind = wordEnum<AttemptOutcome>(
  'MigrationOutcomeKind',
  'What became of a question to a source, or of what it was told.',
  {
    CREATED: 'A user was made.',
    PASSWORD_STORED: 'A user who was here without a password got it.',
    VOUCHED: 'The password was right, and is not kept here (import mode off).',
    MISMATCH: 'The password was wrong.',
    UNKNOWN: 'The source does not know the person.',
    BLOCKED: 'The source says that the person is blocked.',
    DELETED: 'The user was deleted here, and does not come back.',
    HERE_ALREADY: 'The user is here with a password of its own, which alone counts.',
    CONFLICT: 'Another user has the id or an identifier: somebody has to decide.',
    TOLD: 'The source was told of a change.',
    TELLING_REFUSED: 'The source refused what it was told.',
    ...faults,
  },
);
