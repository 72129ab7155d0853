import { parentPages } from '#src/graphql/parent-pages';
import { countUserFamilies, findUserFamilies, type FamilyRow } from './refresh.repository';
import type { RequestContext } from '#src/graphql/request-context';

export interface FamilyScope {
  /** Null: all applications. */
  readonly clientId: string | null;
}

/** Living refresh tokens of users, newest first. */
export const refreshTokensByUser = parentPages<FamilyRow, FamilyScope>({
  name: 'User.refreshTokens',
  parentOf: (row) => row.userId,
  keyOf: (row) => [row.createdAt, row.id],
  read: async ({ store, clock }, userIds, { after, limit, extra }) => {
    const rows = await findUserFamilies(store, {
      userIds,
      clientId: extra.clientId,
      now: clock.now(),
      after: after as readonly [number, string] | null,
      limit,
    });
    // The rules of its fields ask whose device it is.
    return rows.map((row) => ({ ...row, device: { ...row.device, userId: row.userId } }));
  },
});

export function countRefreshTokensOf(
  { store, clock }: RequestContext,
  userId: string,
  { clientId }: FamilyScope,
): Promise<number> {
  return countUserFamilies(store, { userIds: [userId], clientId, now: clock.now() });
}
