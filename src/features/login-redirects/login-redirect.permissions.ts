export const loginRedirectPermissions = {
  'read:login_redirects': 'Read which pages elsewhere people visit in the middle of their sign-in.',
  'update:login_redirects':
    'Change which pages elsewhere people visit in the middle of their sign-in, and what those are told. Worth every account: such a page can ask people for anything.',
} as const;
