import { AuthenticationMethodEntity } from '#src/features/factors/methods/authentication-method.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';
import { RecoveryCodeEntity } from './recovery-code.entity';

const codeColumns = columnsOf(RecoveryCodeEntity, 'rc', ['methodId', 'position', 'codeHash', 'usedAt']);
export type RecoveryCodeRow = RowOf<typeof codeColumns>;

export async function insertCodes(store: Store, methodId: string, hashes: readonly string[]): Promise<void> {
  await store.insert(
    RecoveryCodeEntity,
    hashes.map((codeHash, position) => ({ methodId, position, codeHash, usedAt: null })),
  );
}

const ofUser: Read<{ readonly userId: string }, RecoveryCodeRow> = {
  name: 'recovery_codes_of_user',
  build: (builder) =>
    builder
      .from(RecoveryCodeEntity, 'rc')
      .innerJoin(AuthenticationMethodEntity, 'am', 'am.id = rc.methodId')
      .where('am.userId = :userId AND am.isConfirmed')
      .orderBy('rc.methodId')
      .addOrderBy('rc.position'),
  select: codeColumns,
};

/** The codes of the confirmed set, used ones included. */
export function findCodes(store: Store, userId: string): Promise<RecoveryCodeRow[]> {
  return store.read(ofUser, { userId });
}

/** Uses a code; false when it was used already. */
export async function useCode(store: Store, code: RecoveryCodeRow, now: Instant): Promise<boolean> {
  const { methodId, position } = code;
  return (
    (await store.update(RecoveryCodeEntity, { methodId, position, usedAt: null }, { usedAt: now })) === 1
  );
}
