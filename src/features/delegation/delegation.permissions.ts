export const delegationPermissions = {
  'dae:read_users': 'Delegated administration: look at the users that the filter lets through.',
  'dae:manage_users': 'Delegated administration: create, change, block and delete these users.',
  'dae:read_logs': 'Delegated administration: read what was done to these users.',
  'dae:manage_config': 'Delegated administration: change its hooks; no filter narrows who may.',
} as const;
