import type { Call } from '#src/access/call';
import type { StoreName, MetadataObject } from './metadata-store';
import type { MetadataRow } from './metadata.repository';
import type { UserRow } from '#src/features/users/user-row';
import { commonErrors } from '#src/shared/errors';

/** Something to mind about what was written. */
export interface MetadataNotice {
  readonly code: string;
  /** A sentence without any value. */
  readonly message: string;
}

/** What a write did. `before` and `after` are whole: whoever shows them prunes them for the reader. */
export interface MetadataChange {
  readonly userId: string;
  readonly store: StoreName;
  readonly before: MetadataObject;
  readonly after: MetadataObject;
  /** Dotted paths within the store. */
  readonly changedPaths: readonly string[];
  readonly notices: readonly MetadataNotice[];
  /** Both stores as they are now. */
  readonly row: MetadataRow;
  readonly user: UserRow;
}

/**
 * Who may write a store: `update:users` both; `update:users_app_metadata` only app_metadata; a user only the own user_metadata.
 * It is asked here and not only beside the mutation, because one mutation may name either store.
 */
export function assertMayWriteStore(call: Call, store: StoreName, userId: string): void {
  const { permissions, userId: caller } = call.principal;
  if (permissions.has('update:users')) return;
  if (store === 'app' && permissions.has('update:users_app_metadata')) return;
  if (store === 'user' && caller !== null && caller === userId) return;
  throw commonErrors.FORBIDDEN({ message: `You may not change the ${store}_metadata of this user.` });
}
