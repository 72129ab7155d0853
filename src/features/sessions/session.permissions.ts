export const sessionPermissions = {
  'read:sessions': 'Read the sessions of every user.',
  'update:sessions': 'Write the metadata of the sessions of every user.',
  'delete:sessions': 'End the sessions of every user.',
} as const;
