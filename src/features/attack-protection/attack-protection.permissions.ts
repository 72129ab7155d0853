export const attackProtectionPermissions = {
  'read:attack_protection': 'See which networks and accounts attack protection refuses.',
  'delete:attack_protection_blocks': 'End blocks of attack protection.',
} as const;
