import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import type { RequestContext } from '#src/graphql/request-context';

type ParamMetadata = NonNullable<ReturnType<typeof getMetadataStorage>['queries'][number]['params']>[number];
type Resolver = GraphQLFieldResolver<unknown, RequestContext>;
type Method = (...parameters: unknown[]) => unknown;

/** A resolver method found in TypeGraphQL's metadata. */
interface Handler {
  readonly coordinate: string;
  readonly target: new () => object;
  readonly methodName: string;
  readonly params: readonly ParamMetadata[];
  /** Whether the method stands on the object type's own class and is called on the row. */
  readonly onType: boolean;
}

/** What the decorators of the resolver classes say. */
export interface Bindings {
  readonly resolvers: ReadonlyMap<string, Resolver>;
  /** Class that declares a coordinate, for messages. */
  readonly classes: ReadonlyMap<string, string>;
}

/**
 * Calls resolver methods directly. TypeGraphQL's own wrapper makes every call asynchronous, instantiates inputs and looks up
 * middlewares; none of that is used here, so the methods are bound by their parameter decorators alone. Properties without a method
 * stay with the default resolver, which the executor compiles to a property access.
 */
export function bindResolvers(instances: readonly object[]): Bindings {
  const byClass = new Map(instances.map((instance) => [instance.constructor, instance]));
  const resolvers = new Map<string, Resolver>();
  const classes = new Map<string, string>();
  for (const handler of handlers()) {
    const instance = byClass.get(handler.target) ?? null;
    if (instance === null && !handler.onType) continue;
    resolvers.set(handler.coordinate, bind(handler, instance));
    classes.set(handler.coordinate, handler.target.name);
  }
  for (const [coordinate, property] of renamedFields()) {
    if (!resolvers.has(coordinate))
      resolvers.set(coordinate, (source) => (source as Record<string, unknown>)[property]);
  }
  return { resolvers, classes };
}

function* handlers(): Iterable<Handler> {
  const metadata = getMetadataStorage();
  const typeNames = new Map(metadata.objectTypes.map((type) => [type.target, type.name]));
  const roots = [
    ['Query', metadata.queries] as const,
    ['Mutation', metadata.mutations] as const,
    ['Subscription', metadata.subscriptions] as const,
  ];
  for (const [root, entries] of roots) {
    for (const entry of entries) yield handler(`${root}.${entry.schemaName}`, entry, false);
  }
  for (const entry of metadata.fieldResolvers) {
    const typeName = typeNames.get(entry.getObjectType?.() ?? entry.target);
    if (typeName) yield handler(`${typeName}.${entry.schemaName}`, entry, entry.kind === 'internal');
  }
}

function handler(
  coordinate: string,
  entry: { target: unknown; methodName: string; params?: ParamMetadata[] },
  onType: boolean,
): Handler {
  const params = [...(entry.params ?? [])].sort((a, b) => a.index - b.index);
  return {
    coordinate,
    target: entry.target as new () => object,
    methodName: entry.methodName,
    params,
    onType,
  };
}

function* renamedFields(): Iterable<readonly [string, string]> {
  for (const type of getMetadataStorage().objectTypes) {
    for (const field of type.fields ?? []) {
      if (field.schemaName !== field.name) yield [`${type.name}.${field.schemaName}`, field.name];
    }
  }
}

function bind(entry: Handler, instance: object | null): Resolver {
  const method = (instance ?? (entry.target.prototype as object))[entry.methodName as never] as Method;
  const [a, b, c, d, ...rest] = entry.params.map(reader);
  if (rest.length > 0) {
    const readers = [a, b, c, d, ...rest] as Reader[];
    return (source, args, context, info) =>
      method.apply(
        instance ?? source,
        readers.map((read) => read(source, args, context, info)),
      );
  }
  const of = (source: unknown): unknown => instance ?? source;
  if (!a) return (source) => method.call(of(source));
  if (!b) return (source, args, context, info) => method.call(of(source), a(source, args, context, info));
  if (!c) {
    return (source, args, context, info) =>
      method.call(of(source), a(source, args, context, info), b(source, args, context, info));
  }
  return (source, args, context, info) =>
    method.call(
      of(source),
      a(source, args, context, info),
      b(source, args, context, info),
      c(source, args, context, info),
      d?.(source, args, context, info),
    );
}

type Reader = (
  source: unknown,
  args: Record<string, unknown>,
  context: RequestContext,
  info: GraphQLResolveInfo,
) => unknown;

function reader(param: ParamMetadata): Reader {
  switch (param.kind) {
    case 'root':
      return (source) => source;
    case 'context':
      return (_source, _args, context) => context;
    case 'info':
      return (_source, _args, _context, info) => info;
    case 'args':
      return (_source, args) => args;
    case 'arg': {
      const { name } = param;
      return (_source, args) => args[name];
    }
    default:
      throw new Error(
        `Resolver parameters of kind "${param.kind}" are not bound (${param.target.name}.${param.methodName}).`,
      );
  }
}
