import { loadProfiles } from '#src/cli/seed/load-profiles';
import { acme } from '#test/attacks/support/cast';
import { Stage } from '#test/attacks/support/stage';
import { eachDatabase } from '#test/support/databases';

const each = 12;

/** Members and others alternate in every order, so that a page filtered after it was read would have holes. */
const crowd = Array.from({ length: 2 * each }, (_, at) => ({
  user_id: `auth0|row${String(at).padStart(2, '0')}`,
  email: `row${String(at).padStart(2, '0')}@crowd.example`,
  given_name: 'Rowan',
  created_at: `2021-01-${String(at + 1).padStart(2, '0')}`,
  updated_at: '2021-02-01',
  organizations: at % 2 === 0 ? [{ name: 'acme', id: acme }] : [],
}));
const members = crowd.filter((_, at) => at % 2 === 0).map(({ user_id }) => user_id);
const outside = crowd.filter((_, at) => at % 2 === 1).map(({ user_id }) => user_id);

eachDatabase('which users an organization-bound caller reaches', (database) => {
  let stage: Stage;
  let bound: string;
  let roleId: string;

  beforeAll(async () => {
    stage = await Stage.open(database);
    const { storage, platform } = stage.product.app;
    await loadProfiles(storage, crowd, { clock: platform.clock, ids: platform.ids });
    const permissions = ['read:users', 'read:roles', 'read:organizations', 'read:organization_members'];
    roleId = await stage.product.givenRole('Reader', permissions);
    const [reader = ''] = members;
    const give = `mutation ($o: ID!, $u: ID!, $r: ID!) { addMemberRoles(input: { organizationId: $o, userId: $u, roleIds: [$r] }) { membership { joinedAt } } }`;
    const given = await stage.ask(give, {
      as: stage.administrator,
      variables: { o: acme, u: reader, r: roleId },
    });
    expect(given.errors).toEqual([]);
    const hold =
      'mutation ($u: ID!, $r: ID!) { addUserRoles(input: { id: $u, roleIds: [$r] }) { user { id } } }';
    for (const u of [...members.slice(0, 6), ...outside.slice(0, 6)])
      await stage.ask(hold, { as: stage.administrator, variables: { u, r: roleId } });
    bound = await stage.product.user(reader, acme);
  });
  afterAll(() => stage.close());

  interface List {
    readonly totalCount: number;
    readonly nodes: readonly { readonly id: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  }

  /** Every page of a list, as asked one after the other. */
  const pages = async (field: string, at: (data: never) => List, args = ''): Promise<List[]> => {
    const all: List[] = [];
    for (let after: string | null = null; ;) {
      const query = `query ($after: String) { ${field.replace('$page', `first: 5, after: $after${args}`)} }`;
      const answer = await stage.ask(query, { as: bound, variables: { after } });
      expect(answer.errors).toEqual([]);
      const page = at(answer.data as never);
      all.push(page);
      if (!page.pageInfo.hasNextPage) return all;
      after = page.pageInfo.endCursor;
    }
  };
  const list = '{ totalCount nodes { id } pageInfo { hasNextPage endCursor } }';
  const isOutside = (id: string): boolean => outside.includes(id);

  test('the list of users: full pages and an honest count, in any order, with any search', async () => {
    for (const args of [
      '',
      ', sort: [{ field: EMAIL, direction: DESC }]',
      ', filter: { email: { endsWith: "@crowd.example" } }',
      ', q: "given_name:Rowan"',
      ', q: "row*"',
    ]) {
      const all = await pages(`users($page) ${list}`, (data: { users: List }) => data.users, args);
      const ids = all.flatMap(({ nodes }) => nodes.map(({ id }) => id));
      expect(ids.filter(isOutside)).toEqual([]);
      expect(members.every((id) => ids.includes(id))).toBe(true);
      expect(new Set(ids).size).toBe(ids.length);
      expect(all.every(({ totalCount }) => totalCount === ids.length)).toBe(true);
      expect(all.slice(0, -1).every(({ nodes }) => nodes.length === 5)).toBe(true);
    }
  });

  test('holders of a role and members of the organization likewise', async () => {
    const holders = await pages(
      `role(id: "${roleId}") { users($page) ${list} }`,
      (data: { role: { users: List } }) => data.role.users,
    );
    const ids = holders.flatMap(({ nodes }) => nodes.map(({ id }) => id));
    expect(ids.sort()).toEqual(members.slice(0, 6));
    expect(holders[0]?.totalCount).toBe(6);
    expect(holders[0]?.nodes).toHaveLength(5);
  });

  test('one by one: node, nodes, entities, userBy and usersByEmail find nobody outside', async () => {
    const [id = ''] = outside;
    const email = 'row01@crowd.example';
    const query = `{ user(id: "${id}") { id } node(id: "${id}") { id } nodes(ids: ["${id}", "${members[1]}"]) { id }
      userBy(where: { email: "${email}" }) { id } usersByEmail(email: "${email}") { id }
      _entities(representations: [{ __typename: "User", id: "${id}" }]) { ... on User { email } } }`;
    const { data, errors } = await stage.ask(query, { as: bound });
    expect({ data, errors }).toEqual({
      errors: [],
      data: {
        user: null,
        node: null,
        nodes: [null, { id: members[1] }],
        userBy: null,
        usersByEmail: [],
        _entities: [null],
      },
    });
  });

  test('the condition is part of the statement of the page: no statement more, however many rows', async () => {
    const query = (first: number): string => `{ users(first: ${first}) { nodes { id email name } } }`;
    const cost = async (as: string, first: number): Promise<number> =>
      (await stage.ask(query(first), { as })).statements;
    // A user's token costs one statement; a machine's none.
    expect(await cost(bound, 1)).toBe(2);
    expect(await cost(bound, 12)).toBe(2);
    expect(await cost(stage.administrator, 12)).toBe(1);
  });
});
