export const jobPermissions = {
  'read:jobs': 'Read the background jobs that anybody asked for.',
  'update:jobs': 'Cancel background jobs that anybody asked for.',
} as const;
