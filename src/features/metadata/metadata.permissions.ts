export const metadataPermissions = {
  'read:users_app_metadata': 'Read the app_metadata of users, and nothing else of them.',
  'update:users_app_metadata': 'Change the app_metadata of users, and nothing else of them.',
  'read:metadata_schemas': 'Read what the metadata of users may hold.',
  'update:metadata_schemas':
    'Change what the metadata of users may hold, and who may read and write which part of it.',
} as const;
