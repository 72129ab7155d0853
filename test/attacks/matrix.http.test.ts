import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { eachDatabase } from '#test/support/databases';
import { acme, target } from '#test/attacks/support/cast';
import {
  DeclaredRules,
  isAllowed,
  permissionLists,
  type Actor,
  type DeclaredField,
} from '#test/attacks/support/declared-rules';
import {
  along,
  call,
  namedType,
  routesOf,
  type ArgumentTexts,
  type Route,
} from '#test/attacks/support/routes';
import { givenConnectionDomain } from '#test/attacks/support/given-connection-domain';
import { givenGroup } from '#test/attacks/support/given-group';
import { givenInteraction } from '#test/attacks/support/given-interaction';
import { fixedArguments } from '#test/attacks/support/matrix-arguments';
import { matrixInputs, presentTypes } from '#test/attacks/support/matrix-inputs';
import {
  avoid,
  crowds,
  elsewhere,
  namesTarget,
  ofApplication,
  owners,
  withTheirParent,
} from '#test/attacks/support/matrix-ways';
import { Stage, type Served } from '#test/attacks/support/stage';
import { secretSession, usualSecrets } from '#test/attacks/support/usual-secrets';

const nobodys = 'You may not do this. Nothing was done.';

// Thousands of operations in each of the tests: on a machine with other work the usual limit is too short.
jest.setTimeout(120_000);

eachDatabase('AZ-01 every declared rule, for every kind of caller', (database) => {
  let stage: Stage;
  let rules: DeclaredRules;
  let values: ArgumentTexts;
  const tokens = new Map<string, string | undefined>();

  beforeAll(async () => {
    const login = 'https://login.example';
    stage = await Stage.open(database, { GATEHOUSE_ORGANIZATIONS_INVITATION_LOGIN_URL: login });
    rules = new DeclaredRules(stage.product.app.schema.sdl);
    await (await usualSecrets(stage)).session.store();
    await givenInteraction(stage, secretSession);
    // The user's role allows something elsewhere, and nothing here.
    const roleId = await stage.product.givenRole('Buyer');
    await allowElsewhere(roleId);
    const held = { userId: target, roleId, createdAt: 1 };
    await stage.product.app.storage.open().transaction((store) => store.insert(UserRoleEntity, held));
    const member = { organizationId: acme, userId: target, roleIds: [roleId] };
    const addRole =
      'mutation ($i: AddMemberRolesInput!) { addMemberRoles(input: $i) { membership { joinedAt } } }';
    const added = await stage.ask(addRole, { as: stage.administrator, variables: { i: member } });
    expect(added.errors).toEqual([]);
    await stage.rule({ paths: ['user_metadata.nothing'], subject: { rolesAny: ['Nobody'] } });
    const applicationId = await givenMore();
    values = {
      ...fixedArguments,
      'Query.role': `id: "${roleId}"`,
      'Query.migrationStatus': `connectionId: "${await mainConnection()}"`,
      'Query.group': `id: "${await givenGroup(stage, target)}"`,
      'Query.authorizationContext': `userId: "${target}", applicationId: "${applicationId}"`,
      ...ofApplication(applicationId),
    };
  });
  afterAll(async () => {
    await stage.reset();
    await stage.close();
  });

  const allowElsewhere = async (roleId: string): Promise<void> => {
    const shop = '{ identifier: "urn:shop", permissions: [{ name: "buy" }] }';
    const created = await stage.ask(
      `mutation { createResourceServer(input: ${shop}) { resourceServer { permissions { nodes { id } } } } }`,
      { as: stage.administrator },
    );
    const permissionId = /prm_\w+/.exec(created.text)?.[0] ?? '';
    const given = await stage.ask(
      `mutation { addRolePermissions(input: { id: "${roleId}", permissionIds: ["${permissionId}"] }) { role { id } } }`,
      { as: stage.administrator },
    );
    expect(given.errors).toEqual([]);
  };

  const mainConnection = async (): Promise<string> => {
    const asked = '{ connections(first: 100) { nodes { name id } } }';
    const { text } = await stage.ask(asked, { as: stage.administrator });
    return /"main","id":"(con_\w+)"/.exec(text)?.[1] ?? '';
  };

  /** One object of each of the other types; answers the id of the application. */
  const givenMore = async (): Promise<string> => {
    const made = await stage.ask(
      `mutation { createApplication(input: { name: "Shop", type: NATIVE }) { application { id } } }`,
      { as: stage.administrator },
    );
    for (const mutation of [
      `createOrganizationDomain(input: { organizationId: "${acme}", domain: "acme.example" }) { __typename }`,
      `inviteMembers(input: { organizationId: "${acme}", inviter: { name: "A" }, invitees: [{ email: "b@example.com" }] }) { __typename }`,
    ]) {
      const { errors } = await stage.ask(`mutation { ${mutation} }`, { as: stage.administrator });
      expect(errors).toEqual([]);
    }
    await givenConnectionDomain(stage);
    return (made.data?.['createApplication'] as { application: { id: string } }).application.id;
  };

  const fixed = (): Actor[] => [
    { name: 'anonymous', kind: 'anonymous', userId: null, permissions: [] },
    { name: 'the user', kind: 'user', userId: target, permissions: [] },
    { name: 'another user', kind: 'user', userId: 'auth0|other', permissions: [] },
    machine([]),
  ];
  const machine = (permissions: readonly string[]): Actor => {
    const sorted = [...new Set(permissions)].sort();
    return {
      name: `a machine with [${sorted.join(', ')}]`,
      kind: 'machine',
      userId: null,
      permissions: sorted,
    };
  };
  const tokenOf = async (actor: Actor): Promise<string | undefined> => {
    if (!tokens.has(actor.name)) {
      if (actor.kind === 'anonymous') tokens.set(actor.name, undefined);
      else if (actor.userId !== null) tokens.set(actor.name, await stage.product.user(actor.userId));
      else tokens.set(actor.name, await stage.product.machine(actor.permissions));
    }
    return tokens.get(actor.name);
  };

  /** Machines with exactly what the way and one list of a field ask for, and with one permission less. */
  const machinesFor = (route: Pick<Route, 'steps'>, fields: readonly DeclaredField[]): Actor[] => {
    const ways = route.steps.reduce<readonly (readonly string[])[]>(
      (so, step) => {
        const lists = permissionLists(step);
        return lists.length === 0 ? so : so.flatMap((way) => lists.map((list) => [...way, ...list]));
      },
      [[]],
    );
    const lists = fields.flatMap((field) => permissionLists(field));
    const all = ways.flatMap((way) => [
      machine(way),
      ...lists.map((list) => machine([...way, ...list])),
      ...lists.flatMap((list) =>
        list.map((name) => machine([...way, ...list].filter((other) => other !== name))),
      ),
    ]);
    return [...new Map(all.map((actor) => [actor.name, actor])).values()];
  };

  /** What the declared rules say: the coordinates that are refused to the actor on the way, or else among the fields. */
  const expected = (
    actor: Actor,
    { steps }: Pick<Route, 'steps'>,
    fields: readonly DeclaredField[],
  ): string[] => {
    const isCrowd = steps.some(({ type, name }) => crowds.has(`${type}.${name}`));
    const refused = (field: DeclaredField): boolean =>
      !isAllowed(actor, field, isCrowd && field.type !== 'Query' ? null : ownerOf(field));
    const closed = steps.find(refused);
    const coordinates = closed ? [closed] : fields.filter(refused);
    return [...new Set(coordinates.map(({ type, name }) => `${type}.${name}`))].sort();
  };
  /** For a root field the user that its arguments name. */
  const ownerOf = ({ type, name }: DeclaredField): string | null =>
    type === 'Query' ? (namesTarget.has(name) ? target : null) : (owners[type] ?? null);

  const refusedIn = (answer: Served): string[] =>
    answer.errors
      .map((error) => (error.extensions as { coordinate?: string }).coordinate ?? error.message)
      .sort();

  const composite = (field: DeclaredField): boolean =>
    rules.objectTypes().some((type) => type.name.value === namedType(field.node.type)) ||
    ['Node', '_Entity', 'EnrolledMethod'].includes(namedType(field.node.type));
  const select = (fields: readonly DeclaredField[]): string =>
    fields.map((field) => `${call(field, values)}${composite(field) ? ' { __typename }' : ''}`).join(' ');

  test('each field of each object type answers and refuses as it is declared', async () => {
    const routes = routesOf(rules, avoid);
    const reached = new Set(routes.map(({ leadsTo }) => leadsTo));
    const missing = rules
      .objectTypes()
      .map((type) => type.name.value)
      .filter((name) => !elsewhere.test(name) && !reached.has(name) && !withTheirParent.has(name));
    expect(missing).toEqual([]);
    for (const type of withTheirParent) {
      const ruled = rules.fields(type).filter(({ sets }) => {
        return sets.flat().some(({ name }) => name.value !== 'withParent');
      });
      expect([type, ruled.map(({ name }) => name)]).toEqual([type, []]);
    }
    let refusals = 0;
    const seen = new Set<string>();
    for (const route of routes) {
      const typeName = route.steps.map(({ type, name }) => `${type}.${name}`).join(' ');
      if (elsewhere.test(route.leadsTo)) continue;
      // Where no object is, its fields are not asked, and only the way there is checked.
      const there = await stage.ask(`{ ${along(route, values, '__typename')} }`, { as: stage.administrator });
      const isThere = there.text.includes(`"__typename":"${route.leadsTo}"`);
      if (isThere) seen.add(route.leadsTo);
      const fields = isThere ? rules.fields(route.leadsTo) : [];
      const selection = isThere ? select(fields) : '__typename';
      for (const actor of [...fixed(), ...machinesFor(route, fields)]) {
        const query = `{ ${along(route, values, selection)} }`;
        const answer = await stage.ask(query, { as: await tokenOf(actor) });
        const wanted = expected(actor, route, fields);
        expect([typeName, actor.name, refusedIn(answer)]).toEqual([typeName, actor.name, wanted]);
        const code = actor.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN_FIELD';
        expect(answer.errors.every((error) => error.extensions.code === code)).toBe(true);
        refusals += wanted.length;
      }
    }
    expect([...seen]).toEqual(expect.arrayContaining(presentTypes));
    expect(refusals).toBeGreaterThan(500);
  });

  test('each query answers and refuses as it is declared, and a refused one loads nothing', async () => {
    const nowhere = { steps: [] };
    for (const field of rules.fields('Query')) {
      if (field.name === '_service') continue;
      for (const actor of [...fixed(), ...machinesFor(nowhere, [field])]) {
        const answer = await stage.ask(`{ ${select([field])} }`, { as: await tokenOf(actor) });
        const [wanted] = expected(actor, nowhere, [field]);
        const codes = answer.errors.map((error) => error.extensions.code);
        // Their services ask for a level besides.
        if (wanted === undefined && /^dae|^testDae/.test(field.name)) continue;
        if (wanted === undefined)
          expect([field.name, actor.name, codes]).toEqual([field.name, actor.name, []]);
        else {
          const refusals = ['UNAUTHENTICATED', 'FORBIDDEN_FIELD', 'FORBIDDEN_ARGUMENT'];
          expect([field.name, actor.name, codes.length, refusals.includes(codes[0] ?? '')]).toEqual([
            field.name,
            actor.name,
            1,
            true,
          ]);
          // Recognising a user takes one statement; what is refused takes none.
          const statements = actor.kind === 'user' ? 1 : 0;
          expect([field.name, actor.name, answer.statements]).toEqual([field.name, actor.name, statements]);
        }
      }
    }
  });

  test('each mutation runs for whom it is declared, and for nobody else', async () => {
    const own = new Set(['updateUserMetadata', 'setMetadataPath', 'clearMetadata', 'revokeUserSessions']);
    for (const field of rules.fields('Mutation')) {
      if (field.name === 'signIn' || field.name === 'signOut') continue;
      const isOwn = own.has(field.name);
      const owner = isOwn ? target : null;
      const input = matrixInputs(isOwn ? target : 'auth0|nobody')[field.name];
      if (input === undefined) throw new Error(`The matrix has no input for the mutation ${field.name}.`);
      for (const actor of [...fixed(), ...machinesFor({ steps: [] }, [field])]) {
        const argument = (field.node.arguments ?? []).length === 0 ? '' : `(input: ${input})`;
        const query = `mutation { ${field.name}${argument} { __typename } }`;
        const answer = await stage.ask(query, { as: await tokenOf(actor) });
        const allowed = isAllowed(actor, field, owner);
        const refused = answer.errors.some(
          (error) => error.message === nobodys || error.extensions.code === 'UNAUTHENTICATED',
        );
        expect([field.name, actor.name, refused]).toEqual([field.name, actor.name, !allowed]);
        if (refused) expect(answer.statements).toBe(actor.kind === 'user' ? 1 : 0);
      }
    }
  });
});
