export const metadataPermissions = {
  'read:users_app_metadata': 'Read the app_metadata of users, and nothing else of them.',
  'update:users_app_metadata': 'Change the app_metadata of users, and nothing else of them.',
} as const;
