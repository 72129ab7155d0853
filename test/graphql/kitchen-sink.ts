import {
  buildSchema,
  isObjectType,
  type GraphQLEnumType,
  type GraphQLScalarType,
  type GraphQLSchema,
} from 'graphql';

/** A schema with one of everything that an executor has to get right. */
export function kitchenSink(): GraphQLSchema {
  const schema = buildSchema(/* GraphQL */ `
    scalar _Any
    scalar Upper
    enum Color {
      RED
      GREEN
    }
    enum Ending {
      LOGOUT
      SESSION_EXPIRED
    }
    input Point {
      x: Int!
      y: Int = 7
      tags: [String!]
      inner: Point
      color: Color
      upper: Upper
    }
    input Key @oneOf {
      id: ID
      name: String
      point: Point
    }
    interface Shape {
      id: ID!
      area: Float
    }
    type Circle implements Shape {
      id: ID!
      area: Float
      radius: Int!
    }
    type Square implements Shape {
      id: ID!
      area: Float
      side: Int!
    }
    union Thing = Circle | Square | Leaf
    type Leaf {
      text: String!
      maybe: String
      boom: String!
      later: String!
      lateBoom: String!
      list: [String!]
      holes: [String]
      nested: [[Int!]]!
      upper: Upper
      color: Color
      ending: Ending
      endings: [Ending!]
      noEnding: Ending
    }
    type Query {
      echo(
        int: Int
        float: Float
        text: String
        flag: Boolean
        id: ID
        color: Color
        colors: [Color!]
        point: Point
        points: [Point!]
        key: Key
        upper: Upper
      ): String
      withDefault(n: Int! = 3, color: Color = GREEN): String
      leaf: Leaf
      sureLeaf: Leaf!
      leaves: [Leaf!]
      maybeLeaves: [Leaf]
      asyncLeaves: [Leaf!]!
      shapes: [Shape!]!
      things: [Thing]!
      empty: [Leaf!]!
      badInt: Int
      badEnum: Color
      nothing: Leaf
    }
    type Mutation {
      add(n: Int!): Int!
      fail(n: Int!): Int
    }
  `);
  const upper = schema.getType('Upper') as GraphQLScalarType;
  upper.serialize = (value) => String(value).toUpperCase();
  upper.parseValue = (value) => {
    if (typeof value !== 'string') throw new TypeError('Upper must be a text');
    return value.toLowerCase();
  };
  for (const value of (schema.getType('Ending') as GraphQLEnumType).getValues())
    value.value = value.name.toLowerCase().replace('_', '-');
  const leaf = {
    text: 'text',
    maybe: null,
    list: ['a', 'b'],
    holes: ['a', null],
    nested: [[1, 2], null],
    upper: 'up',
    color: 'RED',
    ending: 'session-expired',
    endings: ['logout', 'session-expired'],
    noEnding: 'SESSION_EXPIRED',
  };
  let total = 0;
  const resolvers: Record<string, Record<string, (source: never, args: never) => unknown>> = {
    Query: {
      echo: (_source, args) => JSON.stringify(args),
      withDefault: (_source, args) => JSON.stringify(args),
      leaf: () => leaf,
      sureLeaf: () => leaf,
      leaves: () => [leaf, leaf],
      maybeLeaves: () => [leaf, null],
      asyncLeaves: async () => Promise.resolve([leaf, leaf]),
      shapes: () => [
        { type: 'Circle', id: 'c', area: 1.5, radius: 1 },
        { type: 'Square', id: 's', area: null, side: 2 },
      ],
      things: () => [{ type: 'Circle', id: 'c', radius: 1 }, { type: 'Leaf', ...leaf }, null],
      empty: () => [],
      badInt: () => 'no number',
      badEnum: () => 'BLUE',
      nothing: () => null,
    },
    Leaf: {
      boom: () => {
        throw new Error('boom');
      },
      later: () => Promise.resolve('later'),
      lateBoom: () => Promise.reject(new Error('late boom')),
    },
    Mutation: {
      add: (_source, args: { n: number }) => (total += args.n),
      fail: () => {
        throw new Error('failed');
      },
    },
  };
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    for (const [name, resolve] of Object.entries(fields)) type.getFields()[name]!.resolve = resolve as never;
  }
  for (const name of ['Shape', 'Thing']) {
    (schema.getType(name) as { resolveType?: unknown }).resolveType = (row: { type: string }) => row.type;
  }
  return schema;
}
