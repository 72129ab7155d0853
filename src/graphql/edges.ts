import type { RequestContext } from '#src/graphql/request-context';
import type { LoaderDefinition } from '#src/graphql/request-loader';

/**
 * A bounded edge from one type to rows of another, keyed by the parent's id. Besides the resolver, which asks the loader row by
 * row, the executor uses it to load a whole page's edges ahead of execution when the operation selects them.
 */
export interface Edge {
  /** The field: `User.identities`. */
  readonly coordinate: string;
  readonly loader: LoaderDefinition<string, readonly object[]>;
  /** The loader key of a parent row, usually its id. */
  readonly keyOf: (parent: never) => string;
  /** Type name of the rows, so that their own edges follow: `Role`. */
  readonly childType: string;
}

export function edge<Parent extends object, Child extends object>(definition: {
  coordinate: string;
  loader: LoaderDefinition<string, readonly Child[]>;
  keyOf: (parent: Parent) => string;
  childType: string;
}): Edge {
  return definition;
}

export type EdgeContext = RequestContext;
