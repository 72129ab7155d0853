import type { LoaderDefinition } from '#src/graphql/request-loader';

/** What an edge leads to: a list of rows, or one row or none. */
export type EdgeRows = readonly object[] | object | null;

/**
 * A bounded edge from one type to rows of another, keyed by the parent's id. Besides the resolver, which asks the loader row by
 * row, the executor uses it to load a whole page's edges ahead of execution when the operation selects them.
 */
export interface Edge {
  /** The field: `User.identities`. */
  readonly coordinate: string;
  readonly loader: LoaderDefinition<string, EdgeRows>;
  /** The loader key of a parent row, usually its id. */
  readonly keyOf: (parent: never) => string;
  /** Type name of the rows, so that their own edges follow: `Role`. */
  readonly childType: string;
}

export function edge<Parent extends object, Rows extends EdgeRows>(definition: {
  coordinate: string;
  loader: LoaderDefinition<string, Rows>;
  keyOf: (parent: Parent) => string;
  childType: string;
}): Edge {
  return definition as Edge;
}
