import { eachDatabase } from '#test/support/databases';
import { target } from '#test/attacks/support/cast';
import { codesOf, Stage, type Served } from '#test/attacks/support/stage';
import { usualSecrets, type UsualSecrets } from '#test/attacks/support/usual-secrets';

/** One value on four ways: under one policy all of them show it or none does. */
const query = `query ($id: ID!) {
  user(id: $id) { phoneNumber }
  node(id: $id) { ... on User { phoneNumber } }
  userBy(where: { id: $id }) { phoneNumber }
  users(sort: [{ field: ID, direction: ASC }]) { nodes { phoneNumber } } }`;

eachDatabase('attacks by changes of the rules', (database) => {
  let stage: Stage;
  let secrets: UsualSecrets;

  beforeAll(async () => {
    stage = await Stage.open(database);
    secrets = await usualSecrets(stage);
    await secrets.phone.store();
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  const ask = (as: string): Promise<Served> => stage.ask(query, { as, variables: { id: target } });
  const shown = ({ text }: Served): number => text.split('1234567').length - 1;

  test('B20 a rule holds for the next request, however often the document was answered before', async () => {
    for (let run = 0; run < 3; run += 1) expect(shown(await ask(stage.support))).toBe(4);
    await stage.rule({ paths: ['phone_number'] });
    const closed = await ask(stage.support);
    expect([shown(closed), codesOf(closed)]).toEqual([0, ['FORBIDDEN_FIELD']]);
    expect(shown(await stage.get(query, { as: stage.support, variables: { id: target } }))).toBe(0);
    expect(closed.headers.get('cache-control')).toBe('no-store');
    expect(closed.headers.get('etag')).toBeNull();
    await stage.reset();
    expect(shown(await ask(stage.support))).toBe(4);
    await stage.blacklist(['phone_number']);
    const hidden = await ask(stage.support);
    expect([shown(hidden), codesOf(hidden)]).toEqual([0, []]);
  });

  test('B20 a request is answered under the rules that it began with, by every way and to its end', async () => {
    const save = `mutation ($rule: SaveAttributeRuleInput!, $id: ID!) {
      saveAttributeRule(input: $rule) { attributeRule { id } }
      unblockUser(input: { id: $id }) { user { phoneNumber } } }`;
    const rule = {
      name: 'from now on',
      effect: 'DENY',
      actions: ['READ'],
      paths: ['phone_number'],
      subject: {},
    };
    const answer = await stage.ask(save, { as: stage.administrator, variables: { rule, id: target } });
    expect(answer.data?.['unblockUser']).toEqual({ user: { phoneNumber: '+15551234567' } });
    expect(shown(await ask(stage.administrator))).toBe(0);
    const saved = answer.data?.['saveAttributeRule'] as { attributeRule: { id: string } };
    const remove = `mutation ($id: ID!) { deleteAttributeRule(input: { id: $id }) { deletedId } }`;
    await stage.ask(remove, { as: stage.administrator, variables: { id: saved.attributeRule.id } });
  });

  test('B20 while rules change no answer mixes old and new', async () => {
    const answers: Promise<Served>[] = [];
    for (let round = 0; round < 4; round += 1) {
      answers.push(...Array.from({ length: 6 }, () => ask(stage.support)));
      const change = stage.rule({ paths: ['phone_number'] });
      answers.push(...Array.from({ length: 6 }, () => ask(stage.support)));
      await change;
      await stage.reset();
    }
    const counts = new Set((await Promise.all(answers)).map(shown));
    for (const count of counts) expect([0, 4]).toContain(count);
  });

  test('B20 a caller who loses a role is refused what it opened at the next request, by a document known before', async () => {
    const roleId = await stage.product.givenRole('Phone reader', ['read:users']);
    const id = await stage.product.givenUser({ email: 'phone-reader@example.com', roleIds: [roleId] });
    const token = await stage.product.user(id);
    await stage.rule({ paths: ['phone_number'], effect: 'ALLOW', subject: { rolesAny: ['Phone reader'] } });
    for (let run = 0; run < 3; run += 1) expect(shown(await ask(token))).toBe(4);
    const take = `mutation ($id: ID!, $role: ID!) { removeUserRoles(input: { id: $id, roleIds: [$role] }) { user { id } } }`;
    const taken = await stage.ask(take, { as: stage.administrator, variables: { id, role: roleId } });
    expect(taken.errors).toEqual([]);
    expect(shown(await ask(token))).toBe(0);
  });
});
