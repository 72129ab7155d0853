import { continueAs } from '#src/features/sessions/callers/continue-as';
import type { SignedInOutcome } from '#src/features/sessions/session.service';
import { userById } from '#src/features/users/user.loader';
import type { UserRow } from '#src/features/users/user-row';
import type { Authenticate } from '#src/graphql/authenticate';
import { tagRow } from '#src/graphql/node';
import type { RequestContext } from '#src/graphql/request-context';
import type { SessionRow } from '#src/features/sessions/session.repository';
import { factorsOf } from './proof-names';
import type { LoginResult } from './login-result.type';

export interface SignInAnswer {
  readonly session: SessionRow | null;
  readonly user: UserRow | null;
  readonly result: LoginResult;
}

/** Turns the outcome of a sign-in into its answer: with a session, the browser gets its cookie and the rest is read as the user. */
export async function answerSignIn(
  authenticate: Authenticate,
  context: RequestContext,
  outcome: SignedInOutcome,
): Promise<SignInAnswer> {
  for (const header of outcome.setCookies ?? []) context.http.setCookie(header);
  if (outcome.kind !== 'LOGGED_IN') return { session: null, user: null, result: waiting(outcome) };
  const { session, secret, tokens } = outcome;
  const { principal } = await authenticate(
    { authorization: undefined, sessionCookie: secret },
    context.store,
  );
  continueAs(context, principal);
  const users = context.load(userById);
  users.clear(session.userId);
  const user = await users.load(session.userId);
  return { session, user, result: tagRow({ session, user, tokens }, 'LoggedIn') };
}

function waiting(outcome: Exclude<SignedInOutcome, { kind: 'LOGGED_IN' }>): LoginResult {
  switch (outcome.kind) {
    case 'MFA_CHALLENGE': {
      const { mfaToken, factors, expiresAt } = outcome;
      return tagRow({ mfaToken, factors: factorsOf(factors), expiresAt }, 'MfaChallenge');
    }
    case 'EMAIL_VERIFICATION_REQUIRED':
      return tagRow(
        { message: 'Verify your e-mail address first: follow the link that we sent you.' },
        'EmailVerificationRequired',
      );
    case 'ORGANIZATION_CHOICE': {
      const { choiceToken, organizations, isOptional, expiresAt } = outcome;
      return tagRow({ choiceToken, organizations, isOptional, expiresAt }, 'OrganizationChoice');
    }
    case 'REDIRECT_REQUIRED': {
      const { url, expiresAt } = outcome;
      return tagRow({ url, expiresAt }, 'RedirectRequired');
    }
    case 'PASSWORD_CHANGE_REQUIRED': {
      const { changeToken, reason, expiresAt } = outcome;
      return tagRow({ changeToken, reason, expiresAt }, 'PasswordChangeRequired');
    }
  }
}
