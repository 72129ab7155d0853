export const identityPermissions = {
  'read:user_idp_tokens': 'Read the tokens that identity providers gave for users.',
} as const;
