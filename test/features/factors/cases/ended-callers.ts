import { sql } from '#src/storage/sql';
import { codeAt } from '#test/features/factors/support/code-at';
import {
  password,
  type FactorScene,
  type Json,
  type Person,
} from '#test/features/factors/support/factor-scene';

const newPassword = 'another horse battery';

/** A request that was recognised and whose session ends before it writes: here behind another field of its document. */
export function endedCallerCases(opened: () => FactorScene): void {
  let scene: FactorScene;
  let ada: Person;

  beforeEach(async () => {
    scene = opened();
    ada = await scene.person('ada');
    await ada.signIn();
  });

  const stored = async (): Promise<Json[]> => [
    await scene.rows(
      sql`SELECT u.email AS "email", p.hash AS "hash", u.credential_epoch AS "epoch"
        FROM users u JOIN passwords p ON p.user_id = u.id WHERE u.id = ${ada.id}`,
      { email: 'text', hash: 'text', epoch: 'integer' },
    ),
    await scene.rows(sql`SELECT id AS "id" FROM authentication_methods WHERE user_id = ${ada.id}`, {
      id: 'text',
    }),
    await scene.rows(sql`SELECT provider_user_id AS "id" FROM identities WHERE user_id = ${ada.id}`, {
      id: 'text',
    }),
    await scene.rows(sql`SELECT user_id AS "id" FROM account_deletions WHERE user_id = ${ada.id}`, {
      id: 'text',
    }),
    await scene.rows(sql`SELECT id AS "id" FROM tickets WHERE user_id = ${ada.id}`, { id: 'text' }),
  ];

  it.each<readonly [string, () => Promise<readonly [string, string, object?]>]>([
    [
      'enrol a method',
      () =>
        Promise.resolve([
          'startEnrollment(input: $input) { __typename }',
          'StartEnrollmentInput',
          { totp: {} },
        ]),
    ],
    [
      'set a password',
      async () => {
        const { data } = await ada.start({ password: true });
        const { authSession } = data.startEnrollment.enrollment;
        const input = { password: { authSession, newPassword } };
        return ['verifyEnrollment(input: $input) { __typename }', 'VerifyEnrollmentInput', input];
      },
    ],
    [
      'delete a method',
      async () => {
        const { id } = await ada.enrollTotp(scene.clock.now());
        const field = 'deleteMyAuthenticationMethod(input: $input) { deletedId }';
        return [field, 'DeleteMyAuthenticationMethodInput', { id }];
      },
    ],
    [
      'change the password',
      () => {
        const input = { currentPassword: password, newPassword };
        return Promise.resolve([
          'changePassword(input: $input) { __typename }',
          'ChangePasswordInput',
          input,
        ]);
      },
    ],
    [
      'change the address',
      () => {
        const input = { newEmail: 'thief@example.com' };
        const field = 'requestEmailChange(input: $input) { __typename }';
        return Promise.resolve([field, 'RequestEmailChangeInput', input]);
      },
    ],
    [
      'link another account',
      async () => {
        const { email } = await scene.person('thief');
        const input = { identifier: email, password };
        return ['linkMyAccount(input: $input) { __typename }', 'LinkMyAccountInput', input];
      },
    ],
    ['delete the account', () => Promise.resolve(['deleteMe { userId }', ''])],
    ['export what is stored', () => Promise.resolve(['createMyDataExport { createdAt }', ''])],
  ])('cannot %s', async (_what, prepare) => {
    const [field, type, input] = await prepare();
    const before = await stored();
    const variables = type === '' ? '' : `, $input: ${type}!`;
    const { codes, errors } = await ada.ask(
      `mutation ($end: RevokeMySessionsInput!${variables}) { revokeMySessions(input: $end) { revokedCount } ${field} }`,
      { end: { exceptCurrent: false }, ...(input !== undefined && { input }) },
    );
    expect(codes).toEqual(['UNAUTHENTICATED']);
    expect(errors[0]?.extensions).toMatchObject({ reason: 'SESSION_ENDED' });
    expect(await stored()).toEqual(before);
  });

  it('cannot complete a link with the second factor of the other account', async () => {
    const other = await scene.person('other');
    await other.signIn();
    const { seed } = await other.enrollTotp(scene.clock.now());
    const link = `mutation ($input: LinkMyAccountInput!) { linkMyAccount(input: $input) {
      result { ... on LinkProofRequired { linkToken } } } }`;
    const { data } = await ada.ask(link, { input: { identifier: other.email, password } });
    await scene.pass(30_000);
    const { linkToken } = data.linkMyAccount.result;
    const { codes } = await ada.ask(
      `mutation ($end: RevokeMySessionsInput!, $input: CompleteAccountLinkInput!) {
        revokeMySessions(input: $end) { revokedCount } completeAccountLink(input: $input) { linkedUserId } }`,
      {
        end: { exceptCurrent: false },
        input: { linkToken, proof: { otpCode: codeAt(seed, scene.clock.now()) } },
      },
    );
    expect(codes).toEqual(['UNAUTHENTICATED']);
    expect(await other.signIn()).toMatchObject({ __typename: 'MfaChallenge' });
  });
}
