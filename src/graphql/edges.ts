import type { ParentPages } from '#src/graphql/parent-pages';
import type { RequestContext } from '#src/graphql/request-context';
import type { LoaderDefinition } from '#src/graphql/request-loader';

/** What an edge leads to: a list of rows, or one row or none. */
export type EdgeRows = readonly object[] | object | null;

/**
 * An edge from the rows of one type to rows of another. Besides the resolver, which asks row by row, the executor uses it to load a
 * whole page's edges ahead of execution when the operation selects them; the resolver then answers without a promise.
 */
export interface Edge {
  /** The field: `User.identities`. */
  readonly coordinate: string;
  /** Type name of the rows, so that their own edges follow: `Role`. */
  readonly childType: string;
  /** Loads the edge of all parents into the loaders that the resolver asks; answers what was found for each. */
  readonly load: (
    parents: readonly object[],
    args: Readonly<Record<string, unknown>>,
    context: RequestContext,
  ) => readonly EdgeRows[] | Promise<readonly EdgeRows[]>;
}

/** An edge whose rows come from a loader by a key of the parent. */
export function edge<Parent extends object, Rows extends EdgeRows>(definition: {
  coordinate: string;
  loader: LoaderDefinition<string, Rows>;
  keyOf: (parent: Parent) => string;
  childType: string;
}): Edge {
  const { coordinate, childType, loader, keyOf } = definition;
  return {
    coordinate,
    childType,
    load: (parents, _args, context) =>
      context.load(loader).loadAll((parents as readonly Parent[]).map(keyOf)),
  };
}

/** An edge to a page of a list under the parent, whose arguments are those of the field. */
export function pageEdge<Parent extends object, Row extends object, Extra>(definition: {
  coordinate: string;
  pages: ParentPages<Row, Extra>;
  keyOf: (parent: Parent) => string;
  /** The other arguments of the field, as its resolver hands them over. */
  extraOf: (args: Readonly<Record<string, unknown>>) => Extra;
  childType: string;
}): Edge {
  const { coordinate, childType, pages, keyOf, extraOf } = definition;
  return {
    coordinate,
    childType,
    load: async (parents, args, context) => {
      const keys = (parents as readonly Parent[]).map(keyOf);
      const found = await pages.loadAll(context, keys, args, extraOf(args));
      return found.map((page) => page.rows);
    },
  };
}
