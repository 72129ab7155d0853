import { valueFromASTUntyped, type OperationDefinitionNode } from 'graphql';
import type { Edge } from '#src/graphql/edges';
import type { RequestContext } from '#src/graphql/request-context';
import type { Route } from '#src/http/routes';
import type { Background } from '#src/jobs/background';
import type { JobHandling } from '#src/jobs/define-job';
import type { NamedKeyColumn } from '#src/storage/named-keys';
import type { SealedColumn } from '#src/storage/sealed-column';

/** How `node(id)`, `nodes(ids)` and `_entities` reach an object: through the same rule and loader as the type's root field. */
export interface EntityDefinition {
  /** Object type name: `User`. */
  readonly type: string;
  /** Whether an id may belong to this type, by its spelling (`rol_…`; user ids hold a `|`). */
  readonly ownsId: (id: string) => boolean;
  /** The root field whose rule decides: `Query.user`. */
  readonly rootField: string;
  /** The row the caller may reach, or null: absent and out of reach are the same. */
  readonly load: (id: string, context: RequestContext) => Promise<object | null> | object | null;
  /** The same of many at once, in the order of the ids. */
  readonly loadAll?: (
    ids: readonly string[],
    context: RequestContext,
  ) => Promise<readonly (object | null)[]> | readonly (object | null)[];
}

/** A root field of subscriptions: it is executed anew, second by second, until there is nothing more to come. */
export interface LiveField {
  readonly name: string;
  /** Whether the answer that is about to be made is the last one. */
  readonly isOver: (
    context: RequestContext,
    variables: Readonly<Record<string, unknown>>,
    operation: OperationDefinitionNode,
  ) => Promise<boolean>;
}

/** The value of an argument of the operation's only root field. */
export function argumentOf(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  name: string,
): unknown {
  const [field] = operation.selectionSet.selections;
  const node =
    field?.kind === 'Field' ? field.arguments?.find((given) => given.name.value === name) : undefined;
  return node === undefined ? undefined : valueFromASTUntyped(node.value, variables);
}

/** What a feature contributes to the product; made by its `start…` function. */
export interface FeatureParts {
  readonly name: string;
  /** Instances of the resolver classes. */
  readonly resolvers: readonly object[];
  readonly entities?: readonly EntityDefinition[];
  readonly edges?: readonly Edge[];
  /** Permission names with one sentence each. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** Root fields of subscriptions. */
  readonly live?: readonly LiveField[];
  /** What the feature does in the background. */
  readonly jobs?: readonly JobHandling[];
  /** Addresses beside the graph. */
  readonly routes?: readonly Route[];
  /** What runs from the start of the product to its end; ended in the opposite order. */
  readonly background?: readonly Background[];
  /** Columns that hold secrets under a key of the secrets file, for as long as that key may live. */
  readonly sealed?: readonly SealedColumn[];
  /** Columns with password hashes, which name the pepper that went into them. */
  readonly peppered?: readonly NamedKeyColumn[];
}
