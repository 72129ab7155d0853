import { defineErrors } from '#src/shared/errors';

export const seedErrors = defineErrors({
  SEED_NOT_EMPTY: {
    kind: 'conflict',
    message:
      'The database holds users already, and generated data goes into an empty one only. Name another database, or load a file.',
  },
  SEED_FILE_UNREADABLE: { kind: 'invalid', message: 'The file cannot be read.' },
  SEED_FILE_INVALID: { kind: 'invalid', message: 'The file holds profiles that cannot be loaded.' },
  SEED_CONFLICT: { kind: 'conflict', message: 'A user of the file exists in the database already.' },
});
