export const accountPermissions = {
  'create:user_tickets':
    'Make links that set the password or verify the address of any user: whoever has such a link can take the account over.',
} as const;
