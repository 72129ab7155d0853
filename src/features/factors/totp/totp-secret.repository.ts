import { AuthenticationMethodEntity } from '#src/features/factors/methods/authentication-method.entity';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';
import { TotpSecretEntity } from './totp-secret.entity';

const secretColumns = columnsOf(TotpSecretEntity, 't', ['methodId', 'sealedSeed', 'lastStep']);
export type TotpSecretRow = RowOf<typeof secretColumns>;

export async function insertTotpSecret(store: Store, row: TotpSecretRow): Promise<void> {
  await store.insert(TotpSecretEntity, row);
}

const ofUser: Read<{ readonly userId: string }, TotpSecretRow> = {
  name: 'totp_secrets_of_user',
  build: (builder) =>
    builder
      .from(TotpSecretEntity, 't')
      .innerJoin(AuthenticationMethodEntity, 'am', 'am.id = t.methodId')
      .where('am.userId = :userId AND am.isConfirmed')
      .orderBy('am.createdAt'),
  select: secretColumns,
};

/** The seeds of the user's confirmed authenticator apps. */
export function findTotpSecrets(store: Store, userId: string): Promise<TotpSecretRow[]> {
  return store.read(ofUser, { userId });
}

const byMethod: Read<{ readonly methodId: string }, TotpSecretRow> = {
  name: 'totp_secret_by_method',
  build: (builder) => builder.from(TotpSecretEntity, 't').where('t.methodId = :methodId'),
  select: secretColumns,
};

export async function findTotpSecret(store: Store, methodId: string): Promise<TotpSecretRow | null> {
  return (await store.read(byMethod, { methodId }))[0] ?? null;
}

/** Takes a step; false when it, or a later one, was taken already. */
export async function takeStep(store: Store, methodId: string, step: number): Promise<boolean> {
  const changed = await store.execute(sql`UPDATE ${store.table(TotpSecretEntity)} SET last_step = ${step}
    WHERE method_id = ${methodId} AND (last_step IS NULL OR last_step < ${step})`);
  return changed === 1;
}
