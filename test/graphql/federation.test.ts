import { buildSubgraphSchema } from '@apollo/subgraph';
import { getStitchedSchemaFromSupergraphSdl } from '@graphql-tools/federation';
import { composeServices } from '@theguild/federation-composition';
import { execute, graphql, parse, print, type DocumentNode } from 'graphql';
import { principal, type Principal } from '#src/access/principal';
import { run } from '#test/graphql/sample';

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

const orders = [
  { number: 1, buyer: { __typename: 'User', id: 'auth0|a' } },
  { number: 2, buyer: { __typename: 'User', id: 'auth0|b' } },
];
const ordersSchema = buildSubgraphSchema({
  typeDefs: parse(ordersSdl),
  resolvers: {
    Query: { latestOrders: () => orders },
    User: { orders: ({ id }: { id: string }) => orders.filter((order) => order.buyer.id === id) },
  },
});

const caller = (permissions: string[]): Principal =>
  principal({
    kind: 'machine',
    userId: null,
    subject: 'router',
    sessionId: null,
    organizationId: null,
    permissions,
    roles: [],
    acr: null,
    authenticatedAt: null,
  });

async function supergraph(): Promise<string> {
  const service = await run({ query: '{ _service { sdl } }', as: caller([]) });
  const { sdl } = (service.data as { _service: { sdl: string } })._service;
  const composed = composeServices([
    { name: 'gatehouse', url: 'http://127.0.0.1/gatehouse', typeDefs: parse(sdl) },
    { name: 'orders', url: 'http://127.0.0.1/orders', typeDefs: parse(ordersSdl) },
  ]);
  expect(composed.errors).toBeUndefined();
  return composed.supergraphSdl as string;
}

async function askRouter(query: string, as: Principal): Promise<unknown> {
  const schema = getStitchedSchemaFromSupergraphSdl({
    supergraphSdl: await supergraph(),
    onSubschemaConfig(subschema) {
      subschema.executor = ((request: { document: DocumentNode; variables?: Record<string, unknown> }) =>
        subschema.name.toLowerCase() === 'gatehouse'
          ? run({ query: print(request.document), variables: request.variables ?? {}, as })
          : execute({
              schema: ordersSchema,
              document: request.document,
              variableValues: request.variables ?? {},
            })) as never;
    },
  });
  return graphql({ schema, source: query });
}

test('the subgraph composes with another one and a router joins users to orders', async () => {
  const query = '{ latestOrders { number buyer { id email pets { name } } } }';
  expect(await askRouter(query, caller(['read:users', 'read:pets']))).toEqual({
    data: {
      latestOrders: [
        { number: 1, buyer: { id: 'auth0|a', email: 'a@example.com', pets: [{ name: 'Rex' }] } },
        {
          number: 2,
          buyer: { id: 'auth0|b', email: 'b@example.com', pets: [{ name: 'Tom' }, { name: 'Kit' }] },
        },
      ],
    },
  });
});

test('B05: entities are guarded like user(id) when they are reached through the router', async () => {
  const result = (await askRouter('{ latestOrders { number buyer { email } } }', caller([]))) as {
    data: unknown;
    errors: { extensions: unknown }[];
  };
  expect(result.data).toEqual({
    latestOrders: [
      { number: 1, buyer: { email: null } },
      { number: 2, buyer: { email: null } },
    ],
  });
  expect(result.errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN_FIELD' });
});
