import type { Call } from '#src/access/call';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import { defaultConnection, type ConnectionService } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import type { SigningBrowser } from '#src/features/sessions/minting/proven-user';
import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import type { Credential } from '#src/features/passwords/credential.repository';
import { passwordBytes } from '#src/features/passwords/password-hash';
import type { PasswordService } from '#src/features/passwords/password.service';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { foldText } from '#src/features/users/fold-text';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { requireApplication } from './sign-in-application';
import type { SignInHooks, UnknownUser } from './sign-in-hooks';
import type { LoginOutcome } from './ask-further';
import type { CompleteParts } from './complete-sign-in';
import { signInProven } from './sign-in-proven';
import { settleAttempt } from '#src/features/attack-protection/settle-attempt';

export interface SignIn {
  /** E-mail address, username or phone number. */
  readonly identifier: string;
  readonly password: string;
  /** Name of the connection; default `main`. */
  readonly connection?: string | null | undefined;
  /** The organization to sign in to. */
  readonly organizationId?: string | null | undefined;
  /** The application through which the user signs in; null: the gateway's own pages. */
  readonly clientId?: string | null | undefined;
}

export interface SignInParts extends CompleteParts {
  readonly connections: ConnectionService;
  readonly passwords: PasswordService;
  readonly attackProtection: AttackProtectionService;
}

const longestIdentifier = 320;

/**
 * Checks a password and starts a session. INVALID_CREDENTIALS answers an unknown user, a wrong password and a blocked user alike and
 * in the same time; CONNECTION_DISABLED, TOO_MANY_ATTEMPTS and what is wrong with the application are answered before anything is looked
 * up about the user.
 */
export async function signIn(
  parts: SignInParts,
  call: Call,
  input: SignIn,
  browser: SigningBrowser,
): Promise<LoginOutcome> {
  const { identifier, password } = input;
  if (identifier.length === 0 || identifier.length > longestIdentifier) {
    throw commonErrors.VALIDATION_FAILED({
      message: `An identifier has 1 to ${longestIdentifier} characters.`,
      extensions: { field: 'identifier', limit: longestIdentifier },
    });
  }
  passwordBytes(password);
  if ((browser.tokenUse ?? null) !== null && (input.clientId ?? null) === null) {
    throw commonErrors.VALIDATION_FAILED({
      message: 'Tokens are given to an application: name it in `clientId`.',
      extensions: { field: 'clientId' },
    });
  }
  return parts.passwords.admit(() => tryPassword(parts, call, input, browser));
}

/** One attempt, counted before anything is looked up about the user. */
async function tryPassword(
  parts: SignInParts,
  call: Call,
  { identifier, password, connection: name, organizationId = null, clientId = null }: SignIn,
  browser: SigningBrowser,
): Promise<LoginOutcome> {
  const application =
    clientId === null ? null : await requireApplication(parts, call.store, clientId, organizationId);
  const connection = name ?? defaultConnection;
  const value = foldText(identifier);
  const attempt = await parts.attackProtection.beginSignIn(call, {
    connection,
    identifier: value,
    ip: browser.ip,
    device: browser.device ?? null,
  });
  const asked = {
    ...{ connection, identifier, value, password },
    applicationId: application?.id ?? null,
    organizationId,
  };
  const found = await settleAttempt(
    attempt,
    () => checkPassword(parts, call, asked),
    () => sessionErrors.INVALID_CREDENTIALS(),
  );
  await parts.passwords.refuseLeaked(call, found.userId, password);
  const checked = { credential: found, password, connection, organizationId, application };
  return goOnAfterCheck(parts, call, checked, browser);
}

interface Guess {
  readonly connection: string;
  /** As typed, and folded. */
  readonly identifier: string;
  readonly value: string;
  readonly password: string;
  readonly applicationId: string | null;
  readonly organizationId: string | null;
}

/** The credential that the password opens, or null; takes one hash whatever is known of the user. */
async function checkPassword(
  parts: SignInParts,
  call: Call,
  { connection: name, identifier, value, password, applicationId, organizationId }: Guess,
): Promise<Credential | null> {
  const connection = await parts.connections.byName(call.store, name);
  const hasPasswords = connection !== null && strategyKind(connection.strategy) === 'DATABASE';
  const source =
    connection === null
      ? undefined
      : parts.hooks.passwordSources.find((one) => one.serves(connection.strategy));
  if ((hasPasswords || source !== undefined) && connection?.isEnabled === false)
    throw sessionErrors.CONNECTION_DISABLED();
  if (source !== undefined) {
    const userId = await source.check(call, { connection: name, identifier, password, applicationId });
    return userId === null ? null : vouchedFor(call, userId);
  }
  if (hasPasswords && !connection.options.keepsPasswords) {
    const known = await parts.passwords.find(call.store, name, value);
    const userId = known?.userId ?? null;
    const asked = { connection: name, identifier, password, userId, organizationId };
    return askElsewhere(parts.hooks, call, asked);
  }
  const guess = { connection: hasPasswords ? name : null, identifier: value, password };
  const { credential, isRight } = await parts.passwords.judge(call.store, guess);
  if (isRight) return credential;
  if (!hasPasswords || parts.hooks.unknownUser.length === 0) return null;
  if (!(await mayBeElsewhere(parts.hooks, call, name)) || (credential?.hash ?? null) !== null) return null;
  const known = await parts.passwords.find(call.store, name, value);
  // Somebody arrived with a password while a stand-in was hashed: a parallel first sign-in.
  if (known !== null && known.hash !== null) return parts.passwords.check(call.store, guess);
  return askElsewhere(parts.hooks, call, {
    ...{ connection: name, identifier, password, organizationId },
    userId: known?.userId ?? null,
  });
}

async function mayBeElsewhere(hooks: SignInHooks, call: Call, connection: string): Promise<boolean> {
  for (const hook of hooks.knownElsewhere) if (await hook(call, connection)) return true;
  return hooks.knownElsewhere.length === 0;
}

/** A user whom another source vouches for. */
async function askElsewhere(hooks: SignInHooks, call: Call, asked: UnknownUser): Promise<Credential | null> {
  for (const hook of hooks.unknownUser) {
    const userId = await hook(call, asked);
    const found = userId === null ? null : await vouchedFor(call, userId);
    if (found !== null) return found;
  }
  return null;
}

async function vouchedFor(call: Call, userId: string): Promise<Credential | null> {
  const state = await readUserState(call.store, userId);
  return state === null ? null : { userId, credentialEpoch: state.credentialEpoch, hash: null };
}

interface Checked {
  readonly credential: Credential;
  readonly password: string;
  readonly connection: string;
  readonly organizationId: string | null;
  readonly application: ApplicationRow | null;
}

async function goOnAfterCheck(
  parts: SignInParts,
  call: Call,
  { credential, password, connection, organizationId, application }: Checked,
  browser: SigningBrowser,
): Promise<LoginOutcome> {
  const newHash = await parts.passwords.renewedHash(credential, password);
  const { userId, credentialEpoch } = credential;
  const method = { name: 'pwd', connection };
  const proven = { userId, credentialEpoch, method, organizationId, application };
  const renew = (store: Store): Promise<void> => parts.passwords.renew(store, credential, newHash);
  return signInProven(parts, call, proven, browser, renew);
}
