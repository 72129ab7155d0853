import { IdentityEntity } from '#src/features/identities/identity.entity';
import { ProfileLeafEntity } from '#src/features/identities/profile-leaf.entity';
import { profileLeafRows } from '#src/features/identities/profile-leaves';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

const identitySelection = columnsOf(IdentityEntity, 'i', ['id', 'userId', 'profileData']);
const leafSelection = columnsOf(ProfileLeafEntity, 'l', [
  ...(['identityId', 'userId', 'path', 'kind', 'textValue', 'textHash', 'numberValue'] as const),
]);

/** Every leaf of profile data that is stored, as texts in order. */
export async function storedProfileLeaves(store: Store): Promise<string[]> {
  const { columns, kinds } = store.selection(leafSelection);
  const rows = await store.query(sql`SELECT ${columns} FROM ${store.table(ProfileLeafEntity)} AS l`, kinds);
  return rows.map(leafText).sort();
}

/** Leaves that do not belong to what identities keep, and those that are missing: no way of writing may leave any. */
export async function staleProfileLeaves(store: Store): Promise<string[]> {
  const { columns, kinds } = store.selection(identitySelection);
  const identities = await store.query(
    sql`SELECT ${columns} FROM ${store.table(IdentityEntity)} AS i`,
    kinds,
  );
  const wanted = new Set(
    identities.flatMap((row) => profileLeafRows(row, row.profileData)).map((row) => leafText(row)),
  );
  const stored = await storedProfileLeaves(store);
  const missing = [...wanted].filter((text) => !stored.includes(text));
  return [...missing, ...stored.filter((text) => !wanted.has(text))];
}

function leafText(row: ReturnType<typeof profileLeafRows>[number]): string {
  const { identityId, userId, path, kind, textValue, textHash, numberValue } = row;
  return JSON.stringify([identityId, userId, path, kind, textValue, textHash, numberValue]);
}
