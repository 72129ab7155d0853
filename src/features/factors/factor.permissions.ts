/** The first five are held by every user over the own account; tokens can be limited to some of them. */
export const factorPermissions = {
  'read:me:factors': 'Read which authentication methods one may enrol.',
  'read:me:authentication_methods': 'Read one’s own authentication methods.',
  'create:me:authentication_methods': 'Enrol authentication methods for oneself.',
  'update:me:authentication_methods': 'Rename one’s own authentication methods.',
  'delete:me:authentication_methods': 'Delete one’s own authentication methods.',
  'read:authentication_methods': 'Read the authentication methods of every user.',
  'delete:authentication_methods': 'Reset the authentication methods of every user.',
  'update:mfa_policies':
    'Say when sign-ins at applications, connections and organizations ask for a second factor.',
} as const;
