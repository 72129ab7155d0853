import { defineErrors } from '#src/shared/errors';

export const lazyMigrationErrors = defineErrors({
  MIGRATION_SOURCE_UNAVAILABLE: {
    kind: 'unavailable',
    message: 'Your account cannot be checked at the moment. Try again later.',
  },
  MIGRATION_SOURCE_REFUSED: {
    kind: 'conflict',
    message: 'The system that keeps this account has refused the change.',
  },
  IMPORT_MODE_OFF: {
    kind: 'conflict',
    message: 'The passwords of this connection are at its source alone: switch the import mode on first.',
  },
  MIGRATION_SOURCE_NOT_FOUND: { kind: 'not-found', message: 'This connection has no migration source.' },
});
