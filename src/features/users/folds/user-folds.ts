import type { GraphQLResolveInfo } from 'graphql';
import { reachOf } from '#src/features/users/reach/reach';
import { userById } from '#src/features/users/user.loader';
import type { FoldedRows } from './folded-rows';
import { findFoldedUser } from './user-folds.repository';
import { keepFacts, wantedColumns } from '#src/features/users/reach/row-facts';
import type { UserRow } from '#src/features/users/user-row';
import type { OwnUser } from '#src/graphql/own-user';
import type { RequestContext } from '#src/graphql/request-context';
import { selectionOf, type Selection } from '#src/graphql/selection';

/**
 * A bounded edge that can be read in the same statement as one user. Round trips are what a small read costs, so `user(id)` with
 * its edges is one statement instead of one for each edge; for pages of users separate statements are faster, and are used there.
 */
export interface UserFold {
  /** Short and unique: `identities`. */
  readonly name: string;
  /** The fields that lead to it, outermost first: `['User.roles', 'Role.permissions']`. All must be selected and open to the caller. */
  readonly path: readonly string[];
  readonly rows: FoldedRows;
  /** The columns of its rows that the running operation looks at; undefined: all. */
  readonly columnsFor: (context: RequestContext) => readonly string[] | undefined;
  /** Puts the rows where the edge's own loader finds them; they are new, and may be changed. */
  readonly prime: (context: RequestContext, userId: string, rows: object[]) => void;
}

const folds = new Map<string, UserFold>();
const selected = new WeakMap<Selection, readonly UserFold[]>();

/** Called by a later feature when it starts. Registering the same fold again changes nothing. */
export function registerUserFold(fold: UserFold): void {
  folds.set(fold.name, fold);
}

/** The user for a root field: with its selected edges in one statement where that is allowed, else through the loader. */
export function loadUserFor(
  context: RequestContext,
  id: string,
  info: GraphQLResolveInfo,
): UserRow | null | Promise<UserRow | null> {
  // Several root fields batch better through the loaders; a reach limits the user's row in a statement of its own.
  const isAlone = info.operation.selectionSet.selections.length === 1 && reachOf(context) === null;
  const chosen = isAlone ? chooseFolds(context, id, info) : [];
  const own = isAlone && id === context.principal.userId ? context.own : undefined;
  return chosen.length === 0 && own === undefined
    ? context.load(userById).load(id)
    : loadUserFolded(context, id, chosen, own);
}

/** Reads the user with the folds and primes the loaders; null when there is no such user. */
async function loadUserFolded(
  context: RequestContext,
  id: string,
  chosen: readonly UserFold[],
  own: OwnUser | undefined,
): Promise<UserRow | null> {
  const folds = {
    narrow: chosen.map((fold) => fold.rows.with(fold.columnsFor(context))),
    whole: () => chosen.map((fold) => fold.rows.with(undefined)),
  };
  const found = await findFoldedUser(context.store, id, folds, wantedColumns(context), own);
  context.load(userById).prime(id, found?.user ?? null);
  if (found === null) return null;
  keepFacts(context, [found.user]);
  chosen.forEach((fold, index) => fold.prime(context, id, found.rows[index] ?? []));
  return found.user;
}

function chooseFolds(context: RequestContext, id: string, info: GraphQLResolveInfo): readonly UserFold[] {
  return selectedFolds(selectionOf(info)).filter((fold) =>
    fold.path.every((place) => isOpenFor(context, place, id)),
  );
}

/** They are looked for once for each parsed document. */
function selectedFolds(selection: Selection): readonly UserFold[] {
  let found = selected.get(selection);
  if (!found) {
    found = [...folds.values()].filter((fold) => isSelected(selection, fold.path));
    selected.set(selection, found);
  }
  return found;
}

/** An edge of the user is judged as that user's own; an edge further down has to be open for every object. */
function isOpenFor({ gate }: RequestContext, place: string, id: string): boolean {
  return place.startsWith('User.') ? gate.isOpenOf(place, id) : gate.isOpen(place);
}

function isSelected(selection: Selection, path: readonly string[]): boolean {
  let at: Selection | undefined = selection;
  for (const place of path) {
    const [typeName = '', field = ''] = place.split('.');
    at = at?.has(typeName, field);
  }
  return at !== undefined;
}
