import { Kind } from 'graphql';
import { eachDatabase } from '#test/support/databases';
import { acme, globex, target } from '#test/attacks/support/cast';
import { DeclaredRules, type DeclaredField } from '#test/attacks/support/declared-rules';
import { givenGroup } from '#test/attacks/support/given-group';
import { call, namedType, type ArgumentTexts } from '#test/attacks/support/routes';
import { broad, codesOf, Stage } from '#test/attacks/support/stage';
import { secretSession, usualSecrets, type UsualSecrets } from '#test/attacks/support/usual-secrets';

type Way = readonly DeclaredField[];

/** Types that only lead on: what they lead to is reached over each of their fields. */
const passing = /(Connection|Edge)$|^Membership$/;

/** Fields that lead to the caller's own data, or to objects of any type. */
const avoid = new Set(['Query.me', 'Query.currentSession', 'Viewer.user', 'Viewer.organization']);

eachDatabase('attacks by the way back to a user', (database) => {
  let stage: Stage;
  let rules: DeclaredRules;
  let secrets: UsualSecrets;
  let values: ArgumentTexts;

  beforeAll(async () => {
    stage = await Stage.open(database);
    rules = new DeclaredRules(stage.product.app.schema.sdl);
    secrets = await usualSecrets(stage);
    await secrets.role.store();
    await secrets.session.store();
    values = {
      'Query.user': `id: "${target}"`,
      'Query.userBy': `where: { id: "${target}" }`,
      'Query.usersByEmail': 'email: "target@start.example"',
      'Query.organization': `id: "${acme}"`,
      'Query.role': `id: "${secrets.roleId}"`,
      'Query.session': `id: "${secretSession}"`,
    };
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  /** Each field that leads to a user, from the shortest way to the type that has it, and on over every list in between. */
  const waysBack = (): readonly Way[] => {
    const known = new Set(rules.objectTypes().map((type) => type.name.value));
    const first = new Map<string, Way>([['Query', []]]);
    const ways: Way[] = [];
    const follow = (way: Way, typeName: string): void => {
      for (const field of rules.fields(typeName)) {
        const to = namedType(field.node.type);
        const next = [...way, field];
        if (avoid.has(`${typeName}.${field.name}`) || !known.has(to) || needsUnknown(field)) continue;
        if (to === 'User') ways.push(next);
        if (passing.test(to)) {
          if (!way.some((step) => namedType(step.node.type) === to)) follow(next, to);
        } else if (!first.has(to)) first.set(to, next);
      }
    };
    // A map goes on to what is added to it while it is walked through.
    for (const [typeName, way] of first) follow(way, typeName);
    return ways;
  };
  const needsUnknown = (field: DeclaredField): boolean =>
    values[`${field.type}.${field.name}`] === undefined &&
    (field.node.arguments ?? []).some((node) => node.type.kind === Kind.NON_NULL_TYPE && !node.defaultValue);

  test('B04 a denied field is closed on every way of the schema that leads back to a user', async () => {
    await stage.rule({ paths: ['phone_number'] });
    const found: string[] = [];
    for (const way of waysBack()) {
      const query = `{ ${way.reduceRight((inner, step) => `${call(step, values)} { ${inner} }`, 'phoneNumber')} }`;
      const ask = (as: string) => stage.ask(query, { as });
      const name = way.map(({ type, name: field }) => `${type}.${field}`).join(' ');
      const closed = await stage.indistinguishable(secrets.phone, () => ask(stage.support));
      expect([name, closed.text.includes('1234567')]).toEqual([name, false]);
      await secrets.phone.store();
      // To a caller whom no rule restricts the same operation shows the value: it would have been found.
      if ((await ask(stage.sales)).text.includes('1234567')) found.push(name);
      await secrets.phone.remove();
    }
    expect(found).toEqual(
      expect.arrayContaining([
        'Query.user',
        'Query.userBy',
        'Query.usersByEmail',
        'Query.users UserConnection.nodes',
        'Query.users UserConnection.edges UserEdge.node',
        'Query.session Session.user',
        'Query.role Role.users UserConnection.nodes',
        'Query.role Role.users UserConnection.edges UserEdge.node',
        'Query.organization Organization.members MembershipConnection.nodes Membership.user',
        'Query.user User.organizations MembershipConnection.edges MembershipEdge.node Membership.user',
      ]),
    );
  });

  test('B04 B07 who holds a role, is in a group or is a member is as closed as the same attribute of the user', async () => {
    // The secret is stored and removed by the attack.
    await secrets.role.remove();
    const holders = 'query ($id: ID!) { role(id: $id) { users { totalCount nodes { id } } } }';
    const members =
      'query ($id: ID!) { organization(id: $id) { members { totalCount nodes { user { id } } } } }';
    await stage.rule({ paths: ['roles', 'organizations'] });
    const role = await stage.attack(secrets.role, holders, { id: secrets.roleId });
    expect([codesOf(role), role.data]).toEqual([['FORBIDDEN_FIELD'], { role: { users: null } }]);
    const organization = await stage.attack(secrets.membership, members, { id: globex });
    expect([codesOf(organization), organization.data]).toEqual([
      ['FORBIDDEN_FIELD'],
      { organization: { members: null } },
    ]);

    const group = await givenGroup(stage, target);
    const held = [...broad, 'read:groups', 'read:authorization'];
    const [support, sales] = [
      await stage.product.machine(held, ['Support']),
      await stage.product.machine(held, ['Sales']),
    ];
    const made = await stage.ask(
      'mutation { createApplication(input: { name: "Desk", type: SINGLE_PAGE }) { application { id } } }',
      { as: stage.administrator },
    );
    const { id } = (made.data as { createApplication: { application: { id: string } } }).createApplication
      .application;
    const doors = `{ group(id: "${group}") { members { nodes { user { id } } } calculatedMembers { nodes { user { id } } } }
      authorizationContext(userId: "${target}", applicationId: "${id}") { groups roles permissions } exportAuthorization }`;
    const open = await stage.ask(doors, { as: sales });
    expect([codesOf(open), open.text.split(`"${target}"`).length, open.text.includes('"Matrix"')]).toEqual([
      [],
      4,
      true,
    ]);
    // A rule that spares oneself speaks of others, so it closes what speaks of many.
    await stage.rule({ paths: ['groups'], object: { self: false } });
    const closed = await stage.ask(doors, { as: support });
    expect(closed.text).not.toContain(target);
    expect(closed.data).toEqual({
      group: { members: null, calculatedMembers: null },
      authorizationContext: { groups: null, roles: null, permissions: [] },
      exportAuthorization: null,
    });
    expect(codesOf(closed).filter((code) => code !== 'FORBIDDEN_FIELD')).toEqual(['FORBIDDEN']);
    // And so does one that speaks of the users of a connection: whose fields these are cannot be said of all of them at once.
    await stage.reset();
    const query = `{ role(id: "${secrets.roleId}") { users { nodes { id } } } group(id: "${group}") { members { nodes { user { id } } } } }`;
    expect(codesOf(await stage.ask(query, { as: support }))).toEqual([]);
    await stage.rule({ paths: ['roles', 'groups'], object: { connections: ['corp'] } });
    const some = await stage.ask(query, { as: support });
    expect(some.data).toEqual({ role: { users: null }, group: { members: null } });
    expect(codesOf(some)).toEqual(['FORBIDDEN_FIELD', 'FORBIDDEN_FIELD']);
  });
});
