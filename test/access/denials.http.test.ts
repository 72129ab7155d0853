import { other, target } from '#test/attacks/support/cast';
import { codesOf, Stage } from '#test/attacks/support/stage';
import { UserEntity } from '#src/features/users/user.entity';
import { unavailablePolicy } from '#src/access/policy';
import { eachDatabase } from '#test/support/databases';

/** Each row of the table of refusals in docs/authorization.md. */
eachDatabase('how refusals look', (database) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open(database, { GATEHOUSE_ACCESS_LOOK_UPS_PER_MINUTE: '3' });
    await stage.product.app.storage
      .open()
      .transaction((store) => store.update(UserEntity, { id: target }, { phoneNumber: '+15550000001' }));
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  const user = (fields: string, id = target): string => `{ user(id: "${id}") { ${fields} } }`;

  test('a token that is not valid: HTTP 401 and no data; no token: UNAUTHENTICATED at each field', async () => {
    const wrong = await stage.ask(user('id phoneNumber'), { as: 'no-token' });
    expect([wrong.status, wrong.data ?? null]).toEqual([401, null]);
    const nobody = await stage.ask(`{ viewer { kind } me { id } }`);
    expect(nobody.data).toEqual({ viewer: { kind: 'ANONYMOUS' }, me: null });
    expect(nobody.errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  test('a denied field is null with an error at its place, the same whether there is a value; its neighbours stand', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const read = (id: string) => stage.ask(user('blocked phoneNumber', id), { as: stage.support });
    const { data, errors, text } = await read(target);
    expect(data).toEqual({ user: { blocked: false, phoneNumber: null } });
    expect(errors).toMatchObject([{ path: ['user', 'phoneNumber'] }]);
    expect(errors[0]?.extensions).toEqual({ code: 'FORBIDDEN_FIELD', coordinate: 'User.phoneNumber' });
    expect((await read('samlp|corp|c3')).text).toBe(text);
  });

  test('a refusal by the schema names the permissions that open it; one by a stored rule does not', async () => {
    const as = await stage.product.machine(['read:users']);
    const read = await stage.ask(user('sessions { totalCount }'), { as });
    expect(read.errors.map(({ extensions }) => extensions)).toEqual([
      { code: 'FORBIDDEN_FIELD', coordinate: 'User.sessions', requires: [['read:sessions']] },
    ]);
    const write = `mutation { deleteUser(input: { id: "${target}" }) { deletedId } }`;
    const refused = await stage.ask(write, { as });
    expect(refused.errors.map(({ extensions }) => extensions)).toEqual([
      { code: 'FORBIDDEN', requires: [['delete:users']] },
    ]);
    const nobody = await stage.ask(write);
    expect(nobody.errors.map(({ extensions }) => extensions)).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });

  test('of one field refused on many rows there is one error with the count', async () => {
    await stage.rule({ paths: ['phone_number', 'email'] });
    const { errors } = await stage.ask('{ users { nodes { email phoneNumber } } }', { as: stage.support });
    expect(errors.map(({ extensions }) => extensions)).toMatchObject([
      { code: 'FORBIDDEN_FIELD', coordinate: 'User.email', count: 3 },
      { code: 'FORBIDDEN_FIELD', coordinate: 'User.phoneNumber', count: 3 },
    ]);
  });

  test('NULL_SILENT: null and no error, as where there is no value; a filter by it is refused all the same', async () => {
    const read = user('phoneNumber', 'samlp|corp|c3');
    const absent = await stage.ask(read, { as: stage.support });
    await stage.rule({ paths: ['phone_number'], denial: 'NULL_SILENT' } as never);
    const hidden = await stage.ask(user('phoneNumber'), { as: stage.support });
    expect(hidden.text).toBe(absent.text);
    const filter = '{ users(filter: { phoneNumber: { exists: true } }) { nodes { id } } }';
    expect(codesOf(await stage.ask(filter, { as: stage.support }))).toEqual(['FORBIDDEN_ARGUMENT']);
  });

  test('a masked value and the field in extensions.masked, no error', async () => {
    await stage.rule({ effect: 'MASK', mask: 'FIXED', paths: ['phone_number'] });
    const { text, errors } = await stage.ask(user('phoneNumber'), { as: stage.support });
    expect(errors).toEqual([]);
    expect(text).toContain(
      '{"data":{"user":{"phoneNumber":"***"}},"extensions":{"masked":["User.phoneNumber"]}}',
    );
  });

  test('a denied filter, sort key or input refuses the operation before it runs; omitted is not given, null is', async () => {
    await stage.rule({ actions: ['READ', 'WRITE'], paths: ['phone_number'] });
    const records = await stage.ask('{ auditEvents(first: 1) { nodes { id } } }', {
      as: stage.administrator,
    });
    const write = 'mutation ($i: UpdateUserInput!) { updateUser(input: $i) { user { nickname } } }';
    const given = { id: target, nickname: 'new', phoneNumber: null };
    const refused = await stage.ask(write, { as: stage.support, variables: { i: given } });
    expect(refused.errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN_ARGUMENT', input: 'input.phoneNumber' } },
    ]);
    const after = await stage.ask('{ auditEvents(first: 1) { nodes { id } } }', { as: stage.administrator });
    expect(after.text).toBe(records.text);
    const omitted = await stage.ask(write, {
      as: stage.support,
      variables: { i: { id: target, nickname: 'new' } },
    });
    expect(omitted.data).toEqual({ updateUser: { user: { nickname: 'new' } } });
  });

  test('a row out of reach is as one that does not exist', async () => {
    const bound = await stage.product.user(target, 'org_acme000000000000');
    const answers = await Promise.all(
      ['samlp|corp|c3', 'auth0|nobody'].map((id) => stage.ask(user('id email', id), { as: bound })),
    );
    expect(answers[0]?.text).toBe(answers[1]?.text);
  });

  test('a rule spares a strong and recent sign-in: STEP_UP_REQUIRED for any other', async () => {
    const conditions = { acr: 'aal2', maxAgeSeconds: 300 };
    const subject = { principals: [other] };
    await stage.rule({ paths: ['phone_number'], subject, conditions } as never);
    const weak = await stage.ask('{ me { email phoneNumber } }', { as: await stage.product.user(other) });
    expect(weak.data).toMatchObject({ me: { email: 'other@example.com', phoneNumber: null } });
    expect(weak.errors).toMatchObject([
      { path: ['me', 'phoneNumber'], extensions: { code: 'STEP_UP_REQUIRED' } },
    ]);
    const trial = `query ($o: ID!) { testAttributeRules(input: { coordinates: ["User.phoneNumber"], objectId: $o,
      principal: { userId: $o, acr: "aal2", signedInSecondsAgo: 290 } }) { decisions { before { decision } } } }`;
    const strong = await stage.ask(trial, { as: stage.administrator, variables: { o: other } });
    expect(strong.text).toContain('"before":{"decision":"ALLOW"}');
    const late = trial.replace('290', '310');
    const old = await stage.ask(late, { as: stage.administrator, variables: { o: other } });
    expect(old.text).toContain('"before":{"decision":"STEP_UP"}');
  });

  test('a trial tells before and after for each place of an operation, and changes nothing', async () => {
    const query = `query ($i: TestAttributeRulesInput!) { testAttributeRules(input: $i) {
      changed decisions { coordinate action attribute isChanged before { decision reason } after { decision ruleId } } } }`;
    const input = {
      principal: { permissions: ['read:users'], roles: ['Support'] },
      objectId: target,
      operation:
        'query ($p: String) { users(filter: { phoneNumber: { startsWith: $p } }) { nodes { email phoneNumber } } }',
      variables: { p: '+1' },
      drafts: [
        {
          name: 'x',
          effect: 'DENY',
          actions: ['READ'],
          paths: ['phone_number'],
          subject: { rolesAny: ['Support'] },
        },
      ],
    };
    const { data, errors } = await stage.ask(query, { as: stage.administrator, variables: { i: input } });
    expect(errors).toEqual([]);
    const { changed, decisions } = data?.['testAttributeRules'] as {
      changed: number;
      decisions: { coordinate: string }[];
    };
    expect(changed).toBe(2);
    expect(Object.fromEntries(decisions.map((one) => [one.coordinate, one]))).toMatchObject({
      'User.email': { action: 'READ', isChanged: false, after: { decision: 'ALLOW' } },
      'User.phoneNumber': {
        action: 'READ',
        before: { decision: 'ALLOW' },
        after: { decision: 'DENY', ruleId: 'draft-1' },
      },
      'UserFilter.phoneNumber': { action: 'FILTER', attribute: 'phone_number', after: { decision: 'DENY' } },
    });
    expect((await stage.ask(user('phoneNumber'), { as: stage.support })).text).toContain('+15550000001');
    for (const wrong of [{ operation: '{ nothing }' }, { coordinates: ['User.nothing'], operation: null }]) {
      const refused = await stage.ask(query, {
        as: stage.administrator,
        variables: { i: { ...input, ...wrong } },
      });
      expect(codesOf(refused)).toEqual(['BAD_USER_INPUT']);
    }
    expect(codesOf(await stage.ask(query, { as: stage.support, variables: { i: input } }))).toEqual([
      'FORBIDDEN_FIELD',
    ]);
  });

  test('an accepted look-up finds by the whole value alone, is counted and recorded, and shows nothing', async () => {
    await stage.rule({ paths: ['email'] });
    const byEmail = '{ usersByEmail(email: "other@example.com") { id email } }';
    expect(codesOf(await stage.ask(byEmail, { as: stage.support }))).toEqual(['FORBIDDEN_ARGUMENT']);
    const subject = { rolesAny: ['Support'] };
    const risk = { effect: 'ALLOW', actions: ['FILTER'], paths: ['email'], subject, acceptOracleRisk: true };
    await stage.rule(risk as never);
    const found = await stage.ask(byEmail, { as: stage.support });
    expect(found.data).toEqual({ usersByEmail: [{ id: other, email: null }] });
    expect(codesOf(found)).toEqual(['FORBIDDEN_FIELD']);
    const unique = '{ userBy(where: { email: "other@example.com" }) { id } }';
    expect((await stage.ask(unique, { as: stage.support })).data).toEqual({ userBy: { id: other } });
    for (const closed of [
      '{ users(filter: { email: { eq: "other@example.com" } }) { nodes { id } } }',
      '{ users(filter: { email: { startsWith: "o" } }) { nodes { id } } }',
      '{ users(sort: [{ field: EMAIL, direction: ASC }]) { nodes { id } } }',
      String.raw`{ users(q: "email:\"other@example.com\"") { nodes { id } } }`,
    ]) {
      const [code] = codesOf(await stage.ask(closed, { as: stage.support }));
      expect(['FORBIDDEN_ARGUMENT', 'FIELD_NOT_SEARCHABLE']).toContain(code);
    }
    // Whom the rule does not name is closed out by it.
    expect(codesOf(await stage.ask(byEmail, { as: stage.sales }))).toEqual(['FORBIDDEN_ARGUMENT']);
    const records = '{ auditEvents(action: "attribute.look_up") { nodes { details } } }';
    const kept = await stage.ask(records, { as: stage.administrator });
    expect(kept.text.split('"attribute":"email"')).toHaveLength(3);
    expect(kept.text).not.toContain('other@example.com');
    await stage.ask(byEmail, { as: stage.support });
    const limited = await stage.ask(byEmail, { as: stage.support });
    expect(codesOf(limited)).toEqual(['RATE_LIMITED']);
    expect(limited.data ?? null).toBeNull();
  });

  test('while the rules are not known only what they govern is refused, and an administrator can change them', async () => {
    const { policies } = stage.product.app.platform;
    const current = jest.spyOn(policies, 'current').mockImplementation(() => unavailablePolicy);
    try {
      const read = await stage.ask(`{ viewer { kind } user(id: "${target}") { id email } }`, {
        as: stage.support,
      });
      expect(read.data).toEqual({ viewer: { kind: 'MACHINE' }, user: { id: target, email: null } });
      expect(read.errors).toMatchObject([
        { path: ['user', 'email'], extensions: { code: 'POLICY_UNAVAILABLE', coordinate: 'User.email' } },
      ]);
      const filter = '{ users(filter: { email: { eq: "x@example.com" } }) { nodes { id } } }';
      expect(codesOf(await stage.ask(filter, { as: stage.support }))).toEqual(['POLICY_UNAVAILABLE']);
      const write = `mutation { blockUser(input: { id: "${target}" }) { user { id } } }`;
      expect(codesOf(await stage.ask(write, { as: stage.support }))).toEqual(['POLICY_UNAVAILABLE']);
      const list = await stage.ask('{ attributeRules { nodes { id } } }', { as: stage.administrator });
      expect(list.errors).toEqual([]);
    } finally {
      current.mockRestore();
    }
  });
});
