export const connectionPermissions = {
  'read:connections': 'List the connections that users come from, without their options.',
} as const;
