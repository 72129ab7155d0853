import { MailService } from '#src/features/mail/mail.service';
import { sql } from '#src/storage/sql';
import type { DelegationStage } from '#test/features/delegation/stage';
import type { Json } from '#test/features/groups/support';

interface Sent {
  readonly to: string;
  readonly template: { readonly name: string };
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The operations on users that send something, or take something away, and the records of all of them. */
export function operationCases(scene: () => DelegationStage): void {
  const execute = (statement: string): Promise<unknown> =>
    scene()
      .stage.product.app.storage.open()
      .transaction((store) => store.execute(sql.raw(statement) as never));
  const errorsOf = async (name: string, input: object, level = 'User'): Promise<Json> =>
    (await scene().stage.refusal(name, input, scene().tokens[level]))[0]?.extensions;
  const records = async (action: string): Promise<Json[]> =>
    (
      await scene().stage.ok(
        `{ auditEvents(action: "${action}", first: 5) { nodes { actorId result targetId details } } }`,
      )
    ).auditEvents.nodes;
  const connection = async (name: string, options: object): Promise<void> => {
    await scene().stage.connection(name, 'auth0');
    await execute(`UPDATE connections SET options = '${JSON.stringify(options)}' WHERE name = '${name}'`);
  };

  test('4.5-11 a reset goes to the user alone, by the username where people sign in by one', async () => {
    const dae = scene();
    const { product } = dae.stage;
    const sent: Sent[] = [];
    const original = Reflect.get<typeof MailService.prototype, 'send'>(MailService.prototype, 'send');
    const spy = jest.spyOn(MailService.prototype, 'send').mockImplementation(function send(
      this: MailService,
      ...given
    ) {
      sent.push(given[2] as never);
      return original.apply(this, given);
    });
    await connection('usernames', { requires_username: true });
    const inner = { appMetadata: { department: 'finance' } };
    const named = await product.givenUser({
      ...{ ...inner, connection: 'usernames', username: 'jane', email: 'shared@dae.example' },
    });
    const mailless = await product.givenUser({ ...inner, connection: 'usernames', username: 'no-mail' });
    const plain = await dae.person('plain', 'finance');
    const selection = 'user { id }';
    const token = dae.tokens['User'];
    await dae.stage.change('daeResetPassword', { id: named }, selection, token);
    await dae.stage.change('daeResetPassword', { id: plain }, selection, token);
    const answer = await dae.stage.change('daeSendVerification', { id: plain }, selection, token);
    expect(JSON.stringify(answer)).not.toContain('http');
    await product.app.jobs.runUntilIdle();
    expect(
      sent.map(({ to, template, variables }) => [template.name, to, variables['account'] ?? null]),
    ).toEqual([
      ['reset-password', 'shared@dae.example', 'jane'],
      ['reset-password', 'plain@dae.example', null],
      ['verify-email', 'plain@dae.example', null],
    ]);
    expect(await errorsOf('daeResetPassword', { id: mailless })).toMatchObject({
      code: 'VALIDATION_FAILED',
      reason: 'NO_ADDRESS',
    });
    await dae.stage.change('updateUser', { id: plain, emailVerified: true }, selection);
    expect(await errorsOf('daeSendVerification', { id: plain })).toMatchObject({ reason: 'VERIFIED' });
    await dae.stage.change('daeBlockUser', { id: plain }, selection, token);
    expect(await errorsOf('daeResetPassword', { id: plain })).toMatchObject({ reason: 'BLOCKED' });
    expect(await errorsOf('daeResetPassword', { id: dae.sales[0] })).toMatchObject({ code: 'NOT_FOUND' });
    spy.mockRestore();
    for (const id of [named, mailless, plain]) await dae.stage.change('deleteUser', { id }, 'deletedId');
  });

  test('4.5-11 removing one type of factors leaves the others, and ended blocks let the user try again', async () => {
    const dae = scene();
    const token = dae.tokens['User'];
    const id = await dae.person('factors', 'finance');
    for (const [at, type] of ['TOTP', 'EMAIL', 'PASSKEY'].entries())
      await execute(
        `INSERT INTO authentication_methods (id, user_id, type, is_confirmed, created_at, confirmed_at)
          VALUES ('aum_dae${at}', '${id}', '${type}', TRUE, 1, 1)`,
      );
    const remove = (more: object): Promise<Json> =>
      dae.stage.change('daeRemoveMfa', { id, ...more }, 'removedCount user { multifactor }', token);
    expect(await remove({ type: 'TOTP' })).toEqual({
      removedCount: 1,
      user: { multifactor: expect.arrayContaining(['email', 'webauthn']) },
    });
    expect(await remove({ type: 'TOTP' })).toMatchObject({ removedCount: 0 });
    expect(await remove({})).toEqual({ removedCount: 2, user: { multifactor: [] } });
    const guess = 'mutation ($i: SignInInput!) { signIn(input: $i) { __typename } }';
    for (let at = 0; at < 11; at += 1)
      await dae.stage.product.ask(guess, {
        variables: { i: { identifier: 'factors@dae.example', password: 'a wrong password' } },
      });
    const { clearedCount } = await dae.stage.change('daeClearBlocks', { id }, 'clearedCount', token);
    expect(clearedCount).toBeGreaterThan(0);
    expect(await records('dae.clear_blocks')).toMatchObject([{ result: 'OK', targetId: id }]);
    await dae.stage.change('deleteUser', { id }, 'deletedId');
  });

  test('every look and every attempt leaves a record, of callers without a level too', async () => {
    const dae = scene();
    const nobody = await dae.person('nobody', 'finance');
    const token = await dae.stage.product.user(nobody);
    const [target = ''] = dae.finance;
    const attempts: readonly [string, string][] = [
      ['dae.search_users', '{ daeUsers { totalCount } }'],
      ['dae.read_settings', '{ daeSettings { canCreateUser } }'],
      ['dae.read_logs', '{ daeLogs { nodes { id } } }'],
      ['dae.read_user', `{ daeUser(id: "${target}") { id } }`],
      ['dae.read_hooks', '{ daeHookVersions(name: FILTER) { version } }'],
      ['dae.block_user', `mutation { daeBlockUser(input: { id: "${target}" }) { user { id } } }`],
      ['dae.create_user', 'mutation { daeCreateUser(input: { email: "a@dae.example" }) { user { id } } }'],
      ['dae.remove_mfa', `mutation { daeRemoveMfa(input: { id: "${target}" }) { removedCount } }`],
      [
        'dae.save_hook',
        'mutation { saveDaeHook(input: { name: SETTINGS, definition: {} }) { hook { version } } }',
      ],
    ];
    for (const [action, query] of attempts) {
      const { errors } = await dae.stage.ask(query, { token });
      expect([action, errors[0]?.extensions]).toMatchObject([action, { code: 'FORBIDDEN', reason: 'LEVEL' }]);
      expect((await records(action))[0]).toMatchObject({
        ...{ actorId: nobody, result: 'DENIED' },
        details: { level: null, reason: 'LEVEL' },
      });
    }
    for (const [action, query] of attempts.slice(0, 4)) {
      await dae.stage.ok(query, dae.as('Operator'));
      expect((await records(action))[0]).toMatchObject({
        ...{ actorId: dae.actors['Operator'], result: 'OK' },
        details: { level: 'OPERATOR', hookVersions: expect.any(Array) },
      });
    }
    const seen = await dae.stage.ok(
      '{ daeLogs(first: 50) { nodes { action actorId } } }',
      dae.as('Operator'),
    );
    expect(seen.daeLogs.nodes).toContainEqual({
      action: 'dae.search_users',
      actorId: dae.actors['Operator'],
    });
    // Whom the filter hides is not there, and the attempt is known.
    expect(
      (await dae.stage.ok(`{ daeUser(id: "${dae.sales[0]}") { id } }`, dae.as('User'))).daeUser,
    ).toBeNull();
    expect((await records('dae.read_user'))[0]).toMatchObject({
      ...{ result: 'DENIED', targetId: dae.sales[0], details: { reason: 'NOT_FOUND' } },
    });
    await dae.stage.change('deleteUser', { id: nobody }, 'deletedId');
  });

  test('B13 inside an organization users are made as its members, and taken addresses are told twenty times', async () => {
    const dae = scene();
    const { stage } = dae;
    const boss = await dae.person('org-boss', 'finance');
    const organizationId = await stage.organization('makers', [boss]);
    const { roles } = await stage.ok('{ roles(name: "Delegated Admin - User") { nodes { id } } }');
    await stage.change(
      'addMemberRoles',
      { organizationId, userId: boss, roleIds: [roles.nodes[0].id] },
      'membership { joinedAt }',
    );
    const token = await stage.product.user(boss, organizationId);
    await dae.hook('WRITE', {
      steps: [{ step: 'set', path: 'app_metadata.department', value: '$actor.app_metadata.department' }],
    });
    const make = { email: 'made-inside@dae.example', password: 'a long enough password' };
    const { user } = await stage.change('daeCreateUser', make, 'user { id }', token);
    const made = await stage.ok(
      `{ user(id: "${user.id}") { organizations { nodes { organization { id } } } metadata { app } } }`,
    );
    expect(made.user).toEqual({
      organizations: { nodes: [{ organization: { id: organizationId } }] },
      metadata: { app: { department: 'finance' } },
    });
    expect(
      (await stage.refusal('createUser', { email: 'no@dae.example' }, token))[0]?.extensions.code,
    ).toMatch(/^FORBIDDEN/);
    // Of two organizations: neither of them takes the account over.
    await stage.change('daeBlockUser', { id: user.id }, 'user { id }', token);
    await stage.organization('also-there', [user.id]);
    for (const [name, more] of [
      ['daeChangePassword', { password: 'a long enough password' }],
      ['daeRemoveMfa', {}],
      ['daeDeleteUser', {}],
    ] as const)
      expect((await stage.refusal(name, { id: user.id, ...more }, token))[0]?.extensions).toMatchObject({
        code: 'FORBIDDEN',
        reason: 'SHARED_USER',
      });
    await stage.change('daeClearBlocks', { id: user.id }, 'clearedCount', token);
    const codes: string[] = [];
    for (let at = 0; at < 22; at += 1) {
      const [error] = await stage.refusal('daeCreateUser', { email: 's0@dae.example' }, token);
      codes.push(error?.extensions.code ?? 'none');
      expect(error?.message).not.toContain('email');
    }
    expect(codes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'CONFLICT'));
    expect(codes[21]).toBe('TOO_MANY_ATTEMPTS');
    await dae.hook('WRITE', { steps: [] });
    for (const id of [user.id, boss]) await stage.change('deleteUser', { id }, 'deletedId');
  });

  test('a list by the beginning of one attribute, in an order, never leaves the filter', async () => {
    const dae = scene();
    const list = async (args: string): Promise<Json> => {
      const { data, errors } = await dae.stage.ask(
        `{ daeUsers(${args}) { nodes { email } } }`,
        dae.as('User'),
      );
      return errors[0]?.extensions ?? (data as Json).daeUsers.nodes.map((node: Json) => node.email);
    };
    const sort = 'sort: [{ field: EMAIL, direction: DESC }]';
    expect(await list(`filterBy: "email", search: "f", ${sort}`)).toEqual([
      'f1@dae.example',
      'f0@dae.example',
    ]);
    expect(await list('filterBy: "email", search: "s"')).toEqual([]);
    expect(await list(`filterBy: "app_metadata.department", search: "fin", ${sort}, first: 1`)).toEqual([
      'user@dae.example',
    ]);
    expect(await list('filterBy: "app_metadata.department", search: "sales"')).toEqual([]);
    expect(await list('filterBy: "email", search: "x) OR (y"')).toEqual([]);
    expect(await list('filterBy: "email", search: "f OR user_id:*"')).toEqual([]);
    expect(await list('filterBy: "blocked", search: "false"')).toMatchObject({
      ...{ code: 'VALIDATION_FAILED', field: 'filterBy' },
    });
    expect(await list('filterBy: "password", search: "a"')).toMatchObject({ code: 'VALIDATION_FAILED' });
  });
}
