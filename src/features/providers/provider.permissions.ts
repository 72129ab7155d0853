export const providerPermissions = {
  'create:connections': 'Add places where users come from.',
  'update:connections': 'Change the settings of connections, their secrets included.',
  'delete:connections': 'Delete connections from which no user comes.',
} as const;
