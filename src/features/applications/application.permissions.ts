export const applicationPermissions = {
  'read:applications': 'Read applications: their URLs, metadata and what they may do by themselves.',
  'create:applications': 'Register applications.',
  'update:applications': 'Change applications, their secrets and what they may do by themselves.',
  'delete:applications': 'Delete applications.',
} as const;
