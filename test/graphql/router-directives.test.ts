import { Kind, parse, print, type ObjectTypeDefinitionNode } from 'graphql';
import { composeServices } from '@theguild/federation-composition';
import { directiveDefinitions } from '#src/access/directives';
import { routerDocument } from '#src/graphql/router-directives';

const sdl = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  ${directiveDefinitions}
  interface Named {
    name: String
  }
  type Query {
    open: Thing @public
    mine: Thing @auth
    named: Named @public
    things(first: Int, last: Int): ThingConnection @auth(permissions: [["read:things", "see:all"], ["admin"]])
    some(ids: [ID!]!): [Thing]! @public
  }
  type Mutation {
    change: Thing @auth(permissions: [["update:things"]], acr: "strong", maxAge: 300)
  }
  type ThingConnection @withParent {
    nodes: [Thing!]!
    edges: [ThingEdge!]!
  }
  type ThingEdge @withParent {
    node: Thing
  }
  type Thing implements Named @key(fields: "id") {
    id: ID! @withParent
    name: String @auth(permissions: [["read:things"]], orSelf: true)
    parts: [Thing!] @auth(roles: ["keeper", "owner"], permissions: [["a", "b"]])
    recent: String @auth(roles: ["keeper"], orSelf: true, maxAge: 60)
    never: String @blacklisted
  }
  type Secret @auth(permissions: [["read:secrets"]]) {
    text: String @withParent
  }
`;

const made = routerDocument(parse(sdl), { defaultPageSize: 50, maximumIds: 100 });
const types = made.definitions.filter(
  (node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION,
);
const ours = /^@(public|auth\b|attribute|withParent|blacklisted|key)/;
const added = (coordinate: string): string => {
  const [typeName, fieldName] = coordinate.split('.');
  const type = types.find((node) => node.name.value === typeName);
  const place = fieldName === undefined ? type : type?.fields?.find((node) => node.name.value === fieldName);
  return (place?.directives ?? [])
    .map(print)
    .filter((text) => !ours.test(text))
    .join(' ');
};

test.each([
  ['Query.open', '@tag(name: "public")'],
  ['Query.mine', '@authenticated @tag(name: "account")'],
  [
    'Query.things',
    '@requiresScopes(scopes: [["read:things", "see:all"], ["admin"]]) @tag(name: "administration") ' +
      '@listSize(assumedSize: 50, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)',
  ],
  ['Query.some', '@tag(name: "public") @listSize(assumedSize: 100)'],
  [
    'Mutation.change',
    '@requiresScopes(scopes: [["update:things"]]) @policy(policies: [["acr:strong", "max_age:300"]]) @tag(name: "administration") @cost(weight: 1)',
  ],
  ['ThingConnection.nodes', ''],
  ['Thing.id', ''],
  ['Thing.name', '@authenticated @tag(name: "account")'],
  [
    'Thing.parts',
    '@policy(policies: [["role:keeper"], ["role:owner"], ["permission:a", "permission:b"]]) @tag(name: "administration") @listSize(assumedSize: 5)',
  ],
  ['Thing.recent', '@authenticated @policy(policies: [["max_age:60"]]) @tag(name: "account")'],
  ['Thing.never', '@inaccessible'],
  ['Secret', '@requiresScopes(scopes: [["read:secrets"]])'],
  ['Secret.text', '@tag(name: "administration")'],
])('%s is given to routers with %s', (coordinate, expected) => {
  expect(added(coordinate)).toBe(expected);
});

test('interfaces carry no rule, and what routers are given composes', () => {
  const interfaces = made.definitions.filter((node) => node.kind === Kind.INTERFACE_TYPE_DEFINITION);
  expect(interfaces.map(print)).toEqual(['interface Named {\n  name: String\n}']);
  const composed = composeServices([{ name: 'things', url: 'http://127.0.0.1/', typeDefs: made }]);
  expect(composed.errors).toBeUndefined();
  expect(composed.supergraphSdl).toContain('requiresScopes(scopes: [["update:things"]])');
});
