export const sessionPermissions = {
  'read:sessions': 'Read the sessions of every user.',
  'delete:sessions': 'End the sessions of every user.',
} as const;
