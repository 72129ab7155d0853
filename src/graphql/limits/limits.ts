import type { GraphqlConfig } from '#src/config/graphql';
import type { Measure } from '#src/graphql/limits/measure';
import { defineErrors, type GatehouseError } from '#src/shared/errors';

export const limitErrors = defineErrors({
  QUERY_TOO_DEEP: { kind: 'limited', message: 'The operation is nested too deeply.' },
  TOO_MANY_ALIASES: { kind: 'limited', message: 'The operation has too many aliases.' },
  TOO_MANY_DIRECTIVES: { kind: 'limited', message: 'The operation has too many directives.' },
  TOO_MANY_ROOT_FIELDS: { kind: 'limited', message: 'The operation has too many root fields.' },
  QUERY_TOO_EXPENSIVE: { kind: 'limited', message: 'The operation may load too many objects.' },
  TOO_MANY_TOKENS: { kind: 'limited', message: 'The document has too many tokens.' },
});

export interface OperationLimits {
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
  readonly maxRootFields: number;
  readonly maxCost: number;
}

/** The limits of a configuration for callers who are known and for anonymous ones. */
export function operationLimits(config: GraphqlConfig, caller: 'known' | 'anonymous'): OperationLimits {
  const { maxDepth, maxDirectives, maxRootFields } = config;
  return caller === 'known'
    ? { maxDepth, maxDirectives, maxRootFields, maxAliases: config.maxAliases, maxCost: config.maxCost }
    : {
        maxDepth,
        maxDirectives,
        maxRootFields,
        maxAliases: config.maxAliasesAnonymous,
        maxCost: config.maxCostAnonymous,
      };
}

/** So often a document may ask for the whole schema; tools ask once. */
const mostIntrospections = 2;

/** The first limit that an operation exceeds, or null. The message says the limit, the count and what to do. */
export function exceededLimit(measure: Measure, limits: OperationLimits): GatehouseError | null {
  const checks = [
    [
      'QUERY_TOO_DEEP',
      measure.depth,
      limits.maxDepth,
      'levels of nesting',
      'Ask for deep parts in a second operation.',
    ],
    ['TOO_MANY_ALIASES', measure.aliases, limits.maxAliases, 'aliases', 'Split the operation.'],
    ['TOO_MANY_DIRECTIVES', measure.directives, limits.maxDirectives, 'directives', 'Split the operation.'],
    ['TOO_MANY_ROOT_FIELDS', measure.rootFields, limits.maxRootFields, 'root fields', 'Split the operation.'],
    [
      'QUERY_TOO_EXPENSIVE',
      measure.cost,
      limits.maxCost,
      'objects',
      'Ask for smaller pages (`first`) or fewer nested lists.',
    ],
  ] as const;
  if (measure.introspection > mostIntrospections) {
    return limitErrors.QUERY_TOO_EXPENSIVE({
      message: `The operation asks for the schema more than ${mostIntrospections} times over. Ask once, without aliases.`,
      extensions: { limit: mostIntrospections },
    });
  }
  for (const [code, current, limit, unit, advice] of checks) {
    if (current > limit) {
      return limitErrors[code]({
        message: `The operation has ${current} ${unit}; at most ${limit} are allowed. ${advice}`,
        extensions: { limit, current },
      });
    }
  }
  return null;
}
