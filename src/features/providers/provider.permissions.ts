export const providerPermissions = {
  'create:connections': 'Add places where users come from.',
  'update:connections':
    'Change the settings of connections, their secrets included. Worth the accounts of their users who may do no more than its holder.',
  'delete:connections': 'Delete connections from which no user comes.',
} as const;
