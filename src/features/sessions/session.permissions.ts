export const sessionPermissions = {
  'read:sessions': 'Read the sessions of every user.',
  'update:sessions': 'Write the metadata of the sessions of every user.',
  'impersonate:users': 'Act in the name of users who have no rights over others.',
  'impersonate:admins': 'Act in the name of users who have rights over others, if the caller has them too.',
  'read:impersonations': 'See who acted in the name of which user, when and why.',
  'update:me:support_access': 'Say whether support may act in one’s own name.',
  'read:signing_keys': 'See which keys tokens are signed with.',
  'update:signing_keys': 'Rotate and revoke the keys that tokens are signed with.',
  'delete:sessions': 'End the sessions of every user.',
} as const;
