import { eachDatabase } from '#test/support/databases';
import { columnSecret, type Secret } from '#test/attacks/support/secrets';
import { globex, target } from '#test/attacks/support/cast';
import { codesOf, Stage, type Served } from '#test/attacks/support/stage';
import {
  secretEmail,
  secretNumber,
  usualSecrets,
  type UsualSecrets,
} from '#test/attacks/support/usual-secrets';

const byFilter = `query ($filter: UserFilter!) {
  users(filter: $filter) { nodes { id } totalCount pageInfo { hasNextPage } } }`;
const byQuery = 'query ($q: String!) { users(q: $q) { nodes { id } totalCount } }';

eachDatabase('attacks by filtering', (database) => {
  let stage: Stage;
  let secrets: UsualSecrets;

  beforeAll(async () => {
    stage = await Stage.open(database);
    secrets = await usualSecrets(stage);
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  /** The typed filter tells the secret to Sales, and is refused to Support before anything runs. */
  const refusedFilter = async (secret: Secret, filter: object): Promise<void> => {
    const answer = await stage.attack(secret, byFilter, { filter });
    expect([filter, codesOf(answer), answer.data ?? null]).toEqual([filter, ['FORBIDDEN_ARGUMENT'], null]);
    expect(answer.statements).toBe(0);
  };
  const refusedQuery = async (secret: Secret, q: string): Promise<void> => {
    const answer = await stage.attack(secret, byQuery, { q });
    expect([q, codesOf(answer), answer.data]).toEqual([q, ['FIELD_NOT_SEARCHABLE'], { users: null }]);
    expect(answer.statements).toBe(0);
  };

  test('B06 every comparison of a denied attribute is refused', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const comparisons = [
      ...[
        { eq: secretNumber },
        { in: ['x', secretNumber] },
        { startsWith: '+1555' },
        { endsWith: '4567' },
        { contains: '1234' },
      ],
      ...[
        { gt: '+1555' },
        { gte: secretNumber },
        { lt: '+15552' },
        { lte: secretNumber },
        { exists: true },
        { exists: false },
      ],
    ];
    for (const phoneNumber of comparisons) await refusedFilter(secrets.phone, { phoneNumber });
    await refusedFilter(secrets.phone, { not: { phoneNumber: { eq: secretNumber } } });
  });

  test('B06 every form of a condition in a query text is refused', async () => {
    await stage.rule({ paths: ['phone_number'] });
    for (const q of [
      ...[
        `phone_number:"${secretNumber}"`,
        'phone_number:\\+1555*',
        'phone_number:*',
        '_exists_:phone_number',
      ],
      ...[
        'phone_number:["+1" TO "+2"]',
        'NOT phone_number:*',
        `-phone_number:"${secretNumber}"`,
        'phone_number:{"+1" TO "+2"}',
      ],
    ]) {
      await refusedQuery(secrets.phone, q);
    }
  });

  test.each([
    ['denied for filtering alone', { actions: ['FILTER'] }],
    ['masked', { effect: 'MASK', mask: 'LAST4' }],
    ['allowed to others', { effect: 'ALLOW', subject: { rolesAny: ['Sales'] } }],
    ['denied for some users', { object: { connections: ['corp'] } }],
    ['denied for others', { object: { self: false } }],
    ['denied as part of everything', { paths: ['**'] }],
    ['denied by a pattern', { paths: ['*'] }],
  ] as const)('B06 an attribute that is %s cannot be filtered by', async (_title, rule) => {
    await stage.rule({ paths: ['phone_number'], ...rule });
    await refusedFilter(secrets.phone, { phoneNumber: { exists: true } });
    await refusedQuery(secrets.phone, `phone_number:"${secretNumber}"`);
  });

  test('B06 a blacklisted attribute is refused to every caller, at once and after it is taken off for nobody', async () => {
    await stage.blacklist(['phone_number']);
    for (const as of [stage.support, stage.sales, stage.administrator]) {
      const filtered = await stage.indistinguishable(secrets.phone, () =>
        stage.ask(byFilter, { as, variables: { filter: { phoneNumber: { exists: true } } } }),
      );
      expect(codesOf(filtered)).toEqual(['FORBIDDEN_ARGUMENT']);
      const queried = await stage.indistinguishable(secrets.phone, () =>
        stage.ask(byQuery, {
          as,
          variables: { q: `phone_number:"${secretNumber}" OR ${secretNumber.slice(1)}` },
        }),
      );
      expect(codesOf(queried)).toEqual(['FIELD_NOT_SEARCHABLE']);
    }
  });

  test('B06 a right to read is no right to filter where that is allowed to others alone', async () => {
    await stage.rule({
      paths: ['phone_number'],
      effect: 'ALLOW',
      subject: { rolesAny: ['Support', 'Sales'] },
    });
    const filter = {
      effect: 'ALLOW',
      actions: ['FILTER', 'SORT'],
      subject: { rolesAny: ['Sales'] },
    } as const;
    await stage.rule({ paths: ['phone_number'], ...filter });
    await refusedFilter(secrets.phone, { phoneNumber: { exists: true } });
    const read = 'query ($id: ID!) { user(id: $id) { phoneNumber } }';
    expect((await stage.ask(read, { as: stage.support, variables: { id: target } })).errors).toEqual([]);
  });

  test('B07 a denied condition below AND, OR, NOT and lists is refused', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const leaf = { phoneNumber: { exists: true } };
    for (const filter of [
      { and: [{ id: { eq: target } }, leaf] },
      { or: [leaf] },
      { not: { not: leaf } },
      { and: [{ or: [{ not: { and: [leaf] } }] }] },
      { id: { eq: target }, and: { or: leaf } },
    ]) {
      await refusedFilter(secrets.phone, filter);
    }
    for (const q of [
      `user_id:"${target}" AND (phone_number:*)`,
      '(NOT (blocked:true OR phone_number:*))',
      '+phone_number:* blocked:false',
      'phone_number:(\\+1555* OR x)',
    ]) {
      await refusedQuery(secrets.phone, q);
    }
  });

  test('B07 roles, permissions and memberships that are denied cannot be filtered by', async () => {
    await stage.rule({ paths: ['roles', 'permissions', 'organizations', 'identities'] });
    await refusedFilter(secrets.role, { roleId: secrets.roleId });
    await refusedFilter(secrets.role, { role: 'Hidden role' });
    await refusedFilter(secrets.role, { permission: 'read:connections' });
    await refusedFilter(secrets.membership, { organizationId: globex });
    await refusedQuery(secrets.role, `role_id:${secrets.roleId}`);
    await refusedQuery(secrets.role, 'role:"Hidden role"');
    await refusedQuery(secrets.role, 'permission:"read:connections"');
    await refusedQuery(secrets.membership, `organization_id:${globex}`);
    for (const q of [
      'identities.connection:corp',
      'identities.provider:samlp',
      'identities.user_id:"corp|t1"',
      'identities.isSocial:true',
    ]) {
      const answer = await stage.ask(byQuery, { as: stage.support, variables: { q } });
      expect([q, codesOf(answer)]).toEqual([q, ['FIELD_NOT_SEARCHABLE']]);
    }
  });

  test('B09 the same refusal for values inline, in variables and in defaults', async () => {
    await stage.rule({ paths: ['phone_number', 'user_metadata.secret'] });
    const documents: [Secret, string, Record<string, unknown>][] = [
      [secrets.phone, '{ users(filter: { phoneNumber: { exists: true } }) { nodes { id } } }', {}],
      [
        secrets.phone,
        'query ($on: Boolean) { users(filter: { phoneNumber: { exists: $on } }) { nodes { id } } }',
        { on: true },
      ],
      [
        secrets.phone,
        'query ($f: UserFilter = { phoneNumber: { exists: true } }) { users(filter: $f) { nodes { id } } }',
        {},
      ],
      [
        secrets.phone,
        'query ($f: StringFilter) { users(filter: { phoneNumber: $f }) { nodes { id } } }',
        { f: { exists: true } },
      ],
      [
        secrets.metadata,
        '{ users(filter: { metadata: [{ store: USER, path: "secret", exists: true }] }) { nodes { id } } }',
        {},
      ],
      [
        secrets.metadata,
        'query ($p: String = "secret") { users(filter: { metadata: { store: USER, path: $p, exists: true } }) { nodes { id } } }',
        {},
      ],
    ];
    for (const [secret, query, variables] of documents) {
      const answer = await stage.attack(secret, query, variables);
      expect([query, codesOf(answer), answer.statements]).toEqual([query, ['FORBIDDEN_ARGUMENT'], 0]);
    }
  });

  test('B09 unknown members of a filter and objects in place of values never reach the data', async () => {
    await stage.rule({ paths: ['phone_number', 'user_metadata.secret'] });
    for (const filter of [
      { phone_number: { eq: secretNumber } },
      { phoneNumber: { regex: '.*' } },
      { 'phoneNumber.eq': secretNumber },
      { __proto__: { phoneNumber: { exists: true } }, constructor: { phoneNumber: 1 } },
      { metadata: [{ store: 'USER', path: 'theme', eq: { secret: 'hidden' } }] },
      { metadata: [{ store: 'USER', path: 'theme', eq: { $ne: null } }] },
      { metadata: [{ store: 'USER', path: 'theme', in: [['hidden']] }] },
      { metadata: [{ store: 'user_metadata', path: 'secret', exists: true }] },
      { metadata: [{ store: 'USER', path: '', exists: true }] },
      { metadata: [{ store: 'USER', path: 'theme.', exists: true }] },
    ]) {
      const ask = (): Promise<Served> => stage.ask(byFilter, { as: stage.support, variables: { filter } });
      const answer = await stage.indistinguishable(secrets.metadata, ask);
      expect([filter, answer.errors.length, answer.statements]).toEqual([filter, 1, 0]);
    }
  });

  test('B16 argument rules hold for variable defaults, single values and each variant of a one-of input', async () => {
    await stage.rule({ paths: ['email', 'phone_number', 'username', 'identities'] });
    const email = columnSecret(stage.product.app.storage, target, 'email', {
      email: secretEmail,
    });
    const documents: [Secret, string, Record<string, unknown>][] = [
      [secrets.email, '{ usersByEmail(email: "secret@target.example") { id } }', {}],
      [secrets.email, 'query ($e: String! = "secret@target.example") { usersByEmail(email: $e) { id } }', {}],
      [
        email,
        'query ($e: String!) { usersByEmail(caseSensitive: false, email: $e) { id } }',
        { e: 'SECRET@target.example' },
      ],
      [secrets.email, '{ userBy(where: { email: "secret@target.example" }) { id } }', {}],
      [email, 'query ($w: UserUniqueInput!) { userBy(where: $w) { id } }', { w: { email: secretEmail } }],
      [
        secrets.phone,
        'query ($w: UserUniqueInput!) { userBy(where: $w) { id } }',
        { w: { phoneNumber: secretNumber } },
      ],
      [
        secrets.phone,
        'query ($p: String!) { userBy(where: { phoneNumber: $p }) { id } }',
        { p: secretNumber },
      ],
      [
        secrets.phone,
        `{ users(filter: { and: { phoneNumber: { eq: "${secretNumber}" } } }) { nodes { id } } }`,
        {},
      ],
      [
        secrets.phone,
        'query ($f: [UserFilter!]) { users(filter: { or: $f }) { nodes { id } } }',
        { f: { phoneNumber: { eq: secretNumber } } },
      ],
    ];
    for (const [secret, query, variables] of documents) {
      const answer = await stage.attack(secret, query, variables);
      expect([query, codesOf(answer), answer.statements]).toEqual([query, ['FORBIDDEN_ARGUMENT'], 0]);
    }
    const identity = '{ userBy(where: { identity: { connection: "corp", userId: "corp|t1" } }) { id } }';
    expect(codesOf(await stage.ask(identity, { as: stage.support }))).toEqual(['FORBIDDEN_ARGUMENT']);
  });
});
