import {
  codesOf,
  goodPassword,
  signInMutation,
  type AccountScene,
} from '#test/features/accounts/account-scene';
import type { Answer } from '#test/support/app';

export const field = (name: string, input: string, selection = '{ isAccepted }'): string =>
  `mutation ($input: ${input}!) { ${name}(input: $input) ${selection} }`;
export const mutations = {
  signUp: field('signUp', 'SignUpInput'),
  signUpShown: field('signUp', 'SignUpInput', '{ confirmationCode }'),
  requestReset: field('requestPasswordReset', 'RequestPasswordResetInput'),
  reset: field('resetPassword', 'ResetPasswordInput'),
  requestVerification: field('requestEmailVerification', 'RequestEmailVerificationInput'),
  verify: field('verifyEmail', 'VerifyEmailInput'),
  changePassword: field('changePassword', 'ChangePasswordInput', '{ user { id } }'),
  requestVerificationShown: field(
    'requestEmailVerification',
    'RequestEmailVerificationInput',
    '{ confirmationCode }',
  ),
  requestChange: field('requestEmailChange', 'RequestEmailChangeInput'),
  requestChangeShown: field('requestEmailChange', 'RequestEmailChangeInput', '{ confirmationCode }'),
  passwordTicket: field('createPasswordTicket', 'CreatePasswordTicketInput', '{ ticket { url expiresAt } }'),
  verificationTicket: field(
    'createEmailVerificationTicket',
    'CreateEmailVerificationTicketInput',
    '{ ticket { url expiresAt } }',
  ),
};
export const newPassword = 'another fine phrase';
export const tokenOf = (url: unknown): string => String(url).split('/').at(-1) as string;
/** The letters that the answer to a request for a message shows. */
export const lettersOf = ({ data }: Pick<Answer, 'data'>): string =>
  (Object.values(data ?? {})[0] as { confirmationCode: string }).confirmationCode;
export const bodyOf = ({ status, data, errors }: Answer): string => JSON.stringify({ status, data, errors });

/** What the cases do again and again. */
export function accountTools(scene: () => AccountScene) {
  const ask: AccountScene['ask'] = (...given) => scene().ask(...given);
  const givenUser = (): Promise<string> =>
    scene().app.givenUser({ email: scene().email, password: goodPassword });
  const userOf = async (email: string): Promise<Record<string, unknown> | undefined> => {
    const query = `query { usersByEmail(email: "${email}", caseSensitive: false) { id emailVerified name metadata { user } } }`;
    const { data } = await ask(query, undefined, { token: await scene().app.administrator() });
    return (data?.usersByEmail as Record<string, unknown>[])[0];
  };
  /** Signs in as a browser; answers the headers of its next request. */
  const browser = async (
    password = goodPassword,
    identifier = scene().email,
  ): Promise<Record<string, string>> => {
    const answer = await ask(signInMutation, { identifier, password });
    const cookie = answer.headers.getSetCookie().find((header) => header.startsWith('gid_session='));
    return {
      cookie: String(cookie).split(';')[0] as string,
      origin: new URL(scene().app.app.platform.config.http.issuer).origin,
    };
  };
  const isSignedIn = async (headers: Record<string, string>): Promise<boolean> =>
    (await ask('{ me { id } }', undefined, { headers })).data?.me !== null;
  const resetUrl = async (email = scene().email): Promise<unknown> => {
    expect(codesOf(await ask(mutations.requestReset, { email }))).toEqual([]);
    return (await scene().settle()).at(-1)?.variables.resetUrl;
  };

  return { ask, givenUser, userOf, browser, isSignedIn, resetUrl };
}

export type AccountTools = ReturnType<typeof accountTools>;
