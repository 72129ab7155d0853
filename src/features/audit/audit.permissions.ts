export const auditPermissions = {
  'read:audit_events': 'Read who changed what and when.',
} as const;
