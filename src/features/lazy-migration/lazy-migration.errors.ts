import { defineErrors } from '#src/shared/errors';

export const lazyMigrationErrors = defineErrors({
  MIGRATION_SOURCE_UNAVAILABLE: {
    kind: 'unavailable',
    message: 'Your account cannot be checked at the moment. Try again later.',
  },
  MIGRATION_SOURCE_NOT_FOUND: { kind: 'not-found', message: 'This connection has no migration source.' },
});
