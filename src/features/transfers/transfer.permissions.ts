export const transferPermissions = {
  'export:credentials':
    'Ask for files of users with password hashes and seeds, encrypted for a public key, and approve those that others ask for.',
} as const;
