import type { Edge } from '#src/graphql/edges';
import type { RequestContext } from '#src/graphql/request-context';
import type { JobHandling } from '#src/jobs/define-job';

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
  /** Reads many at once, so that `load` then answers without waiting. */
  readonly loadAll?: (ids: readonly string[], context: RequestContext) => Promise<unknown>;
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
  /** What the feature does in the background. */
  readonly jobs?: readonly JobHandling[];
}
