export const loginPermissions = {
  'record:logins':
    'Say that somebody signed in at a connection, with the claims of the identity provider. For trusted sign-in services only: worth the accounts of the connections, and the roles of groups that are mapped there.',
} as const;
