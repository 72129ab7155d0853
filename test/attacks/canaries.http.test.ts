import { IdentityEntity } from '#src/features/identities/identity.entity';
import { flatten } from '#src/features/metadata/flatten';
import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { insertLeaves } from '#src/features/metadata/metadata.repository';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { sql } from '#src/storage/sql';
import { eachDatabase } from '#test/support/databases';
import { canary, canaryOperations } from '#test/attacks/support/canary-operations';
import { acme, target } from '#test/attacks/support/cast';
import { sessionRow } from '#test/attacks/support/rows';
import { codesOf, Stage } from '#test/attacks/support/stage';

const hidden = [
  ...['email', 'phone_number', 'name', 'given_name', 'family_name', 'nickname', 'picture', 'last_ip'],
  ...['user_metadata.cnry', 'app_metadata.cnry', 'attributes.cnry', 'identities.profile_data.cnry'],
  ...['sessions.device', 'sessions.metadata', 'multifactor'],
];

eachDatabase('canaries', (database) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open(database);
    await stage.product.app.storage.open().transaction(async (store) => {
      const texts = {
        email: `${canary}@hidden.example`,
        emailFolded: 'cnry@hidden.example',
        emailDomain: 'hidden.example',
        phoneNumber: `+1555${canary}`,
        name: `${canary} name`,
        nameFolded: 'cnry name',
        givenName: `${canary}given`,
        familyName: `${canary}family`,
        nickname: `${canary}nick`,
        nicknameFolded: 'cnrynick',
        picture: `https://pictures.example/${canary}`,
        lastIp: `${canary}::66`,
      };
      const json = { cnry: `${canary}-value`, email: `${canary}@copy.example` };
      await store.update(
        UserEntity,
        { id: target },
        { ...texts, attributes: json, multifactor: [`${canary}-factor`] },
      );
      await store.update(IdentityEntity, { userId: target, connection: 'corp' }, { profileData: json });
      const stores = {
        userJson: { cnry: `${canary}-user`, theme: 'dark' },
        appJson: { cnry: `${canary}-app`, level: 1 },
      };
      await store.update(MetadataEntity, { userId: target }, stores);
      await insertLeaves(store, target, 'user', flatten(stores.userJson));
      await insertLeaves(store, target, 'app', flatten(stores.appJson));
      const device = { initialIp: canary, lastIp: canary, initialUserAgent: canary, lastUserAgent: canary };
      const row = sessionRow(target, 'ses_hidden0000000000');
      await store.insert(SessionEntity, { ...row, device, metadata: { cnry: canary } });
    });
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  /** The answer with every text in it that could be encoded, decoded. */
  const revealed = (text: string): string =>
    text +
    (text.match(/[\w+/=-]{16,}/g) ?? [])
      .map((part) => Buffer.from(part, 'base64').toString('latin1'))
      .join('\n');

  const search = async (as: string | undefined): Promise<string[]> => {
    const found: string[] = [];
    for (const { query, variables } of canaryOperations) {
      for (let run = 0; run < 2; run += 1) {
        const answer = await stage.product.ask(query, {
          ...(as === undefined ? {} : { token: as }),
          variables: variables ?? {},
        });
        const { headers, ...rest } = answer;
        const all = JSON.stringify([rest, [...headers]]);
        if (revealed(all).includes(canary)) found.push(query);
      }
    }
    return found;
  };
  const exposed = async (): Promise<string> => {
    const metrics = await (await fetch(`${stage.product.url}/metrics`)).text();
    return metrics + stage.lines.text();
  };

  test('the operations find the values as long as nothing hides them', async () => {
    expect(new Set(await search(stage.sales)).size).toBeGreaterThan(15);
  });

  test('B39 no denied value is in any answer, cursor, header, metric or log line', async () => {
    await stage.rule({ paths: hidden });
    expect(await search(stage.support)).toEqual([]);
    expect(await exposed()).not.toContain(canary);
  });

  test('B39 no masked value is either', async () => {
    for (const mask of ['NULL', 'FIXED', 'HASH'] as const) {
      await stage.rule({ paths: hidden, effect: 'MASK', mask });
      expect(await search(stage.support)).toEqual([]);
      await stage.reset();
    }
  });

  test('B39 what only others are allowed to read is not either', async () => {
    await stage.rule({ paths: hidden, effect: 'ALLOW', subject: { rolesAny: ['Sales'] } });
    expect(await search(stage.support)).toEqual([]);
    expect(new Set(await search(stage.sales)).size).toBeGreaterThan(15);
  });

  test('B39 what is hidden of the users of a connection or organization is not either', async () => {
    await stage.rule({ paths: hidden, object: { connections: ['corp'] } });
    expect(await search(stage.support)).toEqual([]);
    await stage.reset();
    await stage.rule({ paths: hidden, object: { organizations: [acme] } });
    expect(await search(stage.support)).toEqual([]);
  });

  test('B39 callers without a right to the users find nothing, and neither does the user what is denied of oneself', async () => {
    const { token } = await stage.someone(['read:roles', 'read:organizations', 'read:audit_events']);
    expect(await search(token)).toEqual([]);
    expect(await search(undefined)).toEqual([]);
    expect(await search(await stage.product.machine([]))).toEqual([]);
    await stage.rule({ paths: hidden, subject: {}, object: { self: true } });
    expect(await search(await stage.product.user(target))).toEqual([]);
  });

  test('B39 a failure inside tells an id, and nothing of what failed', async () => {
    const { storage } = stage.product.app;
    const open = jest.spyOn(storage, 'open');
    open.mockImplementationOnce(() => {
      const failing = (): Promise<never> =>
        Promise.reject(new Error(`SELECT "email" = '${canary}' FROM "users"`));
      return { statements: 0, read: failing, query: failing, transaction: failing } as never;
    });
    const answer = await stage.ask('query ($id: ID!) { user(id: $id) { email } }', {
      as: stage.support,
      variables: { id: target },
    });
    open.mockRestore();
    expect(codesOf(answer)).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(answer.text).not.toMatch(/CNRY|SELECT|stack|node_modules|\.ts/);
  });

  test('B39 the errors of a list speak of no row out of reach', async () => {
    const { token } = await stage.member(acme);
    await stage.rule({ paths: ['phone_number'], subject: {} });
    const answer = await stage.ask('{ users { totalCount nodes { id phoneNumber } } }', { as: token });
    const { totalCount } = answer.data?.['users'] as { totalCount: number };
    expect(answer.errors).toMatchObject([
      {
        path: ['users', 'nodes', 0, 'phoneNumber'],
        extensions: { coordinate: 'User.phoneNumber', count: totalCount },
      },
    ]);
    expect(answer.text).not.toContain('samlp|corp|c3');
  });

  test('6.9-7 what a blacklist names of a sign-in reaches neither the database nor the log, an answer or a token', async () => {
    const listed = 'k3pt0ut';
    await stage.blacklist(['gender', 'https://acme.example/short'], 'CONNECTION', 'corp');
    const login = await stage.ask(
      `mutation ($claims: JSON!) { recordLogin(input: { connection: "corp", claims: $claims }) {
        user { id name attributes oidcClaims identities { profileData } } strippedClaims } }`,
      {
        as: stage.administrator,
        variables: {
          claims: {
            user_id: 'listed',
            name: 'Kept',
            gender: listed,
            'https://acme.example/short': { deep: [listed] },
          },
        },
      },
    );
    const { user, strippedClaims } = login.data?.['recordLogin'] as {
      readonly user: { readonly id: string; readonly name: string };
      readonly strippedClaims: number;
    };
    expect([user.name, strippedClaims]).toEqual(['Kept', 2]);
    expect(login.text).not.toContain(listed);
    const [, claims = ''] = (await stage.product.user(user.id)).split('.');
    expect(Buffer.from(claims, 'base64url').toString()).not.toContain(listed);
    expect(stage.lines.text()).not.toContain(listed);
    const store = stage.product.app.storage.open();
    for (const [table, ...columns] of [
      ['users', 'attributes', 'attribute_sources'],
      ['identities', 'profile_data'],
      ['audit_events', 'details', 'changed_paths'],
      ['jobs', 'payload'],
      ['user_metadata', 'user_json', 'app_json'],
    ]) {
      for (const column of columns) {
        const text = sql.raw(`CAST("${column}" AS text)`);
        const rows = await store.query<{ id: number }>(
          sql`SELECT 1 AS "id" FROM ${sql.raw(`"${table}"`)} WHERE ${text} LIKE ${`%${listed}%`}`,
          { id: 'integer' },
        );
        expect([table, column, rows.length]).toEqual([table, column, 0]);
      }
    }
  });
});
