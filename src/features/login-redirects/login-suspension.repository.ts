import { columnsOf } from '#src/storage/columns';
import type { Instant } from '#src/shared/clock';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';
import { LoginSuspensionEntity } from './login-suspension.entity';
import { UsedRedirectTokenEntity } from './used-redirect-token.entity';

const suspensionSelection = columnsOf(LoginSuspensionEntity, 's', [
  'id',
  'redirectName',
  'userId',
  'sealedToken',
  'returnUrl',
]);
export type LoginSuspensionRow = RowOf<typeof suspensionSelection>;

interface Which {
  readonly stateHash: string;
  readonly bindingHash: string;
  readonly now: Instant;
}

const byState: Read<Which, LoginSuspensionRow> = {
  name: 'login_suspension_by_state',
  build: (builder) =>
    builder
      .from(LoginSuspensionEntity, 's')
      .where('s.stateHash = :stateHash')
      // SECURITY: login CSRF; the state counts in the browser that was sent away with it, and in no other.
      .andWhere('s.bindingHash = :bindingHash')
      .andWhere('s.consumedAt IS NULL')
      .andWhere('s.expiresAt > :now'),
  select: suspensionSelection,
};

export async function findSuspension(store: Store, which: Which): Promise<LoginSuspensionRow | null> {
  return (await store.read(byState, which))[0] ?? null;
}

const begun: Read<Omit<Which, 'now'>, LoginSuspensionRow> = {
  name: 'login_suspension_begun',
  build: (builder) =>
    builder
      .from(LoginSuspensionEntity, 's')
      .where('s.stateHash = :stateHash')
      .andWhere('s.bindingHash = :bindingHash'),
  select: suspensionSelection,
};

/** The same, used up or too old as it may be: for the way to begin anew, and for nothing else. */
export async function findBegunVisit(
  store: Store,
  which: Omit<Which, 'now'>,
): Promise<LoginSuspensionRow | null> {
  return (await store.read(begun, which))[0] ?? null;
}

export async function insertSuspension(store: Store, row: LoginSuspensionEntity): Promise<void> {
  await store.insert(LoginSuspensionEntity, row);
}

/** Uses it up; false when somebody else did. */
export async function consumeSuspension(store: Store, id: string, now: Instant): Promise<boolean> {
  return (await store.update(LoginSuspensionEntity, { id, consumedAt: null }, { consumedAt: now })) === 1;
}

/** Remembers a token until it could not be used anyway; false when it was taken before. */
export async function useToken(store: Store, row: UsedRedirectTokenEntity): Promise<boolean> {
  return (await store.insert(UsedRedirectTokenEntity, row, { ignoreConflicts: true })) === 1;
}

/** Deletes what is over; answers how many rows. */
export async function deleteOldSuspensions(store: Store, before: Instant): Promise<number> {
  const suspensions = await store.execute(
    sql`DELETE FROM ${store.table(LoginSuspensionEntity)} AS s
      WHERE ${store.column(LoginSuspensionEntity, 'expiresAt', 's')} < ${before}`,
  );
  const tokens = await store.execute(
    sql`DELETE FROM ${store.table(UsedRedirectTokenEntity)} AS t
      WHERE ${store.column(UsedRedirectTokenEntity, 'expiresAt', 't')} < ${before}`,
  );
  return suspensions + tokens;
}
