import type { GrantContext } from '#src/features/organizations/effective-permissions/grants.repository';
import { PermissionEntity } from '#src/features/roles/permission.entity';
import { sql, type Sql } from '#src/storage/sql';
import type { ColumnKind, Store } from '#src/storage/store';

/** One way in which a permission came: the role that holds it, or null for a direct grant. */
export interface SourceRow {
  readonly kind: 'DIRECT' | 'ROLE' | 'GROUP';
  readonly roleId: string | null;
  /** The group that holds the role; null where the user does. */
  readonly groupId: string | null;
  /** The organization in which the role is held; null for what is in force outside of all. */
  readonly organizationId: string | null;
}

export interface PermissionColumns {
  /** Id of the permission. */
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly resourceServerId: string;
}

export interface EffectivePermissionRow extends PermissionColumns {
  readonly userId: string;
  readonly sources: readonly SourceRow[];
}

/** The next permissions of each of the users, by name. */
export interface EffectivePermissionSlice extends GrantContext {
  readonly userIds: readonly string[];
  /** Only those behind this place in the order. */
  readonly after: readonly [name: string, id: string] | null;
  readonly limit: number;
}

export const permissionKinds: { readonly [property in keyof PermissionColumns]: ColumnKind } = {
  id: 'text',
  name: 'text',
  description: 'text',
  resourceServerId: 'text',
};

/** A column of the permission `p`. */
export const permissionAt = (store: Store, property: keyof PermissionEntity & string): Sql =>
  store.column(PermissionEntity, property, 'p');

export const permissionColumns = (store: Store): Sql =>
  sql`${permissionAt(store, 'id')} AS "id", ${permissionAt(store, 'name')} AS "name",
    ${permissionAt(store, 'description')} AS "description", ${permissionAt(store, 'resourceServerId')} AS "resourceServerId"`;

export function isBehind(store: Store, { after }: EffectivePermissionSlice): Sql {
  return after === null
    ? sql`TRUE`
    : sql`(${permissionAt(store, 'name')}, ${permissionAt(store, 'id')}) > (${after[0]}, ${after[1]})`;
}
