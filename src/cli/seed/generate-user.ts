import type { Instant } from '#src/shared/clock';
import { generateMetadata, type GeneratedMetadata } from './generated-metadata';
import {
  day,
  firstDay,
  generatePerson,
  generatedConnections,
  lastDay,
  phoneNumber,
  pickConnection,
  providerUserId,
  type GeneratedConnection,
  type Account,
  type Person,
} from './generated-people';
import { orderedAlphanumerics, randomFor, type Random } from './random';
import { userAgents } from './vocabulary';

export interface GeneratedIdentity {
  readonly id: string;
  readonly connection: GeneratedConnection;
  readonly providerUserId: string;
  readonly profileData: Readonly<Record<string, unknown>> | null;
}

export interface GeneratedMembership {
  readonly id: string;
  /** Number of the organization. */
  readonly organization: number;
  /** Numbers of the roles held in it. */
  readonly roles: readonly number[];
  readonly joinedAt: Instant;
}

export interface GeneratedSession {
  readonly id: string;
  /** Nobody knows a secret with this hash: it was not made from one. */
  readonly secretHash: string;
  /** Days before the day of seeding on which the session began. */
  readonly age: number;
  readonly startedAtMinute: number;
  readonly isRevoked: boolean;
  readonly ip: string;
  readonly userAgent: string;
}

export interface GeneratedUser {
  readonly number: number;
  readonly id: string;
  readonly connection: GeneratedConnection;
  readonly person: Person | null;
  readonly phoneNumber: string | null;
  readonly username: string | null;
  readonly isEmailVerified: boolean;
  readonly isBlocked: boolean;
  readonly locale: string | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly lastLogin: Instant | null;
  readonly lastIp: string | null;
  readonly loginsCount: number | null;
  readonly multifactor: readonly string[] | null;
  /** The first one is the primary. */
  readonly identities: readonly GeneratedIdentity[];
  readonly metadata: GeneratedMetadata;
  /** Numbers of the roles. */
  readonly roles: readonly number[];
  readonly memberships: readonly GeneratedMembership[];
  readonly sessions: readonly GeneratedSession[];
}

export interface Surroundings {
  /** How many users there are in all: they came evenly over the years. */
  readonly users: number;
  readonly organizations: number;
  readonly roles: number;
}

/** More than a user has of anything: numbers of children never meet. */
const mostChildren = 4;

/** From the first user to the newest, who came a month before the last day. */
const years = lastDay - firstDay - 30 * day;

/** The user with this number: a pure function of seed, number and the sizes of what surrounds him. */
export function generateUser(seed: string, number: number, surroundings: Surroundings): GeneratedUser {
  const random = randomFor(seed, 'user', number);
  const connection = pickConnection(random);
  const person = generatePerson(random, number);
  const createdAt = firstDay + Math.floor(((number + random.fraction()) / surroundings.users) * years);
  const account = { person, number, createdAt };
  const idInProvider = providerUserId(random, connection, account);
  const lastLogin = random.chance(0.94) ? random.integer(createdAt, lastDay) : null;
  const isSms = connection.strategy === 'sms';

  return {
    number,
    id: `${connection.strategy}|${idInProvider}`,
    connection,
    person: isSms ? null : person,
    phoneNumber: isSms ? phoneNumber(number) : null,
    username: connection.strategy === 'auth0' && random.chance(0.3) ? `u${number.toString(36)}` : null,
    isEmailVerified: random.chance(0.85),
    isBlocked: random.chance(0.01),
    locale:
      connection.strategy === 'google-oauth2' ? random.pick(['de', 'en', 'es', 'fr', 'it', 'pl']) : null,
    createdAt,
    updatedAt: Math.max(createdAt, lastLogin ?? 0),
    lastLogin,
    lastIp: lastLogin === null ? null : ipAddress(random),
    loginsCount: lastLogin === null ? null : 1 + Math.floor(random.fraction() ** 3 * 400),
    multifactor: random.chance(0.12) ? [random.pick(['otp', 'recovery-code', 'webauthn-roaming'])] : null,
    identities: generateIdentities(random, account, connection, idInProvider),
    metadata: generateMetadata(random, number),
    roles: numbers(random, surroundings.roles, random.integer(1, 3)),
    memberships: generateMemberships(random, account, surroundings),
    sessions: Array.from({ length: random.integer(0, 3) }, (_, index) =>
      generateSession(random, number, index),
    ),
  };
}

function generateIdentities(
  random: Random,
  account: Account,
  primary: GeneratedConnection,
  idInProvider: string,
): GeneratedIdentity[] {
  const { person, number } = account;
  const linked = random.chance(0.25) ? random.integer(1, 2) : 0;
  const others = generatedConnections.filter((other) => other !== primary && other.strategy !== 'auth0');
  return [primary, ...random.sample(others, linked)].map((connection, position) => ({
    id: `idn_${orderedAlphanumerics(random, number * mostChildren + position)}`,
    connection,
    providerUserId: position === 0 ? idInProvider : providerUserId(random, connection, account),
    profileData:
      position === 0
        ? null
        : { name: person.name, given_name: person.givenName, family_name: person.familyName },
  }));
}

function generateMemberships(
  random: Random,
  account: Account,
  surroundings: Surroundings,
): GeneratedMembership[] {
  return numbers(random, surroundings.organizations, random.integer(1, 3)).map((organization, position) => ({
    id: `mem_${orderedAlphanumerics(random, account.number * mostChildren + position)}`,
    organization,
    roles: numbers(random, surroundings.roles, random.integer(0, 2)),
    joinedAt: random.integer(account.createdAt, lastDay),
  }));
}

function generateSession(random: Random, number: number, position: number): GeneratedSession {
  return {
    id: `ses_${orderedAlphanumerics(random, number * mostChildren + position)}`,
    secretHash: random.hexadecimal(64),
    age: random.integer(0, 20),
    startedAtMinute: random.integer(0, 1439),
    isRevoked: random.chance(0.15),
    ip: ipAddress(random),
    userAgent: random.pick(userAgents),
  };
}

/** An address of the ranges that are reserved for documentation. */
function ipAddress(random: Random): string {
  return `${random.pick(['192.0.2', '198.51.100', '203.0.113'])}.${random.integer(1, 254)}`;
}

/** `count` different numbers below `limit`, fewer when there are not so many. */
function numbers(random: Random, limit: number, count: number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(count, limit)) chosen.add(random.integer(0, limit - 1));
  return [...chosen];
}
