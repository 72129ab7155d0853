import { loadProfiles } from '#src/cli/seed/load-profiles';
import { UserEntity } from '#src/features/users/user.entity';
import { acme, globex, other, target } from '#test/attacks/support/cast';
import { broad, codesOf, Stage } from '#test/attacks/support/stage';
import { eachDatabase } from '#test/support/databases';

const third = 'samlp|corp|c3';
const phones: Readonly<Record<string, string>> = {
  [target]: '+15550000001',
  [other]: '+15550000002',
  [third]: '+15550000003',
};

/** Repeatable chance: the same cases at each run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

eachDatabase('acceptance of attribute rules', (database) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open(database);
    await stage.product.app.storage.open().transaction(async (store) => {
      for (const [id, phoneNumber] of Object.entries(phones)) {
        const profile = { phoneNumber, givenName: `Given ${id}`, nickname: `nick ${id}` };
        await store.update(UserEntity, { id }, profile);
      }
    });
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  /** The phone numbers of the three users as a caller sees them, by id; only those that show. */
  const shown = async (as: string): Promise<string[]> => {
    const fields = Object.keys(phones).map((id, at) => `u${at}: user(id: "${id}") { id phoneNumber }`);
    const { data } = await stage.ask(`{ ${fields.join(' ')} }`, { as });
    const users = Object.values(data as Record<string, { id: string; phoneNumber: string | null } | null>);
    return users.flatMap((user) => (user && user.phoneNumber === phones[user.id] ? [user.id] : []));
  };

  test('6.9-1 a deny for a role hides at the next request and shows again when it is switched off; other roles see', async () => {
    expect(await shown(stage.support)).toHaveLength(3);
    await stage.rule({ paths: ['User.phoneNumber'] });
    expect(await shown(stage.support)).toEqual([]);
    expect(await shown(stage.sales)).toHaveLength(3);
    const listed = await stage.ask('{ attributeRules { nodes { id version } } }', {
      as: stage.administrator,
    });
    const { nodes } = listed.data?.['attributeRules'] as { nodes: { id: string; version: number }[] };
    const set =
      'mutation ($i: SetAttributeRuleEnabledInput!) { setAttributeRuleEnabled(input: $i) { attributeRule { enabled } } }';
    for (const enabled of [false, true]) {
      await stage.ask(set, { as: stage.administrator, variables: { i: { id: nodes[0]?.id, enabled } } });
      expect(await shown(stage.support)).toHaveLength(enabled ? 0 : 3);
    }
  });

  test('6.9-2 a deny for a connection hides whoever has an identity of it, one of two included', async () => {
    await stage.rule({ paths: ['phone_number'], object: { connections: ['corp'] } });
    expect(await shown(stage.support)).toEqual([other]);
    await stage.reset();
    await stage.rule({ paths: ['phone_number'], object: { strategies: ['samlp'] } });
    expect(await shown(stage.support)).toEqual([other]);
  });

  test.each(['nodes', 'edges { node', 'edges { cursor } nodes'])(
    '6.9-2 the same in lists of %s, where identities tell the connection and no statement more is sent',
    async (way) => {
      const fields = '{ id phoneNumber identities { isSocial } }';
      const list = `{ users(first: 50) { ${way} ${fields} ${way.startsWith('edges { node') ? '}' : ''} } }`;
      const numbers = async (): Promise<[string[], number]> => {
        const { text, statements } = await stage.ask(list, { as: stage.support });
        return [Object.values(phones).filter((number) => text.includes(number)), statements];
      };
      const [all, without] = await numbers();
      expect(all).toEqual(Object.values(phones));
      await stage.rule({ paths: ['phone_number'], object: { connections: ['corp'] } });
      expect(await numbers()).toEqual([[phones[other]], without]);
    },
  );

  test('6.9-3 a deny for an organization concerns its members; with self: false they see their own', async () => {
    await stage.rule({ paths: ['phone_number'], object: { organizations: [globex] } });
    expect(await shown(stage.support)).toEqual([target]);
    await stage.reset();
    await stage.rule({
      paths: ['phone_number'],
      subject: {},
      object: { organizations: [acme], self: false },
    });
    expect(await shown(await stage.product.user(other))).toEqual([other]);
    expect(await shown(stage.support)).toEqual([third]);
  });

  test('6.9-4 LAST4 shows four characters; sorting and filtering by it are refused', async () => {
    await stage.rule({ effect: 'MASK', mask: 'LAST4', paths: ['phone_number'] });
    const read = await stage.ask(`{ user(id: "${target}") { phoneNumber } }`, { as: stage.support });
    expect(read.data).toEqual({ user: { phoneNumber: '***0001' } });
    expect(read.text).toContain('"masked":["User.phoneNumber"]');
    const filtered = 'query { users(filter: { phoneNumber: { startsWith: "+1555" } }) { nodes { id } } }';
    expect(codesOf(await stage.ask(filtered, { as: stage.support }))).toEqual(['FORBIDDEN_ARGUMENT']);
    const searched = String.raw`{ users(q: "phone_number:\"+15550000001\"") { nodes { id } } }`;
    expect(codesOf(await stage.ask(searched, { as: stage.support }))).toEqual(['FIELD_NOT_SEARCHABLE']);
    await stage.reset();
    await stage.rule({ effect: 'MASK', mask: 'LAST4', paths: ['email'] });
    const sorted = '{ users(sort: [{ field: EMAIL, direction: ASC }]) { nodes { id } } }';
    expect(codesOf(await stage.ask(sorted, { as: stage.support }))).toEqual(['FORBIDDEN_ARGUMENT']);
  });

  test('6.9-5 one of several lists, and every permission of a list: truth table of 8 over the API', async () => {
    // `user` asks for read:users or read:users_app_metadata; its organizations for read:users and read:organization_members.
    const names = ['read:users', 'read:organization_members', 'read:users_app_metadata'];
    const table = await Promise.all(
      [0, 1, 2, 3, 4, 5, 6, 7].map(async (bits) => {
        const as = await stage.product.machine(names.filter((_name, bit) => bits & (1 << bit)));
        const { data } = await stage.ask(`{ user(id: "${other}") { organizations { totalCount } } }`, { as });
        const user = data?.['user'] as { organizations: object | null } | null;
        return user === null ? 'no user' : user.organizations === null ? 'user' : 'all';
      }),
    );
    const none = 'no user';
    expect(table).toEqual([none, 'user', none, 'all', 'user', 'user', 'user', 'all']);
  });

  test('6.9-6 explainAccess agrees with the engine in 1,000 random cases, and names rules to policy administrators alone', async () => {
    const roll = dice(4);
    const pick = <Value>(values: readonly Value[]): Value => values[roll(values.length)] as Value;
    const fields = {
      email: 'email',
      phoneNumber: 'phone_number',
      givenName: 'given_name',
      nickname: 'nickname',
    };
    const names = Object.keys(fields);
    const people = [target, other, third];
    const roleId = await stage.product.givenRole('Clerk', ['read:users']);
    const callers = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        const id = await stage.product.givenUser({
          ...{ email: `${name}@clerks.example`, phoneNumber: `+1555000100${name.charCodeAt(0) - 97}` },
          ...{ givenName: name, nickname: name, ...(name === 'c' ? {} : { roleIds: [roleId] }) },
        });
        return { id, token: await stage.product.user(id) };
      }),
    );
    const objects = [...people, ...callers.map(({ id }) => id)];
    const raw = await stage.ask(readAll(objects, names), { as: stage.administrator });
    let cases = 0;
    for (let round = 0; cases < 1000; round += 1) {
      for (let rules = roll(4); rules >= 0; rules -= 1) {
        const effect = pick(['DENY', 'DENY', 'MASK', 'ALLOW'] as const);
        const object = pick([
          {},
          { self: true },
          { self: false },
          { connections: ['corp'] },
          { organizations: [acme] },
        ]);
        const subject = pick([
          {},
          { rolesAny: ['Clerk'] },
          { rolesNone: ['Clerk'] },
          { principals: [callers[0]?.id] },
        ]);
        const mask = effect === 'MASK' ? { mask: 'FIXED' } : {};
        await stage.rule({ effect, subject, object, ...mask, paths: [pick(Object.values(fields))] });
      }
      for (const caller of callers) {
        const read = await stage.ask(readAll(objects, names), { as: caller.token });
        const questions = objects.flatMap((objectId, at) =>
          names.map(
            (name) => `e${at}_${name}: explainAccess(input: {
              userId: "${caller.id}", coordinate: "User.${name}", action: READ, objectId: "${objectId}" }) { decision }`,
          ),
        );
        const explained: Record<string, { decision: string }> = {};
        for (let from = 0; from < questions.length; from += 12) {
          const part = await stage.ask(`{ ${questions.slice(from, from + 12).join(' ')} }`, {
            as: stage.administrator,
          });
          Object.assign(explained, part.data);
        }
        objects.forEach((_id, at) => {
          for (const name of names) {
            const was = (raw.data as Seen)[`u${at}`]?.[name];
            const is = (read.data as Seen)[`u${at}`]?.[name] ?? null;
            const seen = is === was ? 'ALLOW' : is === '***' ? 'MASK' : 'DENY';
            // Without the permission the object itself is out of reach, which is no question of its fields.
            if ((read.data as Seen)[`u${at}`] === null) continue;
            expect({ round, name, at, decision: explained[`e${at}_${name}`]?.decision }).toEqual({
              round,
              name,
              at,
              decision: seen,
            });
            cases += 1;
          }
        });
      }
      await stage.reset();
    }
    const nosy = await stage.product.machine(broad);
    const question = `{ explainAccess(input: { userId: "${other}", coordinate: "User.email", action: READ }) { ruleName } }`;
    expect(codesOf(await stage.ask(question, { as: nosy }))).toEqual(['FORBIDDEN_FIELD']);
  }, 60_000);

  test('6.9-7 what a connection does not keep is not kept, shown or found; removing reports how many users had it', async () => {
    const { storage, platform } = stage.product.app;
    const profile = { gender: 'secret-gender', age: 44 };
    const user = {
      ...{
        user_id: 'auth0|fourth',
        email: 'fourth@example.com',
        created_at: '2020-01-04',
        updated_at: '2020-01-04',
      },
      identities: [
        { connection: 'main', provider: 'auth0', user_id: 'fourth', isSocial: false },
        { connection: 'corp', provider: 'samlp', user_id: 'corp|f4', isSocial: false, profileData: profile },
      ],
    };
    await loadProfiles(storage, [user], { clock: platform.clock, ids: platform.ids });
    const read = '{ user(id: "auth0|fourth") { identities { profileData } } }';
    expect((await stage.ask(read, { as: stage.administrator })).text).toContain('secret-gender');
    await stage.blacklist(['identities.profile_data.gender'], 'CONNECTION', 'corp');
    expect((await stage.ask(read, { as: stage.administrator })).text).not.toContain('secret-gender');
    expect((await stage.ask(read, { as: stage.administrator })).text).toContain('44');
  });

  test('6.9-8 of a write of an allowed and a denied part nothing is written, and both are reported', async () => {
    await stage.rule({ actions: ['WRITE'], paths: ['user_metadata.plan'] });
    const write = `mutation ($id: ID!) { updateUserMetadata(input: { userId: $id, patch: { plan: "gold", theme: "blue" } }) { changedPaths } }`;
    const clerk = await stage.product.machine(
      ['read:users', 'update:users', 'update:users_metadata'].filter((name) =>
        stage.product.app.product.permissions.has(name),
      ),
      ['Support'],
    );
    const answer = await stage.ask(write, { as: clerk, variables: { id: target } });
    expect(answer.errors).toMatchObject([
      {
        extensions: {
          code: 'FORBIDDEN_ARGUMENT',
          paths: ['user_metadata.plan'],
          notWritten: ['user_metadata.theme'],
        },
      },
    ]);
    const { data } = await stage.ask(`{ user(id: "${target}") { metadata { user } } }`, {
      as: stage.administrator,
    });
    expect(data).toEqual({ user: { metadata: { user: { theme: 'dark' } } } });
  });
});

type Seen = Record<string, Record<string, string | null> | null>;

function readAll(ids: readonly string[], fields: readonly string[]): string {
  return `{ ${ids.map((id, at) => `u${at}: user(id: "${id}") { ${fields.join(' ')} }`).join(' ')} }`;
}
