import type { Call } from '#src/access/call';
import type { FactorsConfig } from '#src/config/factors';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import {
  attemptChallenge,
  beginChallenge,
  endChallenge,
  peekChallenge,
  type BegunChallenge,
  type Ring,
} from '#src/features/factors/challenges/challenges';
import { bindingOf } from '#src/features/factors/enrollments/enrollment';
import { lockCaller, requireUserId } from '#src/features/factors/methods/method-changes';
import {
  findPasswordFacts,
  type PasswordFacts,
} from '#src/features/factors/methods/authentication-method.repository';
import { requireStepUp } from '#src/features/factors/step-up/require-step-up';
import type { MailService } from '#src/features/mail/mail.service';
import { passwordChanged } from '#src/features/mail/templates/password-changed';
import type { PasswordService } from '#src/features/passwords/password.service';
import type { PasswordPolicy } from '#src/features/passwords/policy/password-policy';
import { userErrors } from '#src/features/users/user.errors';
import type { UserService } from '#src/features/users/user.service';
import { GatehouseError } from '#src/shared/errors';

export interface PasswordEnrollmentParts {
  readonly audit: AuditService;
  readonly users: UserService;
  readonly mail: Pick<MailService, 'notify'>;
  readonly connections: ConnectionService;
  readonly passwords: PasswordService;
  readonly config: FactorsConfig;
  readonly ring: Ring;
}

export interface StartedPassword extends BegunChallenge {
  readonly policy: PasswordPolicy;
}

export type VerifiedPassword =
  | { readonly outcome: 'VERIFIED'; readonly facts: PasswordFacts }
  | { readonly outcome: 'EXPIRED' }
  /** Every rule that the password breaks. */
  | { readonly outcome: 'REFUSED'; readonly violations: readonly string[] };

const lifetimeMs = 10 * 60_000;

/** Begins to set a password; OPERATION_NOT_SUPPORTED for a user whose passwords are kept elsewhere. Answers what it must be like. */
export async function startPassword(parts: PasswordEnrollmentParts, call: Call): Promise<StartedPassword> {
  const userId = requireUserId(call);
  return call.store.transaction(async (store) => {
    const user = await parts.users.requireReachable(call, store, userId);
    await requireStepUp(parts.config, store, call, userId);
    const connection = await parts.connections.require(store, user.connection);
    if (strategyKind(connection.strategy) !== 'DATABASE') {
      throw userErrors.OPERATION_NOT_SUPPORTED({
        message: `The connection "${connection.name}" keeps the passwords of its users itself.`,
      });
    }
    const begun = await beginChallenge(parts.ring, store, call, {
      ...({ purpose: 'enrollment', type: 'PASSWORD', userId, methodId: null } as const),
      ...{ binding: bindingOf(call), state: null, lifetimeMs },
    });
    return { ...begun, policy: parts.passwords.policyOf(connection) };
  });
}

/** Sets the password. What breaks the policy is an outcome and leaves the enrolment open for another try. */
export async function verifyPassword(
  parts: PasswordEnrollmentParts,
  call: Call,
  { authSession, newPassword }: { readonly authSession: string; readonly newPassword: string },
): Promise<VerifiedPassword> {
  const userId = requireUserId(call);
  const answering = { secret: authSession, purpose: 'enrollment', userId, binding: bindingOf(call) } as const;
  await requireStepUp(parts.config, call.store, call, userId);
  // SECURITY: hashing is slow; without an enrolment under way nobody makes the gateway hash.
  const standing = await peekChallenge(parts.ring, call.store, call, answering);
  if (standing?.type !== 'PASSWORD') return { outcome: 'EXPIRED' };
  const hash = await hashed(parts, call, userId, newPassword);
  if (typeof hash !== 'string') return { outcome: 'REFUSED', violations: hash };
  return call.store.transaction(async (store): Promise<VerifiedPassword> => {
    const user = await lockCaller(parts, store, call);
    await requireStepUp(parts.config, store, call, userId);
    const challenge = await attemptChallenge(parts.ring, store, call, answering);
    if (challenge === null || !(await endChallenge(store, challenge))) return { outcome: 'EXPIRED' };
    await parts.passwords.store(store, call, userId, hash);
    await parts.audit.record(store, call, {
      action: 'user.change_password',
      targetType: 'User',
      targetId: userId,
    });
    if (user.email !== null)
      await parts.mail.notify(store, call, { to: user.email, template: passwordChanged, variables: {} });
    const [facts] = await findPasswordFacts(store, [userId]);
    return facts === undefined ? { outcome: 'EXPIRED' } : { outcome: 'VERIFIED', facts };
  });
}

/** The hash of the password, or the rules that it breaks. */
async function hashed(
  { users, connections, passwords }: PasswordEnrollmentParts,
  call: Call,
  userId: string,
  newPassword: string,
): Promise<string | readonly string[]> {
  const user = await call.store.transaction((store) => users.requireReachable(call, store, userId));
  const connection = await connections.require(call.store, user.connection);
  try {
    const about = { connection, profile: user, userId, occasion: 'RESET' } as const;
    return await passwords.hashNew(call, newPassword, about);
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    if (error.code === 'PASSWORD_POLICY') return error.extensions['violations'] as readonly string[];
    if (error.code === 'PASSWORD_LEAKED') return ['LEAKED'];
    throw error;
  }
}
