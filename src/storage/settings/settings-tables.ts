/** Tables that change rarely and are read by every sign-in, or at every request. Whoever adds one adds its triggers in a migration. */
export const settingsTables = [
  'applications',
  'authorization_settings',
  'connection_secrets',
  'connections',
  'group_mappings',
  'login_redirects',
  'mfa_policies',
  'organization_connections',
  'permissions',
  'resource_servers',
  'role_permissions',
  'roles',
] as const;

const named = new RegExp(`"(${settingsTables.join('|')})"`);

/** Whether a writing statement may change settings; too often rather than too rarely. */
export function maySetSettings(text: string): boolean {
  return named.test(text);
}
