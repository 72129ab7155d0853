import type { Policy } from '#src/access/policy';
import type { Principal } from '#src/access/principal';
import { ProfileStepService, type SaveProfileStep } from '#src/features/profile-steps/profile-step.service';
import { startProfileSteps } from '#src/features/profile-steps/profile-steps.feature';
import { startSearch } from '#src/features/search/search.feature';
import { sql } from '#src/storage/sql';
import { eachDatabase } from '#test/support/databases';
import { startCoreGraphql, type CoreGraphql } from '#test/features/users/core-graphql';
import { hiding, rule } from '#test/features/users/core-policies';
import { administrator, asPrincipal, emptyPolicy } from '#test/features/users/core-services';

const stepAdministrator = asPrincipal({ permissions: ['read:profile_steps', 'update:profile_steps'] });
const day = 24 * 60 * 60 * 1000;
eachDatabase('profile steps', (database) => {
  let core: CoreGraphql;
  let steps: ProfileStepService;
  let count = 0;

  beforeAll(async () => {
    core = await startCoreGraphql(await database.open(), (started) => [
      startProfileSteps(started),
      startSearch({ timeoutMs: 2000, perMinute: 0 }),
    ]);
    steps = new ProfileStepService(core);
  });
  afterEach(async () => {
    for (const { key } of await steps.list(core.callAs())) await steps.delete(core.callAs(), key);
  });

  const given = (step: Partial<SaveProfileStep> & { readonly key: string }) =>
    steps.save(core.callAs(stepAdministrator), { attribute: step.key, label: step.key, ...step });

  async function newUser(fields: object = {}): Promise<string> {
    count += 1;
    return (await core.users.create(core.callAs(), { email: `p${count}@x.io`, ...fields })).id;
  }

  async function loggedIn(userId: string, times: number): Promise<void> {
    await core.callAs().store.transaction(async (store) => {
      await store.execute(sql`UPDATE "users" SET "logins_count" = ${times} WHERE "id" = ${userId}`);
    });
  }

  async function asked(
    userId: string,
    as: Principal = asPrincipal({ userId }),
    policy: Policy = emptyPolicy,
  ) {
    const query = `{ user(id: "${userId}") { missingProfileSteps { key } profileComplete } }`;
    const answer = await core.run(query, { as, policy });
    expect(answer.errors).toEqual([]);
    const { user } = answer.data as unknown as {
      user: { missingProfileSteps: { key: string }[]; profileComplete: boolean };
    };
    return { keys: user.missingProfileSteps.map(({ key }) => key), isComplete: user.profileComplete };
  }

  const submit = (
    key: string,
    value: unknown,
    as: Principal,
    policy: Policy = emptyPolicy,
    userId?: string,
  ) => steps.submit(core.callAs(as, policy), { key, ...(userId ? { userId } : {}) }, value);

  it('P15 a required step shows from the third login on, and is gone with its value in user_metadata', async () => {
    await given({ key: 'company', label: 'Company', required: true, askAfterLogins: 3 });
    const userId = await newUser();
    await loggedIn(userId, 2);
    expect(await asked(userId)).toEqual({ keys: [], isComplete: true });
    await loggedIn(userId, 3);
    expect(await asked(userId)).toEqual({ keys: ['company'], isComplete: false });
    const answer = await core.run(
      'mutation { submitProfileStep(input: {key: "company", value: "Acme"}) { user { missingProfileSteps { key } profileComplete metadata { user(path: "company") } } } }',
      { as: asPrincipal({ userId }) },
    );
    expect(answer).toMatchObject({
      errors: [],
      data: {
        submitProfileStep: {
          user: { missingProfileSteps: [], profileComplete: true, metadata: { user: 'Acme' } },
        },
      },
    });
    expect((await core.metadata.read(core.callAs().store, userId)).userJson).toEqual({ company: 'Acme' });
  });

  it('P15 who gave the value and when is kept, and audited without the value', async () => {
    await given({ key: 'company' });
    const userId = await newUser();
    await submit('company', 'secret-company', asPrincipal({ userId }));
    const rows = await core
      .callAs()
      .store.query<{ by: string; at: number }>(
        sql`SELECT "submitted_by" AS "by", "submitted_at" AS "at" FROM "profile_step_answers" WHERE "user_id" = ${userId}`,
        { by: 'text', at: 'instant' },
      );
    expect(rows).toEqual([{ by: userId, at: core.time.now }]);
    const { rows: events } = await core.audit.list(core.callAs(), { targetId: userId }, {});
    expect(events.map(({ action }) => action)).toContain('profile_step.submit');
    expect(JSON.stringify(events)).not.toContain('secret-company');
  });

  it('nobody is asked for what root, a provider or metadata knows', async () => {
    await given({ key: 'given_name', position: 1 });
    await given({ key: 'locale', position: 2 });
    await given({ key: 'company', position: 3 });
    await given({ key: 'city', attribute: 'user_metadata.address.city', position: 4 });
    const none = await newUser();
    expect((await asked(none)).keys).toEqual(['given_name', 'locale', 'company']);
    const known = await newUser({
      givenName: 'Jane',
      userMetadata: { company: 'Acme', address: { city: 'Rome' } },
    });
    await core.callAs().store.transaction(async (store) => {
      await store.execute(
        sql`UPDATE "identities" SET "profile_data" = ${'{"locale":"it"}'} WHERE "user_id" = ${known}`,
      );
    });
    expect((await asked(known)).keys).toEqual([]);
    const empty = await newUser({ userMetadata: { company: ' ' } });
    expect((await asked(empty)).keys).toContain('company');
  });

  it('steps come in order, at most as many as asked for', async () => {
    await given({ key: 'c', position: 1 });
    await given({ key: 'b', position: 3 });
    await given({ key: 'a', position: 2 });
    await given({ key: 'd', position: 4 });
    await given({ key: 'off', position: 0, enabled: false });
    const userId = await newUser();
    expect((await asked(userId)).keys).toEqual(['c', 'a', 'b']);
    const four = await core.run(`{ user(id: "${userId}") { missingProfileSteps(limit: 10) { key } } }`);
    expect(four.data).toEqual({
      user: { missingProfileSteps: [{ key: 'c' }, { key: 'a' }, { key: 'b' }, { key: 'd' }] },
    });
  });

  it('a step waits for days, and comes back after it was put off; a required one stays missing', async () => {
    await given({ key: 'company', required: true, askAfterDays: 2, snoozeDays: 7 });
    const userId = await newUser();
    expect((await asked(userId)).keys).toEqual([]);
    core.time.now += 2 * day;
    expect((await asked(userId)).keys).toEqual(['company']);
    await steps.dismiss(core.callAs(asPrincipal({ userId })), { key: 'company' });
    expect(await asked(userId)).toEqual({ keys: [], isComplete: false });
    core.time.now += 7 * day;
    expect((await asked(userId)).keys).toEqual(['company']);
  });

  it('only users with the role or membership are asked', async () => {
    const userId = await newUser();
    const other = await newUser();
    await core.callAs().store.transaction(async (store) => {
      const at = core.time.now;
      await store.execute(
        sql`INSERT INTO "roles" ("id", "name", "name_folded", "type", "created_at", "updated_at") VALUES (${'rol_1'}, ${'R'}, ${'r'}, ${'TENANT'}, ${at}, ${at}) ON CONFLICT DO NOTHING`,
      );
      await store.execute(
        sql`INSERT INTO "user_roles" ("user_id", "role_id", "created_at") VALUES (${userId}, ${'rol_1'}, ${at})`,
      );
    });
    await given({ key: 'badge', roleIds: ['rol_1'] });
    await given({ key: 'team', organizationIds: ['org_nobody'] });
    expect((await asked(userId)).keys).toEqual(['badge']);
    expect((await asked(other)).keys).toEqual([]);
    await expect(submit('badge', 'x', asPrincipal({ userId: other }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('a step of applications is asked and answered through their tokens alone', async () => {
    const userId = await newUser();
    await given({ key: 'company', required: true, applicationIds: ['app_shop', 'app_crm'] });
    const through = (clientId: string | null): Principal => asPrincipal({ userId, clientId });
    expect(await asked(userId, through('app_shop'))).toEqual({ keys: ['company'], isComplete: false });
    for (const other of [null, 'app_wiki']) {
      expect(await asked(userId, through(other))).toEqual({ keys: [], isComplete: true });
      await expect(submit('company', 'Acme', through(other))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    await submit('company', 'Acme', through('app_crm'));
    expect(await asked(userId, through('app_shop'))).toEqual({ keys: [], isComplete: true });
  });

  it('steps for hidden, blacklisted, unwritable and provider-owned attributes do not show and take no answer', async () => {
    await given({ key: 'company', required: true });
    const userId = await newUser();
    const self = asPrincipal({ userId });
    const readOnly: Policy = {
      ...emptyPolicy,
      rules: [rule({ actions: ['WRITE'], paths: ['user_metadata.company'] })],
    };
    const listed: Policy = {
      ...emptyPolicy,
      blacklist: [{ scope: 'TENANT', scopeId: '', name: 'user_metadata.company' }],
    };
    for (const policy of [hiding('user_metadata.company'), readOnly, listed]) {
      expect(await asked(userId, self, policy)).toEqual({ keys: [], isComplete: true });
      await expect(submit('company', 'x', self, policy)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    await given({ key: 'family_name' });
    await core.callAs().store.transaction(async (store) => {
      const at = core.time.now;
      await store.execute(
        sql`INSERT INTO "connections" ("id", "name", "strategy", "is_enabled", "options", "created_at", "updated_at") VALUES (${'con_g'}, ${'google'}, ${'google-oauth2'}, ${store.dialect.bind(true)}, ${'{}'}, ${at}, ${at})`,
      );
    });
    const google = await newUser({ connection: 'google', userId: undefined, providerUserId: '1' });
    expect((await asked(google)).keys).toEqual(['company']);
    expect((await asked(userId)).keys).toEqual(['company', 'family_name']);
  });

  it('a user answers only own steps, and no step changes a value that is there', async () => {
    await given({ key: 'family_name', attribute: 'familyName' });
    const userId = await newUser();
    const other = await newUser();
    const self = asPrincipal({ userId });
    await expect(submit('family_name', 'Doe', self, emptyPolicy, other)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(submit('family_name', 'Doe', asPrincipal())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await submit('family_name', 'Doe', self);
    await expect(submit('family_name', 'Roe', self)).rejects.toMatchObject({ code: 'PROFILE_STEP_ANSWERED' });
    await submit('family_name', 'Roe', administrator, emptyPolicy, other);
    const names = await core.run(
      `{ a: user(id: "${userId}") { familyName } b: user(id: "${other}") { familyName } }`,
    );
    expect(names.data).toEqual({ a: { familyName: 'Doe' }, b: { familyName: 'Roe' } });
  });

  it('values are checked by kind, validator and the rules of the attribute; nothing is written else', async () => {
    await given({ key: 'size', kind: 'NUMBER', validator: { type: 'integer', minimum: 1, maximum: 9 } });
    await given({ key: 'birthday', kind: 'DATE' });
    await given({ key: 'nickname' });
    const userId = await newUser({ nickname: null });
    const self = asPrincipal({ userId });
    const wrong: readonly [string, unknown][] = [
      ['size', 'secret'],
      ['size', 1.5],
      ['size', 10],
      ['birthday', '2026-02-30'],
      ['birthday', null],
      ['size', { a: 1 }],
    ];
    for (const [key, value] of wrong)
      await expect(submit(key, value, self)).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
        message: expect.not.stringContaining('secret') as string,
      });
    expect((await core.metadata.read(core.callAs().store, userId)).userJson).toEqual({});
    await submit('size', 9, self);
    await submit('birthday', '2026-02-28', self);
    expect((await core.metadata.read(core.callAs().store, userId)).userJson).toEqual({
      size: 9,
      birthday: '2026-02-28',
    });
  });

  it('are saved with the version that was read, each by permission', async () => {
    const save = (more: string) =>
      `mutation { saveProfileStep(input: {key: "k", attribute: "k", label: "K"${more}}) { profileStep { attribute version } } }`;
    expect((await core.run(save(''))).errors[0]).toMatch(/^FORBIDDEN/);
    const as = stepAdministrator;
    expect((await core.run(save(''), { as })).data).toEqual({
      saveProfileStep: { profileStep: { attribute: 'user_metadata.k', version: 1 } },
    });
    expect((await core.run(save(''), { as })).errors[0]).toMatch(/^BAD_USER_INPUT/);
    expect((await core.run(save(', expectedVersion: 2'), { as })).errors[0]).toMatch(/^VERSION_CONFLICT/);
    expect((await core.run(save(', expectedVersion: 1'), { as })).errors).toEqual([]);
    expect((await core.run('{ profileSteps { key version } }', { as })).data).toEqual({
      profileSteps: [{ key: 'k', version: 2 }],
    });
    expect((await core.run('{ profileSteps { key } }')).errors).toEqual(['FORBIDDEN_FIELD profileSteps']);
    await steps.delete(core.callAs(), 'k');
    await expect(steps.delete(core.callAs(), 'k')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('cost the same number of statements for one user as for many', async () => {
    await given({ key: 'company', roleIds: [], required: true });
    await given({ key: 'badge', roleIds: ['rol_1'] });
    for (let made = 0; made < 4; made += 1) await newUser();
    const statementsFor = async (first: number): Promise<number> => {
      const query = `{ users(first: ${first}) { nodes { missingProfileSteps { key } profileComplete } } }`;
      const answer = await core.run(query);
      expect(answer.errors).toEqual([]);
      expect((answer.data as unknown as { users: { nodes: object[] } }).users.nodes).toHaveLength(first);
      return answer.statements;
    };
    expect(await statementsFor(10)).toBe(await statementsFor(1));
    expect(await statementsFor(10)).toBe(1 + 5);
  });
});
