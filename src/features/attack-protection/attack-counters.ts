import type { AttackProtectionConfig } from '#src/config/attack-protection';
import type { Device } from './device-cookie';
import { keyOf, type Counter } from './attempts';
import { isInNetworks, networkOf } from './network';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Who tries to sign in as whom. */
export interface Guess {
  readonly connection: string;
  /** Folded. */
  readonly identifier: string;
  readonly ip: string | null;
  /** The browser, where it keeps cookies; see `device-cookie.ts`. */
  readonly device?: Device | null;
}

export const counterKinds = {
  bruteForce: 'brute_force',
  knownDevice: 'known_device',
  lockout: 'account_lockout',
  logins: 'suspicious_ip_logins',
  signUps: 'suspicious_ip_sign_ups',
  begins: 'sign_ins_begun',
  codes: 'mfa_codes',
  mailAddress: 'mail_to_address',
  mailNetwork: 'mail_from_network',
  notices: 'notices',
  secrets: 'application_secrets',
  probes: 'taken_identifiers',
  visits: 'anonymous_sessions',
  clues: 'organization_clues',
} as const;

/** The account that an identifier names, as counters know it. */
export function subjectOf(connection: string, identifier: string): string {
  return keyOf({ kind: 'subject', of: [connection, identifier] });
}

/** What is counted where; pure. */
export function attackCounters(config: AttackProtectionConfig) {
  const isTrusted = (ip: string | null): boolean => isInNetworks(ip, config.allowList);
  const bucketPerDay = (perDay: number, limit = perDay) =>
    ({ form: 'bucket', limit, intervalMs: Math.max(1, Math.round(day / perDay)) }) as const;

  // Hundreds of people may begin their day behind one address at the same minute: who is not known to have failed does not count.
  const logins = (network: string | null): Counter => ({
    kind: counterKinds.logins,
    of: [network],
    network,
    rule: bucketPerDay(config.loginFailuresPerDay),
    countsAfterwards: true,
  });
  const signUps = (network: string | null): Counter => ({
    kind: counterKinds.signUps,
    of: [network],
    network,
    rule: bucketPerDay(config.signUpsPerDay, config.signUpBurst),
    countsSuccess: true,
  });
  const bruteForce = ({ connection, identifier, ip }: Guess): Counter => ({
    kind: counterKinds.bruteForce,
    of: [connection, identifier, networkOf(ip)],
    rule: { form: 'streak', limit: config.bruteForceFailures, forgetMs: config.bruteForceDays * day },
    subject: subjectOf(connection, identifier),
    network: networkOf(ip),
    endsWithSuccess: true,
  });
  const lockout = ({ connection, identifier }: Guess): Counter => ({
    kind: counterKinds.lockout,
    of: [connection, identifier],
    rule: {
      form: 'lockout',
      limit: config.bruteForceFailures,
      forgetMs: day,
      firstMs: minute,
      mostMs: hour,
    },
    subject: subjectOf(connection, identifier),
    endsWithSuccess: true,
  });

  /** SECURITY: guesses of strangers keep nobody out of a browser in which the password was right before: that one has a count of its own. */
  const knownDevice = ({ connection, identifier, ip, device }: Guess): Counter => ({
    ...bruteForce({ connection, identifier, ip }),
    kind: counterKinds.knownDevice,
    of: [connection, identifier, device?.id ?? null],
  });

  return {
    bruteForce,
    knownDevice,
    lockout,
    logins,
    signUps,
    /** `isKnown`: the password of this account was right in this browser before. */
    signIn: (guess: Guess, isKnown = false): readonly Counter[] => [
      ...(isTrusted(guess.ip) ? [] : [isKnown ? knownDevice(guess) : bruteForce(guess)]),
      ...(config.accountLockout && !isKnown ? [lockout(guess)] : []),
      ...(config.suspiciousIp && !isTrusted(guess.ip) && !isKnown ? [logins(networkOf(guess.ip))] : []),
    ],
    signUp: (ip: string | null): readonly Counter[] =>
      config.suspiciousIp && !isTrusted(ip) ? [signUps(networkOf(ip))] : [],
    /** Anonymous sessions, which cost nothing to ask for. */
    visit: (ip: string | null): readonly Counter[] =>
      isTrusted(ip)
        ? []
        : [
            {
              kind: counterKinds.visits,
              of: [networkOf(ip)],
              network: networkOf(ip),
              rule: perHour(config.anonymousSessionsPerHour),
              countsSuccess: true,
            },
          ],
    /** Sign-ins that are begun at providers: each one makes the gateway call somebody else. */
    begin: (ip: string | null): readonly Counter[] =>
      config.suspiciousIp && !isTrusted(ip)
        ? [
            {
              kind: counterKinds.begins,
              of: [networkOf(ip)],
              network: networkOf(ip),
              rule: {
                form: 'bucket',
                limit: config.loginBeginsPerMinute,
                intervalMs: Math.ceil(minute / config.loginBeginsPerMinute),
              },
              countsSuccess: true,
            },
          ]
        : [],
    /** Names, addresses and tokens that a stranger tries where an organization is chosen. */
    clue: (ip: string | null): readonly Counter[] =>
      isTrusted(ip)
        ? []
        : [
            {
              kind: counterKinds.clues,
              of: [networkOf(ip)],
              network: networkOf(ip),
              rule: perHour(cluesPerHour),
            },
          ],
    /** Codes of second factors. */
    code: (userId: string): readonly Counter[] => [
      {
        kind: counterKinds.codes,
        of: [userId],
        rule: { form: 'window', limit: 5, windowMs: 5 * minute, blockMs: 15 * minute },
        endsWithSuccess: true,
      },
    ],
    /** Messages that a stranger makes the gateway send. */
    mail: (purpose: string, { connection, identifier, ip }: Guess): readonly Counter[] => [
      {
        kind: counterKinds.mailAddress,
        of: [purpose, connection, identifier],
        rule: perHour(config.resetsPerAddressPerHour),
        countsSuccess: true,
      },
      ...(isTrusted(ip)
        ? []
        : [
            {
              kind: counterKinds.mailNetwork,
              of: [networkOf(ip)],
              rule: perHour(config.resetsPerIpPerHour),
              countsSuccess: true,
            } as const,
          ]),
    ],
    /** At most one message of a purpose an hour, to one user about one network. */
    notice: (purpose: string, userId: string, network: string | null): readonly Counter[] => [
      { kind: counterKinds.notices, of: [purpose, userId, network], rule: perHour(1), countsSuccess: true },
    ],
    /** Answers that an identifier is taken, to a caller who does not reach every user. */
    probe: (subject: string): readonly Counter[] => [
      { kind: counterKinds.probes, of: [subject], rule: perHour(20) },
    ],
    secret: (clientId: string, ip: string | null): readonly Counter[] => [
      {
        kind: counterKinds.secrets,
        of: [clientId, networkOf(ip)],
        rule: { form: 'streak', limit: 10, forgetMs: 15 * minute },
        network: networkOf(ip),
        endsWithSuccess: true,
      },
    ],
  };
}

/** An office whose people mistype is not refused; a list of names is not tried through. */
export const cluesPerHour = 100;

function perHour(limit: number) {
  return { form: 'bucket', limit, intervalMs: Math.round(hour / limit) } as const;
}

export type AttackCounters = ReturnType<typeof attackCounters>;
