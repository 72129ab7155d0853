import type { Connection } from '#src/features/connections/connection.service';
import type { EmailVerifiedPolicy } from '#src/features/connections/mapping/mapping';
import { strategyKind } from '#src/features/connections/strategy';
import type { AttributeSources } from './attribute-sources';
import {
  attributePaths,
  profileKeys,
  synchronisedKeys,
  type Profile,
  type ProfileChange,
  type ProfileKey,
} from './profile';

/** What a provider said at a sign-in: checked values; what it did not send is absent. */
export interface SentProfile {
  readonly sent: ProfileChange;
  /** Sent with a value that cannot be stored: what is stored stays. */
  readonly unusable: readonly ProfileKey[];
  /** Told at the first sign-in alone: what is stored stays as well. */
  readonly toldOnce?: readonly ProfileKey[];
  readonly emailVerified: EmailVerifiedPolicy;
}

/** What is stored of a user before the sign-in. */
export interface StoredProfile {
  readonly profile: Profile;
  readonly sources: AttributeSources;
}

const synchronised: ReadonlySet<ProfileKey> = new Set(synchronisedKeys);
const identifying: ReadonlySet<ProfileKey> = new Set(['email', 'username', 'phoneNumber']);

/** The profile of a user who signs in for the first time. */
export function firstProfile(connection: Connection, said: SentProfile): ProfileChange {
  const isForeign = providesAttributes(connection);
  const skipped = isForeign && connection.options.attributeSync === 'never_on_login' ? synchronised : none;
  const sent = without(said.sent, skipped);
  return { ...sent, ...verification(null, { ...said, sent, flags: said.sent }) };
}

const none: ReadonlySet<ProfileKey> = new Set();

/**
 * What a later sign-in changes. Connections whose users are edited here change nothing. Of the others, name, nickname and picture follow
 * the provider as the connection's `attributeSync` says; address, phone number and username follow whenever the provider sends them,
 * except for users of a database connection.
 * An attribute that is no longer sent is emptied only where the provider gave it; an e-mail address never.
 */
export function laterChange(
  connection: Connection,
  said: SentProfile,
  { profile, sources }: StoredProfile,
): ProfileChange {
  if (!providesAttributes(connection)) return {};
  const follows = connection.options.attributeSync === 'on_each_login';
  // Whose password is kept elsewhere is known here by address or username all the same: these stay as they are.
  const skipped = isKeptElsewhere(connection) ? identifying : none;
  const sent = without(said.sent, follows ? skipped : new Set([...skipped, ...synchronised]));
  const omitted = follows
    ? synchronisedKeys.filter(
        (key) =>
          said.sent[key] === undefined &&
          !said.unusable.includes(key) &&
          said.toldOnce?.includes(key) !== true &&
          sources[attributePaths[key]]?.source === 'PROVIDER',
      )
    : [];
  return {
    ...sent,
    ...Object.fromEntries(omitted.map((key) => [key, null])),
    ...verification({ profile, sources }, { ...said, sent, flags: said.sent }),
  };
}

/** Whether the attributes of this connection's users come from elsewhere at each sign-in. */
export function providesAttributes(connection: Connection): boolean {
  const kind = strategyKind(connection.strategy);
  return kind === 'SOCIAL' || kind === 'ENTERPRISE' || isKeptElsewhere(connection);
}

/** A database connection that asks another system about passwords at every sign-in. */
export function isKeptElsewhere({ strategy, options }: Connection): boolean {
  return strategyKind(strategy) === 'DATABASE' && !options.keepsPasswords;
}

/** SECURITY: an address is verified only by a proof; a new one never inherits the proof of the old one. */
function verification(
  stored: StoredProfile | null,
  {
    sent,
    flags,
    emailVerified,
  }: Pick<SentProfile, 'sent' | 'emailVerified'> & { readonly flags: ProfileChange },
): ProfileChange {
  const change: { emailVerified?: boolean; phoneVerified?: boolean } = {};
  const provedHere = (key: 'email' | 'phoneNumber', flag: 'emailVerified' | 'phoneVerified'): boolean =>
    stored !== null &&
    stored.profile[key] === sent[key] &&
    stored.profile[flag] === true &&
    stored.sources[attributePaths[flag]]?.source === 'LOCAL';
  if (sent.email && !provedHere('email', 'emailVerified')) {
    change.emailVerified =
      emailVerified === 'ALWAYS_TRUE' || (emailVerified === 'TRUST_CLAIM' && flags.emailVerified === true);
  }
  if (sent.phoneNumber && !provedHere('phoneNumber', 'phoneVerified'))
    change.phoneVerified = flags.phoneVerified === true;
  return change;
}

function without(sent: ProfileChange, skipped: ReadonlySet<ProfileKey>): ProfileChange {
  const flags: ReadonlySet<ProfileKey> = new Set(['emailVerified', 'phoneVerified']);
  return Object.fromEntries(
    profileKeys
      .filter((key) => sent[key] !== undefined && !skipped.has(key) && !flags.has(key))
      .map((key) => [key, sent[key]]),
  );
}
