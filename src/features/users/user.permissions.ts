export const userPermissions = {
  'read:users': 'Read users and their profiles.',
  'create:users': 'Create users.',
  'update:users': 'Change, block and unblock users, change their metadata, link and unlink their identities.',
  'delete:users': 'Delete users.',
} as const;
