import { ApplicationEntity } from '#src/features/applications/application.entity';
import { ApplicationSecretEntity } from '#src/features/applications/secrets/application-secret.entity';
import { columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';

export const secretSelection = columnsOf(ApplicationSecretEntity, 's', [
  'id',
  'applicationId',
  'hint',
  'createdAt',
]);
export type ApplicationSecretRow = RowOf<typeof secretSelection>;

const secretsByApplication: Read<{ ids: readonly string[] }, ApplicationSecretRow> = {
  name: 'secrets_by_application',
  build: (builder, dialect) =>
    builder
      .from(ApplicationSecretEntity, 's')
      .where(dialect.anyOf('s.applicationId', ':ids'))
      .orderBy('s.createdAt')
      .addOrderBy('s.id'),
  select: secretSelection,
};

/** Secrets of each application without their values, the oldest first. */
export function findSecrets(
  store: Store,
  applicationIds: readonly string[],
): Promise<ApplicationSecretRow[]> {
  return store.read(secretsByApplication, { ids: applicationIds });
}

const applicationBySecret: Read<{ id: string; hash: string }, { readonly id: string }> = {
  name: 'application_by_secret',
  build: (builder) =>
    builder
      .from(ApplicationSecretEntity, 's')
      .innerJoin(ApplicationEntity, 'a', 'a.id = s.applicationId')
      .where('s.secretHash = :hash')
      .andWhere('a.id = :id')
      .andWhere('a.isEnabled'),
  select: columnsOf(ApplicationEntity, 'a', ['id']),
};

/** Whether this enabled application has a secret of this hash. */
export async function hasSecret(store: Store, id: string, hash: string): Promise<boolean> {
  return (await store.read(applicationBySecret, { id, hash })).length === 1;
}

export async function insertSecret(
  store: Store,
  row: ApplicationSecretRow & { readonly secretHash: string },
): Promise<void> {
  await store.insert(ApplicationSecretEntity, row);
}

/** Answers whether there was such a secret. */
export async function deleteSecret(store: Store, applicationId: string, id: string): Promise<boolean> {
  return (await store.delete(ApplicationSecretEntity, { id, applicationId })) === 1;
}
