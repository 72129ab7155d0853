export const loginPermissions = {
  'record:logins':
    'Say that somebody signed in at a connection, with the claims of the identity provider. For trusted sign-in services only.',
} as const;
