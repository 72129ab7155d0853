import { eachDatabase } from '#test/support/databases';
import { columnSecret } from '#test/attacks/support/secrets';
import { target } from '#test/attacks/support/cast';
import { broad, codesOf, Stage } from '#test/attacks/support/stage';
import { patch, setPath, update, Victim } from '#test/attacks/support/writer';

eachDatabase('attacks by writing', (database) => {
  let stage: Stage;
  let victim: Victim;

  beforeAll(async () => {
    stage = await Stage.open(database);
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());
  beforeEach(async () => {
    victim = await Victim.appear(stage);
  });

  test('B15 a denied input field is refused before anything runs, its null and its default too', async () => {
    await victim.deny('email');
    for (const email of ['new@example.com', null, victim.email]) {
      const answer = await victim.refused(update, { id: victim.id, nickname: 'after', email });
      expect(answer.statements).toBe(0);
      expect(answer.errors[0]?.extensions).toEqual({ code: 'FORBIDDEN_ARGUMENT', input: 'input.email' });
    }
    const before = await victim.state();
    for (const query of [
      `mutation { updateUser(input: { id: "${victim.id}", email: "x@y.example" }) { user { id } } }`,
      `mutation ($e: String = "x@y.example") { updateUser(input: { id: "${victim.id}", email: $e }) { user { id } } }`,
      `mutation ($i: UpdateUserInput! = { id: "${victim.id}", email: null }) { updateUser(input: $i) { user { id } } }`,
      `mutation { ...f } fragment f on Mutation { x: updateUser(input: { id: "${victim.id}", email: "x@y.example" }) { user { id } } }`,
    ]) {
      const answer = await stage.ask(query, { as: stage.support });
      expect([query, codesOf(answer), answer.statements]).toEqual([query, ['FORBIDDEN_ARGUMENT'], 0]);
    }
    expect(await victim.state()).toBe(before);
    const open = await victim.write(update, { id: victim.id, nickname: 'after' });
    expect(open.errors).toEqual([]);
    const left = await stage.ask(
      `mutation ($e: String) { updateUser(input: { id: "${victim.id}", email: $e, nickname: "b" }) { user { id } } }`,
      {
        as: stage.support,
      },
    );
    expect(left.errors).toEqual([]);
    expect(
      (await victim.write(update, { id: victim.id, email: 'sales@example.com' }, stage.sales)).errors,
    ).toEqual([]);
  });

  test.each([
    ['only others may write it', { effect: 'ALLOW', subject: { rolesAny: ['Sales'] } }],
    ['a rule for some users', { object: { connections: ['main'] } }],
    ['a rule for others than oneself', { object: { self: false } }],
    ['a rule for everything', { paths: ['**'] }],
  ] as const)('B15 a write is refused by %s', async (_title, rest) => {
    await victim.deny('phone_number', rest);
    await victim.refused(update, { id: victim.id, phoneNumber: '+15559999999' });
    await victim.refused(update, { id: victim.id, phoneNumber: null, nickname: 'x' });
  });

  test.each([
    ['blocked', 'mutation ($input: BlockUserInput!) { blockUser(input: $input) { user { id } } }', {}],
    [
      'identities',
      'mutation ($input: LinkIdentityInput!) { linkIdentity(input: $input) { linkedUserId } }',
      { userId: '', secondaryUserId: 'samlp|corp|c3' },
    ],
    [
      'roles',
      'mutation ($input: AddUserRolesInput!) { addUserRoles(input: $input) { user { id } } }',
      { roleIds: [''] },
    ],
  ])('B15 a mutation that writes %s is refused for the rule about it', async (path, query, rest) => {
    await stage.rule({ paths: [path], actions: ['WRITE'] });
    const as = await stage.product.machine([...broad, 'create:role_members', 'grant:any'], ['Support']);
    const roleId = await stage.product.givenRole(`Given ${victim.serial}`);
    const input =
      'userId' in rest
        ? { ...rest, userId: victim.id }
        : { id: victim.id, ...('roleIds' in rest ? { roleIds: [roleId] } : {}) };
    const before = await victim.state();
    const answer = await stage.ask(query, { as, variables: { input } });
    expect([codesOf(answer), answer.data ?? null]).toEqual([['FORBIDDEN_ARGUMENT'], null]);
    expect(await victim.state()).toBe(before);
  });

  test('B15 a blacklisted attribute is not written by anybody', async () => {
    await stage.blacklist(['phone_number', 'user_metadata.plan']);
    const before = await victim.state();
    for (const as of [stage.support, stage.administrator]) {
      const answers = [
        await victim.write(update, { id: victim.id, phoneNumber: '+15558888888' }, as),
        await victim.write(patch, { userId: victim.id, patch: { plan: 'x' } }, as),
        await victim.write(setPath, { userId: victim.id, store: 'USER', path: 'plan.deep', value: 'x' }, as),
      ];
      for (const answer of answers) {
        expect(answer.data ?? null).toBeNull();
        expect(['ATTRIBUTE_BLACKLISTED', 'FORBIDDEN_ARGUMENT']).toContain(codesOf(answer)[0]);
      }
    }
    expect(await victim.state()).toBe(before);
  });

  test('B17 of several mutations none runs when one of them is denied, wherever it stands', async () => {
    await victim.deny('email');
    const before = await victim.state();
    const nick = `updateUser(input: { id: "${victim.id}", nickname: "after" }) { user { id } }`;
    const denials = [
      [`deleteUser(input: { id: "${victim.id}" }) { deletedId }`, 'FORBIDDEN'],
      [
        `updateUser(input: { id: "${victim.id}", email: "x@y.example" }) { user { id } }`,
        'FORBIDDEN_ARGUMENT',
      ],
      [`revokeUserSessions(input: { userId: "${victim.id}" }) { revokedCount }`, 'FORBIDDEN'],
    ] as const;
    for (const [denied, code] of denials) {
      for (const document of [
        `mutation { a: ${nick} b: ${denied} }`,
        `mutation { b: ${denied} a: ${nick} }`,
        `mutation { a: ${nick} ...f c: ${nick} } fragment f on Mutation { b: ${denied} }`,
        `mutation ($x: Boolean = true) { a: ${nick} ... on Mutation @include(if: $x) { b: ${denied} } }`,
      ]) {
        const answer = await stage.ask(document, { as: stage.support });
        expect([document, codesOf(answer), answer.statements]).toEqual([document, [code], 0]);
        expect(answer.errors[0]).toMatchObject({ path: ['b'] });
      }
    }
    expect(await victim.state()).toBe(before);
  });

  test('B13 a taken value that the caller may not read is refused in the same words, whichever it is', async () => {
    await stage.rule({ paths: ['email', 'phone_number', 'username'] });
    const create = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }';
    const taken = await Promise.all(
      [
        { email: 'OTHER@example.com', username: `free${victim.serial}` },
        { phoneNumber: '+15550000002', email: `free${victim.serial}@example.com` },
        { username: 'Other', email: `free${victim.serial}@example.com` },
      ].map((input) => victim.write(create, input)),
    );
    expect(new Set(taken.map(({ text }) => text)).size).toBe(1);
    expect(taken.map(codesOf)).toEqual([['CONFLICT'], ['CONFLICT'], ['CONFLICT']]);
    expect(taken[0]?.text).not.toMatch(/email|phone|username|other/i);
    const changed = await victim.write(update, { id: victim.id, email: 'other@example.com' });
    const renamed = await victim.write(update, { id: victim.id, phoneNumber: '+15550000002' });
    expect([changed.text, codesOf(changed)]).toEqual([renamed.text, ['CONFLICT']]);
    expect((await victim.write(create, { email: 'other@example.com' }, stage.sales)).text).toContain('email');
  });

  test('B13 sending a hidden value again is answered like sending any other', async () => {
    const owned = columnSecret(stage.product.app.storage, 'samlp|corp|c3', 'email', {
      email: 'guess@corp.example',
    });
    await stage.rule({ paths: ['email'] });
    for (const email of ['guess@corp.example', 'GUESS@corp.example', 'wrong@corp.example', null]) {
      const answer = await stage.indistinguishable(owned, () =>
        victim.write(update, { id: 'samlp|corp|c3', email }),
      );
      expect(codesOf(answer)).toEqual(['OPERATION_NOT_SUPPORTED']);
    }
    await stage.distinguishable(owned, () =>
      victim.write(update, { id: 'samlp|corp|c3', email: 'guess@corp.example' }, stage.sales),
    );
  });

  test('B13 a refused value tells nothing of the stored one', async () => {
    const phone = columnSecret(stage.product.app.storage, target, 'phone_number', {
      phoneNumber: '+15551234567',
    });
    await stage.rule({ paths: ['phone_number', 'user_metadata.plan'] });
    for (const phoneNumber of ['none', '+', '+155512345678901234567', '']) {
      await stage.indistinguishable(phone, () => victim.write(update, { id: target, phoneNumber }));
    }
    await stage.indistinguishable(phone, () =>
      victim.write(update, { id: target, nickname: 'x', ifVersion: -1 }),
    );
  });
});
