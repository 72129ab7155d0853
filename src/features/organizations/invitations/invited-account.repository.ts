import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { IdentityEntity } from '#src/features/identities/identity.entity';
import { UserEntity } from '#src/features/users/user.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import type { Read, Store } from '#src/storage/store';

const identityIn: Read<{ userId: string; connectionId: string }, { readonly id: string }> = {
  name: 'identity_in_connection',
  build: (builder) =>
    builder
      .from(IdentityEntity, 'i')
      .innerJoin(ConnectionEntity, 'c', 'c.name = i.connection')
      .where('i.userId = :userId')
      .andWhere('c.id = :connectionId'),
  select: columnsOf(IdentityEntity, 'i', ['id']),
};

/** Whether the user has an identity in the connection. */
export async function hasIdentityIn(store: Store, userId: string, connectionId: string): Promise<boolean> {
  return (await store.read(identityIn, { userId, connectionId })).length > 0;
}

/** Marks the address as verified; the user is locked and its version known. */
export async function markEmailVerified(
  store: Store,
  { id, version }: { readonly id: string; readonly version: number },
  now: Instant,
): Promise<void> {
  await store.update(
    UserEntity,
    { id, version },
    { emailVerified: true, version: version + 1, updatedAt: now },
  );
}
