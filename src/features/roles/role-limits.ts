/** How much of each thing one deployment may hold. */
export interface RoleLimits {
  readonly roles: number;
  readonly permissionsPerRole: number;
  readonly permissionsPerResourceServer: number;
  readonly rolesPerUser: number;
  /** Permissions that roles bring do not count. */
  readonly directPermissionsPerUser: number;
}

export const defaultRoleLimits: RoleLimits = {
  roles: 1_000,
  permissionsPerRole: 1_000,
  permissionsPerResourceServer: 1_000,
  rolesPerUser: 50,
  directPermissionsPerUser: 1_000,
};
