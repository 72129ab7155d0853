import { MapperKind, mapSchema, pruneSchema } from '@graphql-tools/utils';
import { GraphQLSchema, type GraphQLFieldConfig } from 'graphql';
import { decidePlace, type AccessRequest, type Decision } from '#src/access/decide';
import type { Gate } from '#src/access/gate';
import type { AccessRule, AttributeAction } from '#src/access/rule';
import type { SchemaRules } from '#src/access/schema-rules';
import type { Instant } from '#src/shared/clock';

/** Who looks at the schema, and how the fields of objects are decided for that caller. */
export interface Onlooker {
  readonly request: AccessRequest;
  readonly gate: Pick<Gate, 'decide'>;
  readonly now: Instant;
}

/** What an input may be given for; a place that is closed to all of them is of no use to the caller. */
const uses: readonly AttributeAction[] = ['FILTER', 'SORT', 'WRITE'];

/**
 * The schema as one caller may use it: what is refused whatever the object, and types that nothing leads to any more, are left out. What
 * depends on the object, is masked, or takes a stronger sign-in stays. For introspection alone: it is executed by its own gates.
 */
export function visibleSchema(schema: GraphQLSchema, rules: SchemaRules, onlooker: Onlooker): GraphQLSchema {
  const { request, gate, now } = onlooker;
  const isUsable = (coordinate: string): boolean => {
    const rule: AccessRule | undefined = rules.inputs.get(coordinate);
    return !rule || uses.some((use) => isOpen(decidePlace(request, use, rule, undefined, now).decision));
  };
  const shown = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (config, name, type) => {
      const field = rules.guarded.get(`${type}.${name}`);
      if (field && !isOpen(gate.decide(field))) return null;
      return withArguments(config, (argument) => isUsable(`${type}.${name}(${argument}:)`));
    },
    [MapperKind.INPUT_OBJECT_FIELD]: (_config, name, type) =>
      isUsable(`${type}.${name}`) ? undefined : null,
    [MapperKind.ENUM_VALUE]: (config, type, _schema, value) =>
      isUsable(`${type}.${String(value)}`) ? config : null,
  });
  // A type of which only parts are shown may lack a field of its interface: it is looked at, not served.
  return new GraphQLSchema({ ...pruneSchema(shown).toConfig(), assumeValid: true });
}

const isOpen = (decision: Decision): boolean => decision !== 'DENY' && decision !== 'HIDE';

function withArguments<Source, Context>(
  config: GraphQLFieldConfig<Source, Context>,
  isShown: (name: string) => boolean,
): GraphQLFieldConfig<Source, Context> {
  const args = Object.entries(config.args ?? {}).filter(([name]) => isShown(name));
  return { ...config, args: Object.fromEntries(args) };
}
