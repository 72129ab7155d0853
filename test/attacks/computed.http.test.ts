import { eachDatabase } from '#test/support/databases';
import {
  attributesSecret,
  columnSecret,
  metadataSecret,
  profileDataSecret,
} from '#test/attacks/support/secrets';
import { target } from '#test/attacks/support/cast';
import { codesOf, Stage } from '#test/attacks/support/stage';
import { usualSecrets, type UsualSecrets } from '#test/attacks/support/usual-secrets';

eachDatabase('attacks by raw and computed fields', (database) => {
  let stage: Stage;
  let secrets: UsualSecrets;

  beforeAll(async () => {
    stage = await Stage.open(database);
    secrets = await usualSecrets(stage);
  });
  afterAll(() => stage.close());
  afterEach(() => stage.reset());

  const raw = (): Parameters<typeof attributesSecret>[0] => stage.product.app.storage;
  const attributes = (name: string) =>
    attributesSecret(raw(), target, name, {
      with: { [name]: 'CNRY-claim', locale: 'en' },
      without: { locale: 'en' },
    });
  const profileData = (name: string) =>
    profileDataSecret(raw(), { userId: target, connection: 'corp' }, name, {
      with: { [name]: 'CNRY-profile', locale: 'en' },
      without: { locale: 'en' },
    });
  const claims =
    'query ($id: ID!) { user(id: $id) { attributes one: attributes(names: ["ssn", "locale", "phone_number", "phoneNumber"]) } }';
  const profiles = 'query ($id: ID!) { user(id: $id) { identities { connection profileData } } }';

  test.each([
    ['the name', 'ssn', 'attributes.ssn'],
    ['every name', 'ssn', '**.ssn'],
    ['the root attribute it copies', 'phone_number', 'phone_number'],
    ['the root attribute in the other spelling', 'phoneNumber', 'phone_number'],
    ['a URI', 'https://claims.example/ssn', 'attributes.https://claims.example/ssn'],
    ['a URN', 'urn:oid:2.5.4.42', 'attributes.urn:oid:2.5.4.42'],
    ['a name with a dot', 'tax.number', 'attributes.tax.number'],
    ['another Unicode form', 'cafe\u0301', 'attributes.caf\u00e9'],
  ])('B30 pass-through attributes hide a claim denied by %s', async (_title, claim, path) => {
    await stage.rule({ paths: [path] });
    const answer = await stage.attack(attributes(claim), claims);
    expect(answer.data).toEqual({ user: { attributes: { locale: 'en' }, one: { locale: 'en' } } });
  });

  test.each([
    ['the name', 'gender', 'identities.profileData.gender'],
    ['the other spelling', 'homePhone', 'identities.profile_data.home_phone'],
    ['the root attribute it copies', 'email', 'email'],
    ['everything below identities', 'gender', 'identities.*.gender'],
  ])('B30 the data of a linked identity hides a claim denied by %s', async (_title, claim, path) => {
    await stage.rule({ paths: [path] });
    const answer = await stage.attack(profileData(claim), profiles);
    expect(answer.data).toMatchObject({ user: { identities: [{}, { profileData: { locale: 'en' } }] } });
  });

  test.each(['ssn', 'https://claims.example/ssn', 'urn:oid:2.5.4.42'])(
    'B30 a blacklisted claim %s shows in no raw field, to nobody',
    async (claim) => {
      await stage.blacklist([claim]);
      const { token } = await stage.someone(['read:users']);
      for (const as of [stage.administrator, stage.sales, token, await stage.product.user(target)]) {
        const variables = { id: target };
        await stage.indistinguishable(attributes(claim), () => stage.ask(claims, { as, variables }));
        await stage.indistinguishable(profileData(claim), () => stage.ask(profiles, { as, variables }));
      }
    },
  );

  test('B30 the doors to oneself hide what is hidden from oneself', async () => {
    const token = await stage.product.user(target);
    await stage.rule({
      paths: ['phone_number', 'user_metadata.secret'],
      subject: {},
      object: { self: true },
    });
    for (const field of [
      'me { phoneNumber metadata { user } }',
      'viewer { user { phoneNumber metadata { user(path: "secret") } } }',
      `user(id: "${target}") { phoneNumber metadata { user } }`,
      `node(id: "${target}") { ... on User { phoneNumber metadata { user } } }`,
      'me { sessions { nodes { user { phoneNumber } } } identities { profileData } attributes }',
    ]) {
      for (const secret of [secrets.phone, secrets.metadata]) {
        await stage.indistinguishable(secret, () => stage.ask(`{ ${field} }`, { as: token }));
      }
    }
    await stage.distinguishable(secrets.phone, () =>
      stage.ask(`{ user(id: "${target}") { phoneNumber } }`, { as: stage.support }),
    );
  });

  test('B30 the current session leads to its user behind the same rules', async () => {
    const { id } = await stage.someone();
    const email = 'signed-in@example.com';
    await stage.product.givenUser({ email, password: 'correct horse battery', phoneNumber: '+15550001111' });
    const input = { identifier: email, password: 'correct horse battery' };
    const signIn =
      'mutation ($input: SignInInput!) { signIn(input: $input) { session { id } user { email phoneNumber } } }';
    await stage.rule({ paths: ['phone_number'], subject: {} });
    const signed = await stage.ask(signIn, { variables: { input } });
    expect(signed.data).toMatchObject({ signIn: { user: { email, phoneNumber: null } } });
    const cookie = signed.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const query = `{ currentSession { user { email phoneNumber } } me { phoneNumber } user(id: "${id}") { email } }`;
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const answer = await stage.ask(query, { headers });
    expect(answer.data).toEqual({
      currentSession: { user: { email, phoneNumber: null } },
      me: { phoneNumber: null },
      user: null,
    });
    expect(codesOf(answer)).toEqual(['FORBIDDEN_FIELD', 'FORBIDDEN_FIELD']);
  });

  test('B30 the audit trail tells which attributes changed, and never their values', async () => {
    const canary = 'CNRY-audited@example.com';
    const id = await stage.product.givenUser({ email: canary, username: 'audited' });
    const as = stage.administrator;
    await stage.ask('mutation ($i: UpdateUserInput!) { updateUser(input: $i) { user { id } } }', {
      as,
      variables: { i: { id, nickname: 'CNRY-nick', email: 'CNRY-new@example.com' } },
    });
    await stage.ask(
      'mutation ($i: UpdateUserMetadataInput!) { updateUserMetadata(input: $i) { warnings } }',
      {
        as,
        variables: { i: { userId: id, patch: { hint: 'CNRY-meta' } } },
      },
    );
    const trail = await stage.ask(
      'query ($id: ID!) { auditEvents(targetId: $id) { nodes { action changedPaths details targetId } } }',
      { as, variables: { id } },
    );
    expect(trail.text).toContain('user_metadata.hint');
    expect(trail.text.toUpperCase()).not.toContain('CNRY');
  });

  test('B35 a name, nickname or picture is not made of an attribute that is hidden', async () => {
    const query = 'query ($id: ID!) { user(id: $id) { name nickname picture effectivePicture } }';
    const { storage } = stage.product.app;
    const number = columnSecret(storage, target, 'phone_number', {
      phoneNumber: '+15551234567',
      email: null,
    });
    const names = columnSecret(storage, target, 'given_name', { givenName: 'Zelda', familyName: 'Quill' });
    await stage.rule({ paths: ['email', 'phone_number', 'given_name', 'family_name'] });
    const answer = await stage.attack(secrets.email, query);
    expect(answer.data).toMatchObject({ user: { name: 'target', nickname: 'target' } });
    expect(answer.text).not.toContain('gravatar');
    await stage.attack(number, query);
    await stage.attack(names, query);
  });

  test('B35 a masked attribute is not shown whole through what is made of it', async () => {
    await stage.rule({ paths: ['email'], effect: 'MASK', mask: 'EMAIL_LOCAL' });
    const query = 'query ($id: ID!) { user(id: $id) { name nickname picture effectivePicture } }';
    await stage.attack(secrets.email, query);
  });

  test('B35 the chosen picture needs the right to the metadata and to the attribute', async () => {
    const picture = metadataSecret(stage.product.app.storage, target, 'user_metadata.picture', {
      with: { user: { picture: 'https://pictures.example/CNRY.png' } },
      without: { user: {} },
    });
    const stored = columnSecret(stage.product.app.storage, target, 'picture', {
      picture: 'https://pictures.example/CNRY.png',
    });
    const query = 'query ($id: ID!) { user(id: $id) { effectivePicture picture } }';
    await stage.rule({ paths: ['user_metadata.picture'] });
    await stage.attack(picture, query);
    await stage.reset();
    await stage.rule({ paths: ['picture'] });
    const answer = await stage.attack(stored, query);
    expect(answer.data).toEqual({ user: { effectivePicture: null, picture: null } });
  });

  test('B35 a rule for some users hides what is made of their attribute, and only theirs', async () => {
    await stage.rule({ paths: ['email'], object: { connections: ['corp'] } });
    const query =
      '{ users(sort: [{ field: ID, direction: ASC }]) { nodes { id email name nickname picture } } }';
    const answer = await stage.attack(secrets.email, query, {});
    expect(answer.text).toContain('other@example.com');
    expect(answer.text).not.toContain('third@corp.example');
  });
});
