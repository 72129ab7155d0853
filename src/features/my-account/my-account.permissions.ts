/** What every signed-in user may do with the own account; tokens and applications can be limited to some of it. */
export const myAccountPermissions = {
  'read:me:profile': 'Read one’s own profile in My Account.',
  'update:me:profile': 'Change one’s own profile.',
  'read:me:sessions': 'Read one’s own sessions in My Account.',
  'delete:me:sessions': 'End one’s own sessions.',
  'read:me:organizations': 'Read the organizations that one belongs to.',
  'read:me:permissions': 'Read one’s own permissions in My Account.',
  'read:me:connected_accounts': 'Read one’s own identities, and accounts that could be linked.',
  'create:me:connected_accounts': 'Link another account of one’s own.',
  'delete:me:connected_accounts': 'Unlink one’s own identities.',
  'create:me:data_export': 'Export what is stored about oneself.',
  'delete:me': 'Delete one’s own account.',
} as const;
