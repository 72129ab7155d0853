import {
  codesOf,
  importUsers,
  type ImportClient,
  type Imported,
} from '#test/features/transfers/import-client';

/** Who may import what and read which report: section 1.11, cases 11 and 14. */
export function rightCases(client: () => ImportClient, logged: readonly string[]): void {
  it('5.4: roles that do not exist are made when asked for, by who may make and give any', async () => {
    const rows = (n: number) => [{ email: `cm${n}@example.com`, roles: [`Made ${n}`, `made ${n}`] }];
    const left = await client().run(rows(1));
    expect(left.userImport.warnings.nodes).toMatchObject([
      { warnings: [{ path: 'roles[0]' }, { path: 'roles[1]' }] },
    ]);
    const dry = await client().run(rows(2), { createMissing: true, dryRun: true });
    const made = await client().run(rows(2), { createMissing: true });
    expect(made.userImport).toEqual(dry.userImport);
    expect(made.userImport.warnings.nodes).toEqual([]);
    expect(await client().userBy('cm2@example.com')).toMatchObject({ roles: [{ name: 'Made 2' }] });
    const rights = ['create:users', 'create:role_members', 'grant:any'];
    const ask = async (as: string) =>
      client().test.ask(importUsers, {
        token: as,
        variables: { input: { rows: rows(3), createMissing: true } },
      });
    const refused = await ask(await client().test.machine(rights));
    expect(refused.errors[0]?.extensions.code).toBe('FORBIDDEN');
    await ask(await client().test.machine(['create:users', 'create:roles']));
    expect(await client().userBy('cm3@example.com')).toBeNull();
    const found = await client().test.ask('{ roles(first: 100) { nodes { name } } }', {
      token: client().token,
    });
    const names = (found.data?.['roles'] as { nodes: { name: string }[] }).nodes.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('Made'))).toEqual(['Made 2']);
  });

  it('answers the same job for the same idempotency key', async () => {
    const first = await client().run([{ email: 'i1@example.com' }], { idempotencyKey: 'monday' });
    const second = await client().run([{ email: 'i1@example.com' }], { idempotencyKey: 'monday' });
    expect(second).toEqual(first);
    const role = await client().test.givenRole('Importer', ['create:users']);
    const other = await client().test.user(
      await client().test.givenUser({ email: 'i3@example.com', roleIds: [role] }),
    );
    const answer = await client().test.ask(importUsers, {
      token: other,
      variables: { input: { rows: [{ email: 'i2@example.com' }], idempotencyKey: 'monday' } },
    });
    expect((answer.data?.['importUsers'] as { job: Imported }).job.id).not.toBe(first.id);
  });

  it('1.11.11: a report holds no secret, and rights of its reader rule the rest', async () => {
    const job = await client().run([
      {
        email: 'j1@example.com',
        given_name: 5,
        custom_password_hash: {
          algorithm: 'md5',
          hash: { value: 'SECRETHASH' },
          salt: { value: 'SECRETSALT' },
        },
        password: 'SECRETPLAIN',
        passwords: [{ was: 'SECRETNESTED' }, ['SECRETLISTED']],
        mfa_factors: [{ totp: 'SECRETSEED' }],
      },
    ]);
    expect(JSON.stringify(job)).not.toContain('SECRET');
    const events = await fetch(`${client().test.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', accept: 'text/event-stream' },
        authorization: `Bearer ${client().token}`,
      },
      body: JSON.stringify({
        query: `subscription { jobProgress(id: "${job.id}") { status userImport { errors { nodes { user errors { message } } } } } }`,
      }),
    });
    const told = await events.text();
    expect(told).toContain('j1@example.com');
    expect([told, ...logged].join()).not.toContain('SECRET');
    expect(logged.length).toBeGreaterThan(0);
    expect(job.userImport.errors.nodes[0]?.user).toMatchObject({ email: 'j1@example.com' });
    const role = await client().test.givenRole('Job reader', ['read:jobs']);
    const reader = await client().test.user(
      await client().test.givenUser({ email: 'j2@example.com', roleIds: [role] }),
    );
    const seen = await client().jobOf(job.id, reader);
    expect(seen.userImport.errors.nodes[0]?.user).toEqual({});
  });

  it('1.11.14: an unknown job does not exist, and another caller’s neither', async () => {
    expect(await client().jobOf('job_0000000000000000')).toBeNull();
    const { id } = await client().run([{ email: 'l1@example.com' }]);
    const user = await client().test.givenUser({ email: 'l2@example.com' });
    expect(await client().jobOf(id, await client().test.user(user))).toBeNull();
    const stranger = await client().test.ask(
      'mutation ($id: ID!) { retryFailedRows(input: { id: $id }) { job { id } } }',
      {
        token: await client().test.user(user),
        variables: { id },
      },
    );
    expect(stranger.errors[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('tries failed rows again in a new job, as long as their content is kept', async () => {
    const job = await client().run([
      { email: 'm1@example.com', username: 'taken' },
      { email: 'm2@example.com', username: 'taken' },
    ]);
    expect(codesOf(job)).toEqual([[1, 'DUPLICATED_USER username']]);
    const retry = () =>
      client().test.ask(
        'mutation ($id: ID!) { retryFailedRows(input: { id: $id }) { job { id status userImport { summary { total failed } } } } }',
        {
          token: client().token,
          variables: { id: job.id },
        },
      );
    expect((await retry()).data).toMatchObject({
      retryFailedRows: { job: { status: 'COMPLETED', userImport: { summary: { total: 1, failed: 1 } } } },
    });
    const good = await client().run([{ email: 'm3@example.com' }]);
    const none = await client().test.ask(
      'mutation ($id: ID!) { retryFailedRows(input: { id: $id }) { job { id } } }',
      {
        token: client().token,
        variables: { id: good.id },
      },
    );
    expect(none.errors[0]?.extensions.code).toBe('NOTHING_TO_RETRY');
  });

  it('IMP-08: columns that the caller may not write are refused row by row', async () => {
    const plain = await client().test.machine(['create:users', 'read:users']);
    const answer = await client().test.ask(importUsers, {
      token: plain,
      variables: {
        input: {
          rows: [
            { email: 'n1@example.com' },
            { email: 'n2@example.com', roles: ['Administrator'] },
            { email: 'n3@example.com', app_metadata: { plan: 'pro' } },
            { email: 'n4@example.com', organizations: [{ name: 'acme' }] },
            { email: 'n5@example.com', identities: [{ provider: 'github', user_id: '1' }] },
          ],
        },
      },
    });
    const { job } = answer.data?.['importUsers'] as { job: Imported };
    expect(codesOf(job)).toEqual([
      [1, 'FIELD_NOT_ALLOWED roles'],
      [2, 'FIELD_NOT_ALLOWED app_metadata'],
      [3, 'FIELD_NOT_ALLOWED organizations'],
      [4, 'FIELD_NOT_ALLOWED identities'],
    ]);
    const upsert = await client().test.ask(importUsers, {
      token: plain,
      variables: { input: { rows: [], upsert: true } },
    });
    expect(upsert.errors[0]?.extensions.code).toBe('FORBIDDEN');
    expect(await client().upload('[]', { as: await client().test.machine(['read:users']) })).toMatchObject({
      status: 403,
    });
  });

  it('access 6.5: what rules forbid the caller to write is refused row by row, of new users and of those who are there', async () => {
    const administrator = client().token;
    const change = async (mutation: string, input: object): Promise<string> => {
      const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
      const selection = mutation === 'saveAttributeRule' ? 'attributeRule { id }' : '__typename';
      const { data, errors } = await client().test.ask(
        `mutation ($i: ${type}!) { ${mutation}(input: $i) { ${selection} } }`,
        { token: administrator, variables: { i: input } },
      );
      expect(errors).toEqual([]);
      return /atr_\w+/.exec(JSON.stringify(data))?.[0] ?? '';
    };
    const rule = { effect: 'DENY', actions: ['WRITE'], subject: { rolesAny: ['Clerk'] } };
    const saved = [
      await change('saveAttributeRule', {
        ...{ ...rule, name: 'everybody' },
        paths: ['phone_number', 'user_metadata.plan', 'organizations.roles', 'roles', 'last_ip'],
      }),
      await change('saveAttributeRule', {
        ...{ ...rule, name: 'some' },
        ...{ paths: ['nickname'], object: { connections: ['elsewhere'] } },
      }),
      await change('saveAttributeRule', {
        ...{ ...rule, name: 'others alone', effect: 'ALLOW', subject: { rolesAny: ['Chief'] } },
        paths: ['given_name'],
      }),
    ];
    const stored = { email: 'rule-there@example.com', nickname: 'there', phone_number: '+12025550199' };
    await client().run([stored]);
    const rows = [
      { email: 'rule0@example.com', phone_number: '+12025550100' },
      { email: 'rule1@example.com', user_metadata: { theme: 'dark', plan: 'gold' } },
      { email: 'rule2@example.com', user_metadata: { theme: 'dark' }, nickname: 'free' },
      { email: 'rule3@example.com', given_name: 'Ada' },
      { email: 'rule4@example.com', roles: ['Administrator'] },
      { email: 'rule5@example.com', organizations: [{ name: 'none' }] },
      { email: 'rule6@example.com', last_ip: '192.0.2.1' },
      { email: 'rule7@example.com', nickname: 'x', identities: [{ provider: 'elsewhere', user_id: '7' }] },
      { email: stored.email, nickname: 'changed', phone_number: '+12025550198' },
    ];
    const rights = [
      ...['create:users', 'update:users', 'read:users', 'create:role_members', 'grant:any'],
      ...['create:organization_members', 'create:organization_member_roles'],
    ];
    const { data, errors } = await client().test.ask(importUsers, {
      token: await client().test.machine(rights, ['Clerk']),
      variables: { input: { rows, upsert: true } },
    });
    expect(errors).toEqual([]);
    const refused = (index: number, path: string): unknown => [index, `FIELD_NOT_ALLOWED ${path}`];
    expect(codesOf((data?.['importUsers'] as { job: Imported }).job)).toEqual([
      refused(0, 'phone_number'),
      refused(1, 'user_metadata.plan'),
      refused(3, 'given_name'),
      refused(4, 'roles'),
      refused(5, 'organizations'),
      refused(6, 'last_ip'),
      refused(7, 'nickname'),
      refused(8, 'phone_number'),
    ]);
    expect(await client().userBy('rule1@example.com')).toBeNull();
    expect(await client().userBy('rule2@example.com')).toMatchObject({
      metadata: { user: { theme: 'dark' } },
    });
    expect(await client().userBy(stored.email)).toMatchObject({ phoneNumber: stored.phone_number });
    for (const id of saved) await change('deleteAttributeRule', { id });
  });

  it('leaves blacklisted attributes out and says so', async () => {
    const list = (mutation: string) =>
      client().test.ask(
        `mutation { ${mutation}(input: { scope: TENANT, names: ["user_metadata.ssn", "nickname"] }) { blacklist { __typename } } }`,
        { token: client().token },
      );
    expect((await list('addBlacklistedAttributes')).errors).toEqual([]);
    const job = await client().run([
      { email: 'o1@example.com', nickname: 'oh', user_metadata: { ssn: '123', a: 1 } },
    ]);
    expect(job.userImport.warnings.nodes).toEqual([
      {
        index: 0,
        warnings: [
          { code: 'ATTRIBUTE_BLACKLISTED', path: 'nickname' },
          { code: 'ATTRIBUTE_BLACKLISTED', path: 'user_metadata.ssn' },
        ],
      },
    ]);
    expect(await client().userBy('o1@example.com')).toMatchObject({ metadata: { user: { a: 1 } } });
    expect((await list('removeBlacklistedAttributes')).errors).toEqual([]);
  });
}
