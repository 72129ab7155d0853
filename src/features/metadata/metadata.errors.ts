import { defineErrors } from '#src/shared/errors';

export const metadataErrors = defineErrors({
  INVALID_METADATA_KEY: {
    kind: 'invalid',
    message: 'A metadata key has 1 to 255 characters, without "." and "$".',
  },
  RESERVED_METADATA_KEY: {
    kind: 'invalid',
    message: 'This name is reserved and cannot stand at the top of app_metadata.',
  },
  METADATA_TOO_DEEP: { kind: 'invalid', message: 'Metadata may be nested at most 16 levels deep.' },
  INVALID_METADATA_SCHEMA: { kind: 'invalid', message: 'This JSON Schema is not usable for metadata.' },
  METADATA_SCHEMA_VIOLATION: {
    kind: 'invalid',
    message: 'The metadata does not meet what is declared of its store.',
  },
  UNDECLARED_METADATA_KEY: { kind: 'invalid', message: 'This key is not declared for its store.' },
  METADATA_VALUE_TAKEN: { kind: 'conflict', message: 'Another user has this value, which must be unique.' },
  PROFILE_TOO_LARGE: { kind: 'limited', message: 'The metadata of one user may have at most 1 MB in all.' },
});
