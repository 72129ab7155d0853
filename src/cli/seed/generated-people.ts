import type { Instant } from '#src/shared/clock';
import { domains, familyNames, givenNames } from './vocabulary';
import type { Random } from './random';

/** The strategies of the generated connections, with their share of the users. */
export const generatedConnections = [
  { name: 'main', strategy: 'auth0', share: 0.72 },
  { name: 'google-oauth2', strategy: 'google-oauth2', share: 0.12 },
  { name: 'github', strategy: 'github', share: 0.06 },
  { name: 'corp', strategy: 'samlp', share: 0.07 },
  { name: 'sms', strategy: 'sms', share: 0.03 },
] as const;

export type GeneratedConnection = (typeof generatedConnections)[number];

export interface Person {
  readonly givenName: string;
  readonly familyName: string;
  readonly name: string;
  readonly nickname: string;
  /** Unique: it holds the user's number. */
  readonly email: string;
  readonly domain: string;
}

/** All generated dates lie between these two, sessions excepted. */
export const firstDay: Instant = Date.UTC(2021, 0, 1);
export const lastDay: Instant = Date.UTC(2026, 5, 30);
export const day = 86_400_000;

export function generatePerson(random: Random, number: number): Person {
  const givenName = random.pick(givenNames);
  const familyName = random.pick(familyNames);
  const domain = random.pick(domains);
  const local = `${plain(givenName)}.${plain(familyName)}`;
  return {
    givenName,
    familyName,
    name: `${givenName} ${familyName}`,
    nickname: `${plain(givenName)}${random.integer(1, 99)}`,
    email: `${local}.${number.toString(36)}@${domain}`,
    domain,
  };
}

/** One of the connections, in proportion to its share. */
export function pickConnection(random: Random): GeneratedConnection {
  let rest = random.fraction();
  for (const connection of generatedConnections) {
    rest -= connection.share;
    if (rest < 0) return connection;
  }
  return generatedConnections[0];
}

/** Who an id at a provider is made for. */
export interface Account {
  readonly person: Person;
  readonly number: number;
  readonly createdAt: Instant;
}

/** The id that the identity's provider would have given. The user's number keeps the ones that are not random unique. */
export function providerUserId(random: Random, connection: GeneratedConnection, account: Account): string {
  const { person, number, createdAt } = account;
  switch (connection.strategy) {
    case 'auth0':
    case 'sms':
      // Begins with the second of creation, so that ids sort by age.
      return (
        Math.floor(createdAt / 1000)
          .toString(16)
          .padStart(8, '0') + random.hexadecimal(16)
      );
    case 'google-oauth2':
      return `1${random.digits(20)}`;
    case 'github':
      return String(1_000_000 + number);
    case 'samlp':
      return `${connection.name}|${plain(person.familyName)}.${number.toString(36)}`;
  }
}

/** A number in the range that no telephone company gives out. */
export function phoneNumber(number: number): string {
  return `+1${String(2_000_000_000 + (number % 1_000_000_000))}${String(Math.floor(number / 1_000_000_000))}`;
}

const plainNames = new Map<string, string>();

/** ASCII letters only, lower case: `Łukasz` becomes `lukasz`. */
function plain(name: string): string {
  let result = plainNames.get(name);
  if (result === undefined) {
    result = name
      .replaceAll('ł', 'l')
      .replaceAll('Ł', 'L')
      .replaceAll('ø', 'o')
      .replaceAll('Ø', 'O')
      .replaceAll('ı', 'i')
      .normalize('NFD')
      .replace(/[^a-zA-Z]/g, '')
      .toLowerCase();
    plainNames.set(name, result);
  }
  return result;
}
