import { eachDatabase } from '#test/support/databases';
import { codesOf, Stage, type Served } from '#test/attacks/support/stage';

const link =
  'mutation ($input: LinkIdentityInput!) { linkIdentity(input: $input) { linkedUserId user { id } } }';
const unlink = `mutation ($input: UnlinkIdentityInput!) { unlinkIdentity(input: $input) { user { id } separatedUser { id email phoneNumber name nickname picture attributes metadata { user } } } }`;
const shown = `query ($id: ID!) { user(id: $id) { email phoneNumber name nickname picture effectivePicture attributes
  metadata { user app } identities { connection profileData } } }`;

eachDatabase('attacks by copying a hidden value to where it can be read', (database) => {
  let stage: Stage;
  let count = 0;
  beforeAll(async () => {
    stage = await Stage.open(database);
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  /** A primary user and a secondary one with or without the values, linked by Support. */
  const linked = async (
    holds: boolean,
    mergePolicy: string,
    as = stage.support,
  ): Promise<{ primary: string; secondary: string; answer: Served }> => {
    count += 1;
    const primary = await stage.product.givenUser({
      username: `primary${count}`,
      userMetadata: { theme: 'dark' },
    });
    const secondary = await stage.product.givenUser({
      username: `second${count}`,
      ...(holds ? { email: `cnry${count}@hidden.example`, phoneNumber: `+1777000${1000 + count}` } : {}),
      userMetadata: holds ? { plan: 'CNRY-plan', other: 1 } : { other: 1 },
    });
    const answer = await stage.ask(link, {
      as,
      variables: { input: { userId: primary, secondaryUserId: secondary, mergePolicy } },
    });
    return { primary, secondary, answer };
  };
  /** The answer without the ids and names that differ from one user to the next. */
  const plain = ({ text }: Served): string =>
    text
      .replace(/auth0(\||%7C)\w+/g, 'ID')
      .replace(/(primary|second)\d+/g, '$1')
      .replace(/\/[A-Z]{2}\.svg/g, '/XX.svg');

  test.each(['DISCARD', 'KEEP_PRIMARY_FILL_GAPS'])(
    'B12 linking accounts (%s) brings no hidden attribute into sight',
    async (policy) => {
      await stage.rule({
        paths: ['email', 'email_verified', 'phone_number', 'phone_verified', 'user_metadata.plan'],
      });
      const answers: string[] = [];
      for (const holds of [true, false, true]) {
        const { primary, answer } = await linked(holds, policy);
        expect(answer.errors).toEqual([]);
        const read = await stage.ask(shown, { as: stage.support, variables: { id: primary } });
        expect(read.text.toUpperCase()).not.toContain('CNRY');
        expect(read.text).not.toContain('+1777');
        answers.push(plain(read));
        const open = await stage.ask(shown, { as: stage.sales, variables: { id: primary } });
        expect(open.text.toUpperCase().includes('CNRY')).toBe(holds);
      }
      expect(new Set(answers).size).toBe(1);
    },
  );

  test('B12 separating an account again brings none into sight either', async () => {
    await stage.rule({ paths: ['email', 'email_verified', 'phone_number', 'phone_verified'] });
    const answers: string[] = [];
    for (const holds of [true, false]) {
      const { primary, secondary } = await linked(holds, 'DISCARD');
      const input = { userId: primary, provider: 'auth0', providerUserId: secondary.split('|')[1] };
      const answer = await stage.ask(unlink, { as: stage.support, variables: { input } });
      expect(answer.data).toMatchObject({
        unlinkIdentity: { separatedUser: { email: null, phoneNumber: null } },
      });
      answers.push(plain(answer));
    }
    expect(new Set(answers).size).toBe(1);
  });

  test('B12 filling gaps writes nothing that the caller may not write', async () => {
    await stage.rule({ paths: ['user_metadata.plan'], actions: ['WRITE'] });
    const { primary, secondary, answer } = await linked(true, 'KEEP_PRIMARY_FILL_GAPS');
    expect(codesOf(answer)).toEqual(['FORBIDDEN_ARGUMENT']);
    for (const id of [primary, secondary]) {
      const read = await stage.ask(shown, { as: stage.administrator, variables: { id } });
      expect((read.data?.['user'] as { identities: unknown[] }).identities).toHaveLength(1);
    }
  });

  test('B12 what a rule hides of the users of a connection stays hidden when one of them is linked', async () => {
    const id = 'samlp|corp|c3';
    await stage.ask(
      'mutation ($i: UpdateUserMetadataInput!) { updateUserMetadata(input: $i) { warnings } }',
      {
        as: stage.administrator,
        variables: { i: { userId: id, patch: { plan: 'CNRY-plan' } } },
      },
    );
    await stage.rule({ paths: ['user_metadata.plan', 'email'], object: { connections: ['corp'] } });
    const primary = await stage.product.givenUser({ username: 'keeper', email: 'keeper@example.com' });
    const input = { userId: primary, secondaryUserId: id, mergePolicy: 'KEEP_PRIMARY_FILL_GAPS' };
    const answer = await stage.ask(link, { as: stage.support, variables: { input } });
    expect(answer.errors).toEqual([]);
    const read = await stage.ask(shown, { as: stage.support, variables: { id: primary } });
    expect(read.data).toMatchObject({ user: { email: null, metadata: { user: {} } } });
    expect(read.text).not.toContain('CNRY');
    expect(read.text).not.toContain('third@corp.example');
    const open = await stage.ask(shown, { as: stage.sales, variables: { id: primary } });
    expect(open.text).toContain('CNRY-plan');
  });

  test('B12 no default name is stored, so taking a name away shows no hidden one', async () => {
    await stage.rule({ paths: ['email', 'phone_number', 'username'] });
    const update =
      'mutation ($i: UpdateUserInput!) { updateUser(input: $i) { user { name nickname picture } } }';
    const answers: string[] = [];
    for (const holds of [true, false]) {
      count += 1;
      const id = await stage.product.givenUser({
        username: `named${count}`,
        name: 'A Name',
        ...(holds ? { email: `cnry${count}@hidden.example` } : {}),
      });
      const answer = await stage.ask(update, {
        as: stage.support,
        variables: { i: { id, name: null, nickname: null, picture: null } },
      });
      answers.push(answer.text);
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('"name":null,"nickname":null');
  });

  test('B12 no claim that means a hidden attribute is mapped to a name that is not hidden', async () => {
    const as = await stage.product.machine(['create:connections', 'update:connections'], ['Support']);
    const made = await stage.ask(
      'mutation { createConnection(input: { name: "mapped", strategy: "oidc" }) { connection { id } } }',
      { as },
    );
    const id = /con_\w+/.exec(made.text)?.[0];
    const map = (settings: object): Promise<Served> =>
      stage.ask(
        'mutation ($i: UpdateConnectionInput!) { updateConnection(input: $i) { connection { id } } }',
        {
          as,
          variables: { i: { id, ...settings } },
        },
      );
    const tried = {
      'what it means, under another name': { nickname: 'phone_number' },
      'a part of it': { nickname: { claims: ['phone_number.mobile'] } },
      'one that is kept as it is': { 'user_metadata.copy': ['ssn'] },
      'under its address': { nickname: ['https://claims.example/ssn'] },
      'away, so that it is kept as it is': { phone_number: ['none'] },
      'for who may not write': { 'app_metadata.level': ['level'] },
      'for some users': { nickname: ['family_name'] },
    };
    await stage.rule({ paths: ['phone_number', 'attributes.ssn'] });
    await stage.rule({ paths: ['app_metadata.level'], actions: ['WRITE'] });
    await stage.rule({ paths: ['family_name'], object: { organizations: ['org_acme000000000000'] } });
    await stage.rule({ paths: ['email_verified'], actions: ['WRITE'] });
    for (const [what, attributeMapping] of Object.entries(tried)) {
      expect([what, codesOf(await map({ attributeMapping }))]).toEqual([what, ['FORBIDDEN_ARGUMENT']]);
      const input = { name: 'never', strategy: 'oidc', attributeMapping };
      const created = await stage.ask(
        'mutation ($i: CreateConnectionInput!) { createConnection(input: $i) { connection { id } } }',
        { as, variables: { i: input } },
      );
      expect([what, codesOf(created)]).toEqual([what, ['FORBIDDEN_ARGUMENT']]);
    }
    expect(codesOf(await map({ emailVerifiedPolicy: 'ALWAYS_TRUE' }))).toEqual(['FORBIDDEN_ARGUMENT']);
    expect(codesOf(await map({ attributeMapping: { nickname: ['handle'], badge: 'badge' } }))).toEqual([]);
    await stage.reset();
    for (const attributeMapping of Object.values(tried))
      expect(codesOf(await map({ attributeMapping }))).toEqual([]);
  });

  test('B12 a claim on the blacklist hides what it is mapped to from the answer on, and nobody takes that away who may not change the blacklist', async () => {
    const as = await stage.product.machine([
      'create:connections',
      'update:connections',
      'read:users',
      'record:logins',
    ]);
    await stage.blacklist(['surname']);
    const made = await stage.ask(
      'mutation { createConnection(input: { name: "listed", strategy: "oidc", attributeMapping: { nickname: ["handle"] } }) { connection { id } } }',
      { as },
    );
    const id = /con_\w+/.exec(made.text)?.[0];
    const userId = 'oidc|listed|one';
    const recorded = await stage.ask(
      'mutation { recordLogin(input: { connection: "listed", claims: { sub: "one", handle: "jo", surname: "CNRY" } }) { user { id } } }',
      { as },
    );
    expect(recorded.text).toContain(userId);
    const nickname = async (): Promise<unknown> =>
      (await stage.ask('query ($id: ID!) { user(id: $id) { nickname } }', { as, variables: { id: userId } }))
        .data;
    const map = (attributeMapping: object | null, by: string): Promise<Served> =>
      stage.ask(
        'mutation ($i: UpdateConnectionInput!) { updateConnection(input: $i) { connection { id } } }',
        {
          as: by,
          variables: { i: { id, attributeMapping } },
        },
      );
    expect(await nickname()).toEqual({ user: { nickname: 'jo' } });
    expect(codesOf(await map({ nickname: ['handle', 'surname'] }, as))).toEqual([]);
    expect(await nickname()).toEqual({ user: { nickname: null } });
    expect(codesOf(await map({ nickname: ['handle'] }, as))).toEqual(['FORBIDDEN_ARGUMENT']);
    expect(await nickname()).toEqual({ user: { nickname: null } });
    expect(codesOf(await map({ nickname: ['handle'] }, stage.administrator))).toEqual([]);
    expect(await nickname()).toEqual({ user: { nickname: 'jo' } });
  });

  test('B12 B19 no page in the middle of a sign-in is told, or asked by, what is hidden from who makes it', async () => {
    const secret = 'a secret of at least thirty-two bytes';
    const as = await stage.product.machine(['update:login_redirects'], ['Support']);
    const save = (more: object, expectedVersion: number | null = null): Promise<Served> =>
      stage.ask(
        'mutation ($i: SaveLoginRedirectInput!) { saveLoginRedirect(input: $i) { loginRedirect { version } } }',
        {
          as,
          variables: {
            i: { name: 'page', url: 'https://page.example/ask', secret, expectedVersion, ...more },
          },
        },
      );
    await stage.rule({ paths: ['phone_number', 'user_metadata.plan'] });
    await stage.rule({ paths: ['user_metadata.team'], object: { connections: ['corp'] } });
    for (const attribute of [
      'phone_number',
      'phoneNumber',
      'user_metadata.plan',
      'user_metadata.plan.level',
      'user_metadata.team',
    ]) {
      const condition = { attribute, operator: 'EQUALS', value: 'x' };
      for (const more of [
        { payload: [attribute] },
        { payload: ['email', attribute] },
        { conditions: [condition] },
      ])
        expect([attribute, codesOf(await save(more))]).toEqual([attribute, ['FORBIDDEN_ARGUMENT']]);
    }
    expect(codesOf(await save({ payload: ['email', 'user_metadata.theme'] }))).toEqual([]);
    expect(codesOf(await save({ payload: ['phone_number'] }, 1))).toEqual(['FORBIDDEN_ARGUMENT']);
    await stage.reset();
    expect(codesOf(await save({ payload: ['phone_number'] }, 1))).toEqual([]);
  });
});
