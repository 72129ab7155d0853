import type { ImportClient, Imported } from '#test/features/transfers/import-client';
import { systemClock } from '#src/shared/clock';
import { sql } from '#src/storage/sql';

const ask = `mutation ($input: CreateUploadSlotInput!) { createUploadSlot(input: $input) { slot { id url expiresAt maxBytes } } }`;

interface Slot {
  readonly id: string;
  readonly url: string;
  readonly expiresAt: string;
  readonly maxBytes: number;
}

/** Files that are sent to a signed address: section 1.10. */
export function uploadCases(client: () => ImportClient): void {
  const asked = (input: Record<string, unknown>, token = client().token) =>
    client().test.ask(ask, { token, variables: { input } });

  const slotOf = async (input: Record<string, unknown>, token = client().token): Promise<Slot> => {
    const answer = await asked(input, token);
    expect(answer.errors).toEqual([]);
    return (answer.data?.['createUploadSlot'] as { slot: Slot }).slot;
  };

  /** To the app of the test, without any token. */
  const send = async (url: string, body: string, method = 'PUT') => {
    const { pathname, search } = new URL(url);
    const response = await fetch(`${client().test.url}${pathname}${search}`, {
      method,
      body,
      headers: { 'content-type': 'text/csv' },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const refusal = ({ status, body }: Awaited<ReturnType<typeof send>>): unknown[] => [
    status,
    (body['errors'] as { extensions: { code: string } }[] | undefined)?.[0]?.extensions.code,
  ];
  const dead = [404, 'UPLOAD_SLOT_INVALID'];

  it('1.10: a file goes to a signed address without a token, once, with the options of who asked', async () => {
    const slot = await slotOf({
      ...{ format: 'CSV', csvDelimiter: ';', mapping: { mail: 'email', first: 'given_name' } },
      externalId: 'slot-1',
    });
    const answer = await send(slot.url, 'mail;first\nup1@slot.example;Una\n');
    expect(answer).toMatchObject({ status: 202, body: { external_id: 'slot-1', connection: 'main' } });
    await client().test.app.jobs.runUntilIdle();
    expect(await client().jobOf(answer.body['id'])).toMatchObject({
      status: 'COMPLETED',
      userImport: { format: 'CSV', summary: { inserted: 1 } },
    });
    expect(await client().userBy('up1@slot.example')).toMatchObject({ givenName: 'Una' });
    expect(refusal(await send(slot.url, 'mail;first\nup2@slot.example;Duo\n'))).toEqual(dead);
    expect(await client().userBy('up2@slot.example')).toBeNull();
  });

  it('1.10: of two files that are sent at once one is taken; POST will do as well', async () => {
    const slot = await slotOf({});
    const answers = await Promise.all(
      [1, 2, 3].map((n) => send(slot.url, `[{"email":"at${n}@slot.example"}]`, 'POST')),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 404, 404]);
    await client().test.app.jobs.runUntilIdle();
  });

  it('1.10: an address that was changed, or whose time is over, takes nothing', async () => {
    const [one, other] = [await slotOf({}), await slotOf({})];
    const file = '[{"email":"never@slot.example"}]';
    const swapped = one.url.replace(one.id, other.id);
    const later = one.url.replace(/expires=\d+/, `expires=${systemClock.now() + 86_400_000}`);
    for (const url of [swapped, later, one.url.replace(/.$/, ''), one.url.split('&')[0] as string])
      expect(refusal(await send(url, file))).toEqual(dead);
    const lifetime = Date.parse(one.expiresAt) - systemClock.now();
    expect(lifetime).toBeGreaterThan(500_000);
    expect(lifetime).toBeLessThanOrEqual(600_000);
  });

  it('1.10: a file over the limit of the slot is refused, and a smaller one may follow', async () => {
    const file = '[{"email":"fits@slot.example"}]';
    const slot = await slotOf({ maxBytes: file.length });
    expect(slot.maxBytes).toBe(file.length);
    expect(refusal(await send(slot.url, `${file} `))).toEqual([400, 'IMPORT_FILE_TOO_LARGE']);
    expect(await send(slot.url, file)).toMatchObject({ status: 202 });
    await client().test.app.jobs.runUntilIdle();
    for (const maxBytes of [0, 104_857_601])
      expect((await asked({ maxBytes })).errors[0]?.extensions).toMatchObject({
        code: 'VALIDATION_FAILED',
        field: 'maxBytes',
        limit: 104_857_600,
      });
    expect(await slotOf({ maxBytes: 104_857_600 })).toMatchObject({ maxBytes: 104_857_600 });
  });

  it('1.10: what may be imported is what the maker may, when they ask and when the file comes', async () => {
    const machine = await client().test.machine(['create:users']);
    const code = async (input: Record<string, unknown>, token: string) =>
      (await asked(input, token)).errors[0]?.extensions.code;
    expect(await code({}, await client().test.machine(['read:users']))).toBe('FORBIDDEN');
    expect(await code({ upsert: true }, machine)).toBe('FORBIDDEN');
    expect(await code({ connection: 'nowhere' }, machine)).toBeDefined();
    const limited = await slotOf({}, machine);
    const { body } = await send(limited.url, '[{"email":"lim@slot.example","app_metadata":{"a":1}}]');
    await client().test.app.jobs.runUntilIdle();
    const job: Imported = await client().jobOf(body['id']);
    expect(job.userImport.errors.nodes[0]?.errors).toEqual([
      { code: 'FIELD_NOT_ALLOWED', path: 'app_metadata' },
    ]);

    const role = await client().test.givenRole('Slot maker', ['create:users']);
    const makers = ['losing', 'blocked'].map((name) => `${name}@slot.example`);
    const ids = await Promise.all(makers.map((email) => client().test.givenUser({ email, roleIds: [role] })));
    const slots = await Promise.all(ids.map(async (id) => slotOf({}, await client().test.user(id))));
    const change = async (mutation: string) =>
      expect((await client().test.ask(`mutation { ${mutation} }`, { token: client().token })).errors).toEqual(
        [],
      );
    await change(`removeUserRoles(input: { id: "${ids[0]}", roleIds: ["${role}"] }) { __typename }`);
    await change(`blockUser(input: { id: "${ids[1]}" }) { __typename }`);
    const file = '[{"email":"too.late@slot.example"}]';
    expect(refusal(await send((slots[0] as Slot).url, file))).toEqual([403, 'FORBIDDEN']);
    expect(refusal(await send((slots[1] as Slot).url, file))).toEqual(dead);
  });

  it('1.10: the slot of an application ends when it is disabled, and keeps no permission that it lost since', async () => {
    const manage = async (query: string, input: object): Promise<Record<string, unknown>> => {
      const answer = await client().test.ask(query, { token: client().token, variables: { input } });
      expect(answer.errors).toEqual([]);
      return answer.data as Record<string, unknown>;
    };
    const rights = await client()
      .test.app.storage.open()
      .query<{ id: string }>(sql`SELECT id AS "id" FROM permissions WHERE name = 'create:users'`, {
        id: 'text',
      });
    const permissionIds = rights.map(({ id }) => id);
    const robot = async (name: string): Promise<{ id: string; slot: Slot }> => {
      const made = (
        await manage(
          'mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { id } clientSecret } }',
          { name, type: 'MACHINE' },
        )
      )['createApplication'] as { application: { id: string }; clientSecret: string };
      const clientId = made.application.id;
      await manage(
        'mutation ($input: AddApplicationPermissionsInput!) { addApplicationPermissions(input: $input) { __typename } }',
        { id: clientId, permissionIds },
      );
      const { exchangeClientCredentials: exchanged } = await manage(
        'mutation ($input: ExchangeClientCredentialsInput!) { exchangeClientCredentials(input: $input) { accessToken } }',
        { clientId, clientSecret: made.clientSecret },
      );
      return { id: clientId, slot: await slotOf({}, (exchanged as { accessToken: string }).accessToken) };
    };
    const [good, disabled, stripped] = [
      await robot('Good'),
      await robot('Disabled'),
      await robot('Stripped'),
    ];
    await manage(
      'mutation ($input: UpdateApplicationInput!) { updateApplication(input: $input) { __typename } }',
      { id: disabled.id, isEnabled: false },
    );
    await manage(
      'mutation ($input: RemoveApplicationPermissionsInput!) { removeApplicationPermissions(input: $input) { __typename } }',
      { id: stripped.id, permissionIds },
    );
    const file = '[{"email":"by.robot@slot.example"}]';
    expect(refusal(await send(disabled.slot.url, file))).toEqual(dead);
    expect(refusal(await send(stripped.slot.url, file))).toEqual([403, 'FORBIDDEN']);
    expect(await send(good.slot.url, file)).toMatchObject({ status: 202 });
    await client().test.app.jobs.runUntilIdle();
    expect(await client().userBy('by.robot@slot.example')).not.toBeNull();
  });

  it('1.10: as many slots as jobs may wait are open for a caller, and not one more', async () => {
    const role = await client().test.givenRole('Slot keeper', ['create:users']);
    const keeper = await client().test.givenUser({ email: 'keeper@slot.example', roleIds: [role] });
    const token = await client().test.user(keeper);
    const answers = [];
    for (let n = 0; n < 21; n += 1) answers.push(await asked({}, token));
    expect(answers.map(({ errors }) => errors[0]?.extensions.code)).toEqual([
      ...Array.from({ length: 20 }, () => undefined),
      'TOO_MANY_TRANSFERS',
    ]);
  });

  it('5: a dry run shows where each field goes, what is dropped, the kinds of hashes and who needs a reset', async () => {
    const okta = (n: number, profile: object, members: object = {}) => ({
      ...{ id: `00u${n}`, status: 'ACTIVE', ...members },
      profile: { login: `map${n}@slot.example`, email: `map${n}@slot.example`, firstName: 'Kim', ...profile },
    });
    const rows = [
      okta(1, { secondEmail: 'other@slot.example', department: 'Sales' }),
      okta(2, { mobilePhone: '+15550100002' }, { status: 'RECOVERY' }),
    ];
    const fields = `job { userImport { passwordKinds { kind users } resetRequired
      fieldMap { rows fields { source target rows } } } }`;
    const run = async (dryRun: boolean) => {
      const answer = await client().test.ask(
        `mutation ($input: ImportUsersInput!) { importUsers(input: $input) { ${fields} } }`,
        { token: client().token, variables: { input: { rows, format: 'OKTA', dryRun } } },
      );
      expect(answer.errors).toEqual([]);
      return (answer.data?.['importUsers'] as { job: { userImport: Record<string, unknown> } }).job
        .userImport;
    };
    const dry = await run(true);
    expect(dry).toMatchObject({ passwordKinds: [{ kind: 'none', users: 2 }], resetRequired: 1 });
    const map = dry['fieldMap'] as {
      rows: number;
      fields: { source: string; target: string | null; rows: number }[];
    };
    expect(map.rows).toBe(2);
    expect(map.fields.map(({ source, target, rows: n }) => `${source} → ${target} ${n}`).sort()).toEqual([
      'id → user_id 2',
      'profile.department → app_metadata.department 1',
      'profile.email → email 2',
      'profile.firstName → given_name 2',
      'profile.firstName → name 2',
      'profile.login → null 2',
      'profile.mobilePhone → phone_number 1',
      'profile.secondEmail → null 1',
      'status → password_reset_required 1',
    ]);
    expect(await run(false)).toMatchObject({ fieldMap: null, resetRequired: 1 });
  });
}
