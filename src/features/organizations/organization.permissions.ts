export const organizationPermissions = {
  'read:organizations': 'Read organizations.',
  'create:organizations': 'Create organizations.',
  'update:organizations': 'Change organizations.',
  'delete:organizations': 'Delete organizations; their members stay users.',
  'read:organization_members': 'Read who is a member of which organization.',
  'create:organization_members': 'Make users members of organizations.',
  'delete:organization_members': 'End memberships of organizations.',
  'read:organization_member_roles': 'Read the roles that members have within organizations.',
  'create:organization_member_roles': 'Give roles to members of organizations.',
  'delete:organization_member_roles': 'Take roles from members of organizations.',
} as const;
