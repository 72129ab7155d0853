import { parentPages, type ParentPages } from '#src/graphql/parent-pages';
import { countFamiliesOf, findFamiliesOf, type FamilyParent, type FamilyRow } from './refresh.repository';
import type { RequestContext } from '#src/graphql/request-context';

export interface FamilyScope {
  /** Null: all applications. */
  readonly clientId: string | null;
}

/** Living refresh tokens of users, newest first. */
export const refreshTokensByUser = familiesBy('User.refreshTokens', 'userId');

/** Those that came from sessions, newest first. */
export const refreshTokensBySession = familiesBy('Session.refreshTokens', 'sessionId');

function familiesBy(name: string, parent: FamilyParent): ParentPages<FamilyRow, FamilyScope> {
  return parentPages<FamilyRow, FamilyScope>({
    name,
    parentOf: (row) => row[parent] ?? '',
    keyOf: (row) => [row.createdAt, row.id],
    read: async ({ store, clock }, ids, { after, limit, extra }) => {
      const rows = await findFamiliesOf(store, {
        ...{ parent, ids, limit },
        clientId: extra.clientId,
        now: clock.now(),
        after: after as readonly [number, string] | null,
      });
      // The rules of its fields ask whose device it is.
      return rows.map((row) => ({ ...row, device: { ...row.device, userId: row.userId } }));
    },
  });
}

export function countRefreshTokensOf(
  { store, clock }: RequestContext,
  parent: FamilyParent,
  id: string,
  { clientId }: FamilyScope,
): Promise<number> {
  return countFamiliesOf(store, { parent, ids: [id], clientId, now: clock.now() });
}

/** Forgets what this request has read of refresh tokens: a mutation ended some. */
export function forgetRefreshTokens(context: RequestContext): void {
  refreshTokensByUser.forget(context);
  refreshTokensBySession.forget(context);
}
