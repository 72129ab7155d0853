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
  PROFILE_TOO_LARGE: { kind: 'limited', message: 'The metadata of one user may have at most 1 MB in all.' },
});
