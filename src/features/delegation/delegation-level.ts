/** How far a delegated administrator may go; each level may what those below it may. */
export const delegationLevels = ['AUDITOR', 'USER', 'OPERATOR', 'ADMINISTRATOR'] as const;
export type DelegationLevel = (typeof delegationLevels)[number];

const permissions = ['dae:read_users', 'dae:manage_users', 'dae:read_logs', 'dae:manage_config'] as const;

/** The level of whoever holds these permissions, from 0; null: no delegated administrator. */
export function levelOf(held: ReadonlySet<string>): number | null {
  const highest = permissions.findLastIndex((name) => held.has(name));
  return highest < 0 ? null : highest;
}

export interface LevelRole {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
}

/** What each level takes of the graph besides its own permission: fields of users and records have their own rules. */
const besides: readonly (readonly string[])[] = [['read:users'], [], ['read:audit_events'], []];
const purposes = ['look at users', 'create and change users', 'read logs', 'configure the hooks'];

/** The built-in roles, lowest first. */
export const levelRoles: readonly LevelRole[] = ['Auditor', 'User', 'Operator', 'Administrator'].map(
  (name, level) => ({
    name: `Delegated Admin - ${name}`,
    description: `Delegated administration: may ${purposes.slice(0, level + 1).join(', ')}.`,
    permissions: permissions
      .slice(0, level + 1)
      .flatMap((permission, at) => [permission, ...(besides[at] ?? [])]),
  }),
);
