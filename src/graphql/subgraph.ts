import {
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
} from 'graphql';

export interface Subgraph {
  /** Types that a router may ask for by their key. */
  readonly entityTypes: readonly string[];
  /** What `_service` answers: the schema with the directives that a router acts on. */
  readonly sdl: () => string;
}

/**
 * The schema with the two doors of a federation subgraph, `Query._entities` and `Query._service` (Apollo Federation 2, subgraph
 * specification). Types are kept as they are, so a start neither prints nor parses the schema. The resolver of `_entities` is attached later.
 */
export function withSubgraphDoors(schema: GraphQLSchema, { entityTypes, sdl }: Subgraph): GraphQLSchema {
  const { types, ...config } = schema.toConfig();
  const query = (config.query as GraphQLObjectType).toConfig();
  const entity = new GraphQLUnionType({
    name: '_Entity',
    types: [...entityTypes].sort().map((name) => schema.getType(name) as GraphQLObjectType),
  });
  const representations = new GraphQLList(new GraphQLNonNull(new GraphQLScalarType({ name: '_Any' })));
  const service = new GraphQLObjectType({
    name: '_Service',
    fields: { sdl: { type: GraphQLString, resolve: sdl } },
  });
  return new GraphQLSchema({
    ...config,
    types: types.filter((type) => type !== config.query),
    query: new GraphQLObjectType({
      ...query,
      fields: {
        ...query.fields,
        _entities: {
          type: new GraphQLNonNull(new GraphQLList(entity)),
          args: { representations: { type: new GraphQLNonNull(representations) } },
        },
        _service: { type: new GraphQLNonNull(service), resolve: () => ({}) },
      },
    }),
  });
}
