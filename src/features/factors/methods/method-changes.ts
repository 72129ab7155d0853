import type { Call } from '#src/access/call';
import { requireUndelegated } from '#src/access/fresh-sign-in';
import type { AuditService } from '#src/features/audit/audit.service';
import { profileNames, type StoredFactorType } from '#src/features/factors/factor-kind';
import type { MailService } from '#src/features/mail/mail.service';
import {
  authenticationMethodChanged,
  type MethodChange,
} from '#src/features/mail/templates/authentication-method-changed';
import { requireStandingCaller } from '#src/features/sessions/minting/standing-session';
import type { UserRow } from '#src/features/users/user-row';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { findMethods, saveMultifactor, type MethodRow } from './authentication-method.repository';

export interface MethodParts {
  readonly audit: AuditService;
  readonly users: UserService;
  readonly mail: Pick<MailService, 'notify'>;
}

/**
 * The signed-in user, locked inside the transaction of `store`; FORBIDDEN for a caller that is no user, UNAUTHENTICATED for one that was
 * signed out or blocked since it was recognised, DELEGATED_SESSION_FORBIDDEN for one who acts in the name of the user.
 */
export async function lockCaller(
  { users }: Pick<MethodParts, 'users'>,
  store: Store,
  call: Call,
): Promise<UserRow> {
  requireUndelegated(call);
  const userId = requireUserId(call);
  await requireStandingCaller(store, call);
  return users.requireReachable(call, store, userId);
}

/** FORBIDDEN for machines, whatever permissions they hold: they have no account of their own. */
export function requireUserId({ principal }: Pick<Call, 'principal'>): string {
  if (principal.userId === null)
    throw commonErrors.FORBIDDEN({ message: 'Only a signed-in user has an account of their own.' });
  return principal.userId;
}

export interface RecordedChange {
  readonly user: UserRow;
  readonly change: MethodChange;
  readonly methods: readonly Pick<MethodRow, 'id' | 'type' | 'name'>[];
}

/** What follows every change of a user's methods: the profile says what is enrolled, the record who did it, a mail tells the user. */
export async function recordChange(
  { audit, mail }: MethodParts,
  store: Store,
  call: Call,
  { user, change, methods }: RecordedChange,
): Promise<readonly MethodRow[]> {
  const now = call.clock.now();
  const [left = []] = await findMethods(store, [user.id]);
  const names = left
    .filter(({ isConfirmed }) => isConfirmed)
    .map(({ type }) => profileNames[type as StoredFactorType]);
  await saveMultifactor(store, user.id, [...new Set(names)], now);
  await audit.record(store, call, {
    action: `authentication_method.${change.toLowerCase()}`,
    targetType: 'User',
    targetId: user.id,
    changedPaths: ['multifactor'],
    details: { methods: methods.map(({ id, type }) => ({ id, type })) },
  });
  if (user.email !== null) {
    await mail.notify(store, call, {
      to: user.email,
      template: authenticationMethodChanged,
      variables: { change, types: [...new Set(methods.map(({ type }) => type))], at: now },
    });
  }
  return left;
}
