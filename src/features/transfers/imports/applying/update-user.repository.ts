import { AuditEventEntity } from '#src/features/audit/audit-event.entity';
import type { HashSettings } from '#src/features/passwords/hashes/hash-settings';
import { isImportedHash } from '#src/features/passwords/hashes/sealed-hash';
import { PasswordEntity } from '#src/features/passwords/password.entity';
import { foldOptional } from '#src/features/users/fold-text';
import type { AttributeSources } from '#src/features/users/profile/attribute-sources';
import type { Profile } from '#src/features/users/profile/profile';
import { UserEntity } from '#src/features/users/user.entity';
import type { Instant } from '#src/shared/clock';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

/** Stores the attributes that an import may change of a user. */
export async function updateUser(
  store: Store,
  id: string,
  set: {
    readonly profile: Profile;
    readonly attributeSources: AttributeSources;
    readonly version: number;
    readonly updatedAt: Instant;
  },
): Promise<void> {
  const { profile, ...columns } = set;
  const { emailVerified, name, givenName, familyName, nickname, picture } = profile;
  await store.update(
    UserEntity,
    { id },
    {
      ...{ ...columns, emailVerified, name, givenName, familyName, nickname, picture },
      nameFolded: foldOptional(name),
      givenNameFolded: foldOptional(givenName),
      familyNameFolded: foldOptional(familyName),
      nicknameFolded: foldOptional(nickname),
    },
  );
}

/** Replaces a hash that nobody has signed in with yet; one that this gateway made stays. */
export async function replaceImportedHash(
  {
    store,
    hashes,
    now,
  }: {
    readonly store: Store;
    readonly hashes: Pick<HashSettings, 'sealed' | 'opened'>;
    readonly now: Instant;
  },
  userId: string,
  checked: string,
): Promise<'changed' | 'same' | 'native'> {
  const column = (property: keyof PasswordEntity & string) => store.column(PasswordEntity, property, 'p');
  const [stored] = await store.query<{ hash: string }>(
    sql`SELECT ${column('hash')} AS "hash" FROM ${store.table(PasswordEntity)} AS p WHERE ${column('userId')} = ${userId}`,
    { hash: 'text' },
  );
  if (stored && hashes.opened(userId, stored.hash) === checked) return 'same';
  if (stored && !isImportedHash(stored.hash)) return 'native';
  const hash = hashes.sealed(userId, checked);
  await store.upsert(PasswordEntity, { userId, hash, isUnproven: true, updatedAt: now }, ['userId']);
  return 'changed';
}

export async function insertAudit(store: Store, event: AuditEventEntity): Promise<void> {
  await store.insert(AuditEventEntity, event);
}
