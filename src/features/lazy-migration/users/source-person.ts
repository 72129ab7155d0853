import { z } from 'zod';
import { stripBlacklisted } from '#src/access/blacklist';
import type { Policy } from '#src/access/policy';
import type { Connection } from '#src/features/connections/connection.service';
import { mapAllowedClaims } from '#src/features/connections/mapping/allowed-claims';
import { mapClaims } from '#src/features/connections/mapping/map-claims';
import { mappingOf } from '#src/features/connections/mapping/mapping-of';
import type { ForeignFactor } from '#src/features/factors/methods/foreign-factors';
import { SourceFault, type SourceProfile } from '#src/features/lazy-migration/sources/migration-source';
import { usableClaims } from '#src/features/profiles/logins/sent-profile';
import type { LoginProfile } from '#src/features/users/changes/store-login';
import { foldText } from '#src/features/users/fold-text';

/** Somebody whom a source knows, in the words of this gateway: mapped, without anything blacklisted, cut to what can be stored. */
export interface SourcePerson {
  /** The part of the user id behind the strategy. */
  readonly sourceId: string;
  readonly login: LoginProfile;
  /** Whether the source says that this person may not sign in. */
  readonly isBlocked: boolean;
  /** Second factors, for a user who is made. */
  readonly factors: readonly ForeignFactor[];
  /** How many attributes a blacklist stopped, and how many could not be stored. */
  readonly stripped: number;
  readonly ignored: number;
}

export interface PersonReading {
  readonly connection: Connection;
  /** What the person typed. */
  readonly identifier: string;
  readonly policy: Policy;
  readonly prefixIds: boolean;
}

const longestId = 255;
const longestUsername = 128;

/**
 * Reads what a source sent about who typed `identifier`. PROFILE_INVALID where it has no id, or speaks of somebody else.
 * SECURITY: a source that is confused, or broken into, must not sign anybody in as somebody else.
 */
export function readSourcePerson(
  profile: SourceProfile,
  { connection, identifier, policy, prefixIds }: PersonReading,
): SourcePerson {
  const mapping = mappingOf(connection.strategy, connection.options.attributeMapping);
  const { mapped, stripped } = mapAllowedClaims(mapping, profile, policy, { connections: [connection.name] });
  const { root } = mapClaims(mapping, profile);
  const typed = foldText(identifier);
  const own = [root.email, root.username, root.phone_number];
  if (!own.some((value) => typeof value === 'string' && foldText(value) === typed)) {
    throw new SourceFault('PROFILE_INVALID');
  }
  // The other system's usernames came before this connection's rule about their length.
  const options = { ...connection.options, usernameLength: { min: 1, max: longestUsername } };
  const { sent, unusable, attributes, ignored } = usableClaims(mapped, { ...connection, options });
  const metadata = metadataOf(profile, policy, connection.name);
  const foreign = Object.entries(attributes).filter(([name]) => !notAttributes.has(name));
  return {
    sourceId: sourceIdOf(mapped.userId, connection, prefixIds),
    login: {
      connection,
      sent,
      unusable,
      emailVerified: connection.options.emailVerified ?? mapping.emailVerified,
      claims: {
        attributes: Object.fromEntries(foreign),
        userMetadata: { ...metadata.user, ...mapped.userMetadata },
        appMetadata: { ...metadata.app, ...mapped.appMetadata },
      },
    },
    isBlocked: profile['blocked'] === true,
    factors: factorsOf(profile['mfa_factors']),
    stripped: stripped + metadata.stripped,
    ignored: ignored + metadata.ignored,
  };
}

/**
 * What a source may not hand over as attributes: factors are kept by themselves, and rights are given here.
 * SECURITY: attributes are read by whoever may read users; tokens and hashes stay at the source.
 */
const notAttributes: ReadonlySet<string> = new Set([
  ...['mfa_factors', 'roles', 'permissions', 'organizations'],
  ...['access_token', 'refresh_token', 'id_token', 'password', 'password_hash', 'custom_password_hash'],
]);

const mailbox = z.strictObject({ value: z.string().min(3).max(254) });
const foreignFactors = z
  .array(
    z.union([
      z.strictObject({
        totp: z.strictObject({
          secret: z
            .string()
            .max(256)
            .regex(/^[A-Z2-7]+$/),
          algorithm: z.string().optional(),
          digits: z.number().optional(),
          period: z.number().optional(),
        }),
      }),
      z.strictObject({ phone: mailbox }),
      z.strictObject({ email: mailbox }),
    ]),
  )
  .max(10);

/** SECURITY: whoever had a second factor must not come in without it because it could not be read. */
function factorsOf(given: unknown): readonly ForeignFactor[] {
  if (given === undefined || given === null) return [];
  const parsed = foreignFactors.safeParse(given);
  if (!parsed.success) throw new SourceFault('PROFILE_INVALID');
  return parsed.data;
}

function sourceIdOf(id: string | null, { name, strategy }: Connection, prefixIds: boolean): string {
  const own = id?.startsWith(`${strategy}|`) ? id.slice(strategy.length + 1) : (id ?? '');
  const whole = prefixIds && !own.startsWith(`${name}|`) ? `${name}|${own}` : own;
  if (own === '' || whole.length > longestId || !/^[^\p{C}\s]+$/u.test(whole)) {
    throw new SourceFault('PROFILE_INVALID');
  }
  return whole;
}

/** SECURITY: members of app_metadata by which a source could pass for the gateway's own knowledge. */
const reservedMembers: ReadonlySet<string> = new Set([
  ...['__tenant', '_id', 'blocked', 'clientID', 'created_at', 'email_verified', 'email', 'globalClientID'],
  ...['global_client_id', 'identities', 'lastIP', 'lastLogin', 'loginsCount', 'metadata', 'multifactor'],
  ...['multifactor_last_modified', 'updated_at', 'user_id', '__proto__', 'constructor', 'prototype'],
]);

function metadataOf(profile: SourceProfile, policy: Policy, connection: string) {
  const given = {
    user_metadata: objectOr(profile['user_metadata']),
    app_metadata: objectOr(profile['app_metadata']),
  };
  const { kept, stripped } = stripBlacklisted(policy, { connections: [connection] }, given);
  const members = Object.entries(objectOr(kept.app_metadata));
  const usable = members.filter(([name]) => !reservedMembers.has(name));
  return {
    user: objectOr(kept.user_metadata),
    app: Object.fromEntries(usable),
    stripped: stripped.length,
    ignored: members.length - usable.length,
  };
}

function objectOr(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : {};
}
