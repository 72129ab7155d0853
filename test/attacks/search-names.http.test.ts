import { eachDatabase } from '#test/support/databases';
import { metadataSecret, type Secret } from '#test/attacks/support/secrets';
import { target } from '#test/attacks/support/cast';
import { codesOf, Stage, type Served } from '#test/attacks/support/stage';
import { secretNumber, usualSecrets, type UsualSecrets } from '#test/attacks/support/usual-secrets';

const byFilter = `query ($filter: UserFilter!) {
  users(filter: $filter) { nodes { id } totalCount pageInfo { hasNextPage } } }`;
const byQuery = 'query ($q: String!) { users(q: $q) { nodes { id } totalCount } }';

eachDatabase('attacks by the names of searches', (database) => {
  let stage: Stage;
  let secrets: UsualSecrets;

  beforeAll(async () => {
    stage = await Stage.open(database);
    secrets = await usualSecrets(stage);
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  /** The query tells the secret to Sales, and is refused to Support before anything runs. */
  const refusedQuery = async (secret: Secret, q: string): Promise<void> => {
    const answer = await stage.attack(secret, byQuery, { q });
    expect([q, codesOf(answer), answer.data]).toEqual([q, ['FIELD_NOT_SEARCHABLE'], { users: null }]);
    expect(answer.statements).toBe(0);
  };

  test('B08 every spelling of a denied attribute is refused, and no other name reaches it', async () => {
    await stage.rule({ paths: ['phone_number'] });
    await refusedQuery(secrets.phone, `phoneNumber:"${secretNumber}"`);
    await refusedQuery(secrets.phone, `phone\\_number:"${secretNumber}"`);
    await refusedQuery(secrets.phone, '_exists_:phoneNumber');
    const never = [
      'PHONE_NUMBER',
      'User.phoneNumber',
      'phone_number.x',
      'phone_number.raw',
      '*',
      'phone_*',
      'phone_number[0]',
      '\uff50hone_number',
    ];
    for (const name of never) {
      const ask = (): Promise<Served> =>
        stage.ask(byQuery, { as: stage.support, variables: { q: `${name}:"${secretNumber}"` } });
      const answer = await stage.indistinguishable(secrets.phone, ask);
      expect([name, answer.data ?? null]).toEqual([name, { users: null }]);
    }
  });

  test('B08 a bare term looks into no denied attribute', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const answer = await stage.attack(secrets.phone, byQuery, { q: `"${secretNumber}"` });
    expect(answer.data).toEqual({ users: { nodes: [], totalCount: 0 } });
    await stage.attack(secrets.phone, byQuery, { q: '\\+1555*' });
    await stage.attack(secrets.phone, byQuery, { q: `NOT "${secretNumber}"` });
  });

  test.each([
    'user_metadata.secret',
    'user_metadata.*',
    '**.secret',
    'metadata.user.secret',
    'User.metadata.user.secret',
  ])('B08 a rule on %s closes every way to that member of the metadata', async (path) => {
    await stage.rule({ paths: [path, 'user_metadata.list', 'app_metadata.secret'] });
    await refusedQuery(secrets.deepMetadata, 'user_metadata.secret:hidden');
    await refusedQuery(secrets.deepMetadata, 'userMetadata.secret:"hidden"');
    await refusedQuery(secrets.deepMetadata, '_exists_:user_metadata.secret');
    await refusedQuery(secrets.deepMetadata, 'user_metadata.list.secret:one');
    await refusedQuery(secrets.deepMetadata, 'app_metadata.secret:[1 TO 9]');
    const filter = (conditions: object): object => ({ metadata: [conditions] });
    for (const conditions of [
      { store: 'USER', path: 'secret', eq: 'hidden' },
      { store: 'USER', path: 'secret', exists: true },
      { store: 'USER', path: 'list.secret', in: ['one'] },
      { store: 'APP', path: 'secret', gt: 1 },
    ]) {
      const answer = await stage.attack(secrets.deepMetadata, byFilter, { filter: filter(conditions) });
      expect(codesOf(answer)).toEqual(['FORBIDDEN_ARGUMENT']);
      expect([answer.data?.['users'] ?? null, answer.statements]).toEqual([null, 0]);
    }
  });

  test.each([
    ['denied', { effect: 'DENY' }],
    ['masked', { effect: 'MASK', mask: 'NULL' }],
    ['allowed to others', { effect: 'ALLOW', subject: { rolesAny: ['Sales'] } }],
  ] as const)(
    'B08 whether a store holds anything is not told while a member of it is %s',
    async (_title, rule) => {
      const only = metadataSecret(stage.product.app.storage, target, 'user_metadata.secret', {
        with: { user: { secret: 'hidden' } },
        without: { user: {} },
      });
      await stage.rule({ ...rule, paths: ['user_metadata.secret'] });
      await refusedQuery(only, '_exists_:user_metadata');
    },
  );

  test('B08 a pattern closes nothing beside what it names', async () => {
    await stage.rule({ paths: ['**.secret'] });
    const query = `{ users(filter: { username: { eq: "target" } }, sort: [{ field: EMAIL, direction: ASC }]) { nodes { id } } }`;
    expect(await stage.ask(query, { as: stage.support })).toMatchObject({
      errors: [],
      data: { users: { nodes: [{ id: target }] } },
    });
  });
});
