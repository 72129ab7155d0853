import type { Call } from '#src/access/call';
import { decide } from '#src/access/decide';
import type { Connection } from '#src/features/connections/connection.service';
import { ownsIdentifiers, strategyKind } from '#src/features/connections/strategy';
import { foldText } from '#src/features/users/fold-text';
import { attributePaths, identifierKeys, type Profile } from '#src/features/users/profile/profile';
import {
  deleteIdentifier,
  insertIdentifier,
  type LoginIdentifier,
} from '#src/features/users/user.repository';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

type IdentifierKey = (typeof identifierKeys)[number];

const kinds: { readonly [key in IdentifierKey]: LoginIdentifier['kind'] } = {
  email: 'email',
  username: 'username',
  phoneNumber: 'phone',
};

/** The identifier as it is reserved for its connection, or null where the connection has none of that kind. */
export function identifierOf(
  key: IdentifierKey,
  profile: Profile,
  connection: Connection,
): LoginIdentifier | null {
  const value = profile[key];
  if (value === null || !ownsIdentifiers(connection.strategy)) return null;
  return { connection: connection.name, kind: kinds[key], value: foldText(value) };
}

export function identifiersOf(profile: Profile, connection: Connection): readonly LoginIdentifier[] {
  return identifierKeys
    .map((key) => identifierOf(key, profile, connection))
    .filter((found) => found !== null);
}

/** Refuses a profile without which its user could never sign in. */
export function requireIdentifier(profile: Profile, connection: Connection): void {
  const kind = strategyKind(connection.strategy);
  if (kind === 'DATABASE') {
    if (connection.options.requiresUsername && profile.username === null) {
      throw missing('username', 'This connection asks for a username.');
    }
    if (profile.email === null && profile.username === null && profile.phoneNumber === null) {
      throw missing('email', 'A user needs an email, a username or a phoneNumber.');
    }
  } else if (connection.strategy === 'email' && profile.email === null) {
    throw missing('email', 'Users of this connection sign in by email, so they need one.');
  } else if (connection.strategy === 'sms' && profile.phoneNumber === null) {
    throw missing(
      'phoneNumber',
      'Users of this connection sign in by text message, so they need a phoneNumber.',
    );
  }
}

function missing(field: string, message: string): Error {
  return commonErrors.VALIDATION_FAILED({ message, extensions: { field } });
}

interface IdentifierOwner {
  readonly id: string;
  readonly connection: Connection;
  readonly profile: Profile;
  /** What was reserved before; absent for a new user. */
  readonly before?: Profile;
}

/** Reserves the identifiers that are new and gives up those that are gone; CONFLICT when another user of the connection has one. */
export async function reserveIdentifiers(store: Store, call: Call, owner: IdentifierOwner): Promise<void> {
  for (const key of identifierKeys) {
    const next = identifierOf(key, owner.profile, owner.connection);
    const old = owner.before ? identifierOf(key, owner.before, owner.connection) : null;
    if (next?.value === old?.value) continue;
    if (old) await deleteIdentifier(store, owner.id, old);
    if (next && !(await insertIdentifier(store, owner.id, next))) throw taken(call, key);
  }
}

/**
 * SECURITY: a uniqueness error tells that another user has the value. Only who may read the attribute of every user learns which
 * one it was; anybody else learns only that the change is not possible.
 */
function taken(call: Call, key: IdentifierKey): Error {
  const mayRead = decide(call, 'READ', attributePaths[key]) === 'ALLOW';
  if (!mayRead || call.principal.organizationId !== null) return commonErrors.CONFLICT();
  return commonErrors.CONFLICT({
    message: `Another user of this connection has this ${key}.`,
    extensions: { field: key },
  });
}
