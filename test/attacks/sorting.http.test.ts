import { UserEntity } from '#src/features/users/user.entity';
import { eachDatabase } from '#test/support/databases';
import { columnSecret } from '#test/attacks/support/secrets';
import { acme, globex, target } from '#test/attacks/support/cast';
import { codesOf, Stage } from '#test/attacks/support/stage';
import { secretNumber, usualSecrets, type UsualSecrets } from '#test/attacks/support/usual-secrets';

eachDatabase('attacks by sorting and counting', (database) => {
  let stage: Stage;
  let secrets: UsualSecrets;

  beforeAll(async () => {
    stage = await Stage.open(database);
    secrets = await usualSecrets(stage);
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  test('B10 a list without an order does not tell hidden dates by its order', async () => {
    const store = stage.product.app.storage.open();
    const madeAt = (createdAt: number): Promise<void> =>
      store.transaction(async (tx) => void (await tx.update(UserEntity, { id: target }, { createdAt })));
    const secret = { path: 'created_at', store: () => madeAt(9e12), remove: () => madeAt(1) };
    const lists = ['users { nodes { id } }', 'usersPage { users { id } }'];
    for (const list of lists) {
      await secret.store();
      const newest = await stage.ask(`{ ${list} }`, { as: stage.support });
      await secret.remove();
      expect((await stage.ask(`{ ${list} }`, { as: stage.support })).text).not.toBe(newest.text);
    }
    await stage.rule({ paths: ['created_at'] });
    for (const list of lists)
      await stage.indistinguishable(secret, () => stage.ask(`{ ${list} }`, { as: stage.support }));
  });

  test('B10 a denied attribute orders nothing, first, second or in a single value', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const query = 'query ($sort: [UserSort!]) { users(sort: $sort) { nodes { id } } }';
    const by = { field: 'PHONE_NUMBER', direction: 'DESC' };
    for (const sort of [
      by,
      [by],
      [{ field: 'ID', direction: 'ASC' }, by],
      [{ field: 'USERNAME', direction: 'ASC' }, by],
    ]) {
      const answer = await stage.indistinguishable(secrets.phone, () =>
        stage.ask(query, { as: stage.support, variables: { sort } }),
      );
      expect([codesOf(answer), answer.data ?? null, answer.statements]).toEqual([
        ['FORBIDDEN_ARGUMENT'],
        null,
        0,
      ]);
    }
    await stage.attack(secrets.phone, query, { sort: [by] });
    const inline = '{ users(sort: { field: PHONE_NUMBER, direction: ASC }) { nodes { id } } }';
    expect(codesOf(await stage.attack(secrets.phone, inline, {}))).toEqual(['FORBIDDEN_ARGUMENT']);
  });

  test.each([
    ['denied for sorting alone', { actions: ['SORT'] }],
    ['masked', { effect: 'MASK', mask: 'HASH' }],
    ['allowed to others', { effect: 'ALLOW', subject: { rolesAny: ['Sales'] } }],
    ['denied for some users', { object: { organizations: [globex] } }],
  ] as const)('B10 an attribute that is %s orders nothing', async (_title, rule) => {
    await stage.rule({ paths: ['phone_number'], ...rule });
    const query = '{ users(sort: [{ field: PHONE_NUMBER, direction: DESC }]) { nodes { id } } }';
    expect(codesOf(await stage.attack(secrets.phone, query, {}))).toEqual(['FORBIDDEN_ARGUMENT']);
  });

  test('B10 cursors of an order tell neither its values nor their length', async () => {
    const query =
      '{ users(sort: [{ field: PHONE_NUMBER, direction: DESC }], first: 1) { edges { cursor } pageInfo { endCursor } } }';
    const lengths = new Set<string>();
    for (const phoneNumber of ['+1555', '+15551234567890']) {
      const longer = columnSecret(stage.product.app.storage, target, 'phone_number', { phoneNumber });
      await longer.store();
      const { text } = await stage.ask(query, { as: stage.sales });
      lengths.add(text);
      await longer.remove();
    }
    expect(lengths.size).toBe(1);
    await secrets.phone.store();
    const answer = await stage.product.ask(query, { token: stage.sales });
    await secrets.phone.remove();
    const { edges } = answer.data?.['users'] as { edges: { cursor: string }[] };
    const cursor = edges[0]?.cursor ?? '';
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain('555');
    await stage.rule({ paths: ['phone_number'] });
    const next =
      'query ($after: String) { users(sort: [{ field: PHONE_NUMBER, direction: DESC }], first: 1, after: $after) { nodes { id } } }';
    expect(codesOf(await stage.ask(next, { as: stage.support, variables: { after: cursor } }))).toEqual([
      'FORBIDDEN_ARGUMENT',
    ]);
    const elsewhere =
      'query ($after: String) { users(sort: [{ field: USERNAME, direction: DESC }], after: $after) { nodes { id } } }';
    expect(codesOf(await stage.ask(elsewhere, { as: stage.support, variables: { after: cursor } }))).toEqual([
      'INVALID_PAGING',
    ]);
  });

  test('B11 no count, page or explanation is made for a denied condition', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const counts =
      'query ($filter: UserFilter) { users(filter: $filter) { totalCount pageInfo { hasNextPage hasPreviousPage } } }';
    const answer = await stage.attack(secrets.phone, counts, {
      filter: { phoneNumber: { eq: secretNumber } },
    });
    expect([answer.data ?? null, answer.statements]).toEqual([null, 0]);
    const explained = await stage.ask(
      'query ($q: String!) { explainUserQuery(q: $q) { normalized fields cost } }',
      {
        as: stage.support,
        variables: { q: `phone_number:"${secretNumber}"` },
      },
    );
    expect([codesOf(explained), explained.data]).toEqual([
      ['FIELD_NOT_SEARCHABLE'],
      { explainUserQuery: null },
    ]);
    const bare = await stage.ask('{ explainUserQuery(q: "x") { fields } }', { as: stage.support });
    expect(bare.text).not.toContain('phone_number');
    await stage.attack(secrets.phone, 'query ($q: String!) { users(q: $q) { totalCount } }', {
      q: `"${secretNumber}"`,
    });
  });

  test('B11 rows out of reach are in no count and no page', async () => {
    const { id, token } = await stage.member(acme);
    const query =
      '{ users { totalCount nodes { id } pageInfo { hasNextPage } } found: users(q: "third@corp.example") { totalCount nodes { id } } }';
    const answer = await stage.ask(query, { as: token });
    const { users, found } = answer.data as Record<string, { totalCount: number; nodes: { id: string }[] }>;
    expect(users?.nodes.map((node) => node.id).sort()).toEqual([id, 'auth0|other', target].sort());
    expect([users?.totalCount, found]).toEqual([3, { totalCount: 0, nodes: [] }]);
  });
});
