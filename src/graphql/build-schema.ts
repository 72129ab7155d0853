import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isUnionType,
  print,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { buildSchemaSync, getMetadataStorage } from 'type-graphql';
import { guardSchema } from '#src/access/guard-schema';
import { collectSchemaRules, type SchemaRules } from '#src/access/schema-rules';
import type { AccessRule } from '#src/access/rule';
import { connectionResolvers } from '#src/graphql/bind-connections';
import { bindResolvers, type Bindings } from '#src/graphql/bind-resolvers';
import { connectionTypes } from '#src/graphql/connection';
import { entityResolvers } from '#src/graphql/entities';
import type { FeatureParts } from '#src/graphql/feature';
import { isOneOf } from '#src/graphql/one-of';
import { NodeResolver } from '#src/graphql/node.resolver';
import { typeOfRow } from '#src/graphql/node';
import { allOf, indexEdges, prefetch, rowSelections, rowsOf, type EdgeIndex } from '#src/graphql/prefetch';
import type { RequestContext } from '#src/graphql/request-context';
import { routerDocument } from '#src/graphql/router-directives';
import { schemaDocument } from '#src/graphql/schema-document';
import { withSubgraphDoors } from '#src/graphql/subgraph';
import { selectionOf } from '#src/graphql/selection';
import { isWordEnum } from '#src/access/word-enum';
import type { Cursors } from '#src/storage/cursor';

type Resolver = GraphQLFieldResolver<unknown, RequestContext>;

export interface SchemaOptions {
  readonly cursors: Cursors;
  readonly maximumIds: number;
  /** What routers are told of lists without `first`; 50 when absent. */
  readonly defaultPageSize?: number;
  readonly maximumRepresentations: number;
  /** Whether anyone may read the SDL by `_service`; otherwise the permission `read:sdl` is asked for. */
  readonly openSdl: boolean;
}

/** The finished schema in the two forms that the executor uses. */
export interface BuiltSchema {
  /** Every field that can be refused is guarded. */
  readonly guarded: GraphQLSchema;
  /** The same without field gates: for operations of which the operation gate found every field open to the caller. */
  readonly open: GraphQLSchema;
  readonly rules: SchemaRules;
  /** SDL with the rules as they are declared, as in `schema.graphql`; `_service` adds what is made of them for routers. */
  readonly sdl: string;
}

export const platformPermissions = {
  'read:sdl': 'Read the subgraph SDL through _service when introspection is off.',
} as const;

/** Builds, binds and guards the schema of the features. Throws when a place has no rule or a rule cannot hold. */
export function buildSchema(features: readonly FeatureParts[], options: SchemaOptions): BuiltSchema {
  const instances = [...features.flatMap((feature) => feature.resolvers), new NodeResolver()];
  const entities = features.flatMap((feature) => feature.entities ?? []);
  const entityTypes = entities.map((entity) => entity.type);
  const source = typeGraphqlSchema(instances, entityTypes);
  requireEnumNames(source);
  requireOneOf(source);
  const bindings = bindResolvers(instances);
  const rules = withFederationRules(
    collectSchemaRules(source, {
      permissions: new Set([
        ...Object.keys(platformPermissions),
        ...features.flatMap((feature) => Object.keys(feature.permissions ?? {})),
      ]),
      fileOf: (coordinate) => fileOf(coordinate, bindings),
    }),
    options,
  );
  const document = once(() => schemaDocument(source, new Set(entityTypes)));
  const limits = { defaultPageSize: options.defaultPageSize ?? 50, maximumIds: options.maximumIds };
  const open = withSubgraphDoors(source, {
    entityTypes,
    sdl: once(() => print(routerDocument(document(), limits))),
  });
  const doors = entityResolvers({ ...options, definitions: entities, guarded: rules.guarded });
  const special: ReadonlyMap<string, Resolver> = new Map([
    ['Query.node', doors.node],
    ['Query.nodes', doors.nodes],
    ['Query._entities', doors.entities],
  ]);
  attachResolvers(open, new Map([...bindings.resolvers, ...special]), options.cursors);
  readAhead(
    open,
    indexEdges(
      features.flatMap((feature) => feature.edges ?? []),
      open,
    ),
  );
  const sdl = once(() => `${print(document())}\n`);
  return {
    open,
    guarded: guardSchema(open, rules),
    rules,
    get sdl() {
      return sdl();
    },
  };
}

/** Printing takes a while and few ask for it. */
function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

function typeGraphqlSchema(instances: readonly object[], entityTypes: readonly string[]): GraphQLSchema {
  forgetAddedFields();
  const entities = getMetadataStorage().objectTypes.filter(({ name }) => entityTypes.includes(name));
  const byClass = new Map(instances.map((instance) => [instance.constructor, instance]));
  return buildSchemaSync({
    resolvers: [...byClass.keys()] as never,
    orphanedTypes: entities.map((type) => type.target),
    container: { get: (resolverClass) => byClass.get(resolverClass) },
    // Inputs are checked by the services, which also run from jobs and the command line.
    validate: false,
    skipCheck: true,
    // Subscriptions are executed anew for each event (`stream-route.ts`): nothing is published.
    pubSub: { publish: () => undefined, subscribe: nothing },
  });
}

/** Fields that resolvers add to types are kept with the types: a schema of other resolvers, made later, would have them without a resolver. */
function forgetAddedFields(): void {
  const { fields, objectTypes } = getMetadataStorage();
  const declared = new Set<unknown>(fields);
  for (const type of objectTypes) {
    if (type.fields) type.fields = type.fields.filter((field) => declared.has(field));
  }
}

async function* nothing(): AsyncGenerator<never> {}

function requireEnumNames(schema: GraphQLSchema): void {
  const given = givenTypes(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (
      isEnumType(type) &&
      !isIntrospectionType(type) &&
      (given.has(type) || !isWordEnum(type.name)) &&
      type.getValues().some((value) => value.value !== value.name)
    ) {
      throw new Error(
        `The values of enum ${type.name} must equal their names, because services and stored rows use the names.`,
      );
    }
  }
}

/** The types of everything that callers give. SECURITY: the operation gate finds the rule of an enum value by its name. */
function givenTypes(schema: GraphQLSchema): ReadonlySet<GraphQLNamedType> {
  const types = Object.values(schema.getTypeMap());
  const inputs = types.filter(isInputObjectType).flatMap((type) => Object.values(type.getFields()));
  const fields = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
  );
  return new Set([...inputs, ...fields.flatMap(({ args }) => args)].map(({ type }) => getNamedType(type)));
}

/** type-graphql cannot say `@oneOf`; execution and introspection read it from the type. */
function requireOneOf(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type) && isOneOf(type.name)) type.isOneOf = true;
  }
}

/** `_entities` asks each entity's own rule; `_service` is open where introspection is. */
function withFederationRules(rules: SchemaRules, options: SchemaOptions): SchemaRules {
  const guarded = new Map(rules.guarded);
  if (!options.openSdl) {
    const rule: AccessRule = { auth: { permissions: [['read:sdl']] } };
    guarded.set('_Service.sdl', { index: guarded.size, coordinate: '_Service.sdl', rules: [rule] });
  }
  return { ...rules, guarded };
}

function attachResolvers(
  schema: GraphQLSchema,
  resolvers: ReadonlyMap<string, Resolver>,
  cursors: Cursors,
): void {
  const shared = connectionResolvers(cursors);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInterfaceType(type) || isUnionType(type)) {
      type.resolveType = (row: object) => typeOfRow(row);
      continue;
    }
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    // Rows are plain objects: `resolveType` alone says what they are.
    type.isTypeOf = undefined;
    const sharedFields = connectionTypes.has(type.name)
      ? shared.connection
      : connectionTypes.has(type.name.replace(/Edge$/, 'Connection'))
        ? shared.edge
        : type.name === 'PageInfo'
          ? shared.pageInfo
          : {};
    for (const field of Object.values(type.getFields())) {
      const resolve =
        resolvers.get(`${type.name}.${field.name}`) ?? (sharedFields[field.name] as Resolver | undefined);
      if (resolve) field.resolve = resolve;
      else if (field.name !== 'sdl' && field.name !== '_service') delete field.resolve;
      delete field.subscribe;
    }
  }
}

/** Lets root fields load the selected edges of the rows they answer before execution goes on. */
function readAhead(schema: GraphQLSchema, index: EdgeIndex): void {
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const named = getNamedType(field.type).name;
      const connectionType = connectionTypes.has(named) ? named : null;
      const rowType = connectionType === null ? named : named.slice(0, -'Connection'.length);
      if (!index.has(rowType) || !field.resolve) continue;
      field.resolve = withReadAhead(field.resolve as Resolver, { rowType, connectionType, index });
    }
  }
}

interface RowField {
  readonly rowType: string;
  readonly connectionType: string | null;
  readonly index: EdgeIndex;
}

function withReadAhead(resolve: Resolver, { rowType, connectionType, index }: RowField): Resolver {
  const ahead = (value: unknown, context: RequestContext, info: Parameters<Resolver>[3]): unknown => {
    const rows = rowsOf(value);
    const selections = rows.length === 0 ? [] : rowSelections(selectionOf(info), connectionType, rowType);
    const loads = selections.map((selection) =>
      prefetch(rows, rowType, selection, { index, context, variables: info.variableValues }),
    );
    return allOf(loads)?.then(() => value) ?? value;
  };
  return (source, args, context, info) => {
    const value: unknown = resolve(source, args, context, info);
    return value instanceof Promise
      ? value.then((settled) => ahead(settled, context, info))
      : ahead(value, context, info);
  };
}

/** The file that declares a coordinate, after the naming of the house: `UserType` is in `user.type.ts`. */
function fileOf(coordinate: string, bindings: Bindings): string {
  const [typeName = ''] = coordinate.split(/[.(]/);
  const name =
    bindings.classes.get(coordinate.replace(/\(.*$/, '')) ??
    (typeName.endsWith('Input') ? typeName : `${typeName}Type`);
  const suffix = /(Resolver|Type|Input)$/.exec(name)?.[1]?.toLowerCase() ?? 'type';
  const stem = name.replace(/(Resolver|Type|Input)$/, '');
  return `${stem.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()}.${suffix}.ts`;
}
