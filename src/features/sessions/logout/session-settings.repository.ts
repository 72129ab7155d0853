import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';
import { ApplicationSessionSettingsEntity } from './application-session-settings.entity';

const settingsColumns = columnsOf(ApplicationSessionSettingsEntity, 'a', [
  'applicationId',
  'backchannelLogoutUri',
  'backchannelInitiators',
  'includeSessionMetadata',
  'allowAnonymousSessions',
  'anonymousPermissions',
  'requireLogoutConfirmation',
  'updatedAt',
]);

export type SessionSettingsRow = RowOf<typeof settingsColumns>;

/** The settings of those of the applications that have any. */
export function findSettings(store: Store, applicationIds: readonly string[]): Promise<SessionSettingsRow[]> {
  const { columns, kinds } = store.selection<SessionSettingsRow>(settingsColumns);
  const id = store.column(ApplicationSessionSettingsEntity, 'applicationId', 'a');
  return store.query<SessionSettingsRow>(
    sql`SELECT ${columns} FROM ${store.table(ApplicationSessionSettingsEntity)} AS a WHERE ${store.dialect.anyOf(id, applicationIds)}`,
    kinds,
  );
}

export async function saveSettings(store: Store, row: SessionSettingsRow): Promise<void> {
  const { applicationId, ...set } = row;
  if ((await store.update(ApplicationSessionSettingsEntity, { applicationId }, set)) === 1) return;
  await store.insert(ApplicationSessionSettingsEntity, row);
}
