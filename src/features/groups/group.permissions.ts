export const groupPermissions = {
  'read:groups': 'Read groups, what stands in them and what they bring.',
  'create:groups': 'Create groups.',
  'update:groups': 'Change groups: members, nesting, roles and mappings.',
  'delete:groups': 'Delete groups.',
  'read:authorization': 'Read what is in force for a user in an application, and export groups and roles.',
  'update:authorization': 'Change what sign-ins write of groups, roles and permissions.',
  'import:authorization': 'Import groups, roles and permissions; takes grant:any as well.',
} as const;
