import { buildSubgraphSchema } from '@apollo/subgraph';
import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation';
import { composeServices } from '@theguild/federation-composition';
import {
  execute,
  graphql,
  Kind,
  parse,
  print,
  printType,
  type DocumentNode,
  type GraphQLNamedType,
} from 'graphql';
import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

/** A subgraph of another team: it knows users by id alone and adds their orders. */
const ordersSdl = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  type Query {
    latestOrders: [Order!]!
  }
  type Order {
    number: Int!
    buyer: User
  }
  type User @key(fields: "id") {
    id: ID!
    orders: [Order!]!
  }
`;

interface Order {
  readonly number: number;
  readonly buyer: { readonly __typename: 'User'; readonly id: string };
}

let orders: readonly Order[] = [];
const ordersSchema = buildSubgraphSchema({
  typeDefs: parse(ordersSdl),
  resolvers: {
    Query: { latestOrders: () => orders },
    User: { orders: ({ id }: { id: string }) => orders.filter((order) => order.buyer.id === id) },
  },
});

eachDatabase('the federation subgraph', (database) => {
  let product: TestApp;
  let buyers: readonly string[] = [];

  beforeAll(async () => {
    product = await startTestApp(database);
    const roleIds = [await product.givenRole('Buyer')];
    buyers = [
      await product.givenUser({ email: 'a@example.com', roleIds }),
      await product.givenUser({ email: 'b@example.com' }),
    ];
    orders = buyers.map((id, index) => ({ number: index + 1, buyer: { __typename: 'User', id } }));
  });
  afterAll(() => product.close());

  async function askRouter(
    query: string,
    token: string,
  ): Promise<{ data: unknown; errors?: { extensions: unknown }[] }> {
    const service = await product.ask('{ _service { sdl } }');
    const { sdl } = (service.data as { _service: { sdl: string } })._service;
    const composed = composeServices([
      { name: 'gatehouse', url: 'http://127.0.0.1/gatehouse', typeDefs: parse(sdl) },
      { name: 'orders', url: 'http://127.0.0.1/orders', typeDefs: parse(ordersSdl) },
    ]);
    expect(composed.errors).toBeUndefined();
    const schema = getStitchedSchemaFromSupergraphSdl({
      supergraphSdl: composed.supergraphSdl as string,
      onSubschemaConfig(subschema) {
        subschema.executor = (async (request: {
          document: DocumentNode;
          variables?: Record<string, unknown>;
        }) => {
          const variables = request.variables ?? {};
          if (subschema.name.toLowerCase() !== 'gatehouse') {
            return execute({ schema: ordersSchema, document: request.document, variableValues: variables });
          }
          const { data, errors } = await product.ask(print(request.document), { token, variables });
          return errors.length > 0 ? { data, errors } : { data };
        }) as never;
      },
    });
    return (await graphql({ schema, source: query })) as never;
  }

  test('composes with another subgraph, and a router joins users to orders', async () => {
    const query = '{ latestOrders { number buyer { id email roles { name } } } }';
    const answer = await askRouter(query, await product.machine(['read:users']));
    expect(answer).toEqual({
      data: {
        latestOrders: [
          { number: 1, buyer: { id: buyers[0], email: 'a@example.com', roles: [{ name: 'Buyer' }] } },
          { number: 2, buyer: { id: buyers[1], email: 'b@example.com', roles: [] } },
        ],
      },
    });
  });

  test('serves what the federation library makes of its SDL, type by type', async () => {
    const { data } = await product.ask('{ _service { sdl } }');
    const { sdl } = (data as { _service: { sdl: string } })._service;
    const ours = product.app.schema.open.getTypeMap();
    const theirs = buildSubgraphSchema({ typeDefs: parse(sdl) }).getTypeMap();
    // The library keeps no `@oneOf`, and describes federation itself in types that no field leads to.
    const text = (type: GraphQLNamedType): string => printType(type).replace(' @oneOf {', ' {');
    const helpers = /^(federation__|link__|__)/;
    const shown = (types: Record<string, GraphQLNamedType>): Record<string, string> =>
      Object.fromEntries(
        Object.values(types)
          .filter(({ name }) => !helpers.test(name))
          .map((type) => [type.name, text(type)]),
      );
    expect(shown(ours)).toEqual(shown(theirs));
  });

  test('the supergraph tells routers who may ask for what, and rules no interface', async () => {
    const { data } = await product.ask('{ _service { sdl } }');
    const { sdl } = (data as { _service: { sdl: string } })._service;
    const composed = composeServices([
      { name: 'gatehouse', url: 'http://127.0.0.1/gatehouse', typeDefs: parse(sdl) },
      { name: 'orders', url: 'http://127.0.0.1/orders', typeDefs: parse(ordersSdl) },
    ]);
    expect(composed.errors).toBeUndefined();
    const supergraph = parse(composed.supergraphSdl as string);
    const directivesOf = (typeName: string, fieldName: string): string => {
      for (const node of supergraph.definitions) {
        if (node.kind !== Kind.OBJECT_TYPE_DEFINITION || node.name.value !== typeName) continue;
        const field = node.fields?.find(({ name }) => name.value === fieldName);
        return (field?.directives ?? []).map(print).join(' ');
      }
      return 'no such field';
    };
    expect(directivesOf('Query', 'roles')).toContain('@requiresScopes(scopes: [["read:roles"]])');
    expect(directivesOf('Query', 'users')).toContain('@listSize(');
    expect(directivesOf('User', 'email')).toContain('@authenticated');
    expect(directivesOf('User', 'email')).toContain('@tag(name: "account")');
    expect(directivesOf('Mutation', 'deleteUser')).toContain('@cost(weight: 1)');
    // Routers get all of them from one place: whatever the gateway asks of somebody, they ask of somebody.
    const subgraph = parse(sdl);
    const unasked: string[] = [];
    for (const node of subgraph.definitions) {
      if (node.kind === Kind.INTERFACE_TYPE_DEFINITION)
        expect(print(node)).not.toMatch(/@(authenticated|requiresScopes|policy)\b/);
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
      for (const field of node.fields ?? []) {
        const names = (field.directives ?? []).map((directive) => directive.name.value);
        const asks = names.some((name) => ['authenticated', 'requiresScopes', 'policy'].includes(name));
        if (names.includes('auth') !== asks) unasked.push(`${node.name.value}.${field.name.value}`);
      }
    }
    expect(unasked).toEqual([]);
  });

  test('B05: entities are guarded like user(id) when they are reached through the router', async () => {
    const answer = await askRouter('{ latestOrders { buyer { email } } }', await product.machine([]));
    expect(answer.data).toEqual({ latestOrders: [{ buyer: { email: null } }, { buyer: { email: null } }] });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN_FIELD' });
  });
});
