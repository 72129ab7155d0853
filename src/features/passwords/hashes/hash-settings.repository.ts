import { columnsOf } from '#src/storage/columns';
import type { Read, Store } from '#src/storage/store';
import { HashSettingsEntity } from './hash-settings.entity';

const byId: Read<{ id: string }, { readonly sealed: string }> = {
  name: 'hash_settings_by_id',
  build: (builder) => builder.from(HashSettingsEntity, 'hs').where('hs.id = :id'),
  select: columnsOf(HashSettingsEntity, 'hs', ['sealed']),
};

export async function findSealedSettings(store: Store, id: string): Promise<string | null> {
  return (await store.read(byId, { id }))[0]?.sealed ?? null;
}

/** Keeps the row that is there already. */
export async function insertSettings(
  store: Store,
  row: { readonly id: string; readonly sealed: string; readonly createdAt: number },
): Promise<void> {
  await store.insert(HashSettingsEntity, row, { ignoreConflicts: true });
}
