import { z } from 'zod';
import { flag, integer, list, text } from './setting';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Stands for every permission in `impersonationCeiling`. */
export const anyPermission = '*';

export const sessionsSection = z.strictObject({
  idleSeconds: integer({
    default: 72 * hour,
    min: 5 * minute,
    max: 100 * day,
    description: 'A session ends when it was not used for this long.',
  }),
  absoluteSeconds: integer({
    default: 168 * hour,
    min: 15 * minute,
    max: 365 * day,
    description: 'A session ends this long after sign-in, used or not.',
  }),
  ephemeralIdleSeconds: integer({
    default: 2 * hour,
    min: 5 * minute,
    max: 100 * day,
    description: 'Idle limit of a session whose user did not ask to stay signed in.',
  }),
  ephemeralAbsoluteSeconds: integer({
    default: 12 * hour,
    min: 15 * minute,
    max: 365 * day,
    description: 'Absolute limit of a session whose user did not ask to stay signed in.',
  }),
  freshSeconds: integer({
    default: 15 * minute,
    min: minute,
    max: day,
    description: 'How long after a proof of identity a session counts as fresh.',
  }),
  retentionDays: integer({
    default: 30,
    min: 0,
    max: 3_650,
    description: 'Days that ended sessions are kept for the record.',
  }),
  sweepSeconds: integer({
    default: 60,
    min: 1,
    max: 3_600,
    description: 'How often sessions past their limit are marked as expired.',
  }),
  accessTokenSeconds: integer({
    default: 900,
    min: 60,
    max: day,
    description: 'Lifetime of an access token when its maker asks for none.',
  }),
  clockSkewSeconds: integer({
    default: 60,
    min: 0,
    max: 300,
    description: 'How far the clocks of token makers may be off.',
  }),
  audience: text({
    default: 'urn:gatehouse:api',
    allowed: 'a text without spaces',
    check: (value) => (/^\S+$/.test(value) ? null : 'holds white space'),
    description: 'The `aud` that access tokens for this gateway must carry.',
  }),
  refreshIdleSeconds: integer({
    default: 30 * day,
    min: hour,
    max: 31_557_600,
    description: 'A refresh token ends when it was not exchanged for this long.',
  }),
  refreshAbsoluteSeconds: integer({
    default: 90 * day,
    min: hour,
    max: 31_557_600,
    description: 'Refresh tokens end this long after the sign-in they come from, exchanged or not.',
  }),
  refreshLeewaySeconds: integer({
    default: 30,
    min: 0,
    max: 60,
    description:
      'How long a refresh token that was exchanged may be tried again, because the answer was lost. 0: never.',
  }),
  refreshTokensPerClient: integer({
    default: 200,
    min: 1,
    max: 1_000,
    description: 'Living refresh tokens of one user and one application; the oldest ends for one more.',
  }),
  maxPerUser: integer({
    default: 0,
    min: 0,
    max: 10_000,
    description: 'Sessions that a user may have at the same time; 0: any number.',
  }),
  maxPerUserAndClient: integer({
    default: 0,
    min: 0,
    max: 10_000,
    description: 'Sessions that a user may have at the same time through one application; 0: any number.',
  }),
  denyBeyondLimit: flag({
    derive: () => false,
    defaultText: 'false',
    description:
      'Whether a sign-in beyond these limits is refused with SESSION_LIMIT; else the session used longest ago ends.',
  }),
  anonymousIdleSeconds: integer({
    default: day,
    min: 5 * minute,
    max: 100 * day,
    description: 'An anonymous session ends when it was not gone on with for this long.',
  }),
  anonymousAbsoluteSeconds: integer({
    default: 30 * day,
    min: 15 * minute,
    max: 365 * day,
    description: 'An anonymous session ends this long after it was begun, used or not.',
  }),
  interactionsPerSession: integer({
    default: 5_000,
    min: 1,
    max: 100_000,
    description: 'Interactions kept with a session; the oldest go for one more.',
  }),
  endWithConnection: flag({
    derive: () => false,
    defaultText: 'false',
    description:
      'Whether sessions and refresh tokens that rest on one connection alone end when it is switched off; else nobody signs in through it any more.',
  }),
  impersonationCeiling: list({
    default: [anyPermission],
    allowed: 'names of permissions, or `*`',
    check: (value) => (/^\S{1,100}$/.test(value) ? null : 'is no name of a permission'),
    description:
      'Permissions that somebody who acts in the name of a user has at most, of those that both have; `*`: all of these.',
  }),
  impersonationNotice: flag({
    derive: () => true,
    defaultText: 'true',
    description: 'Whether users get a mail when somebody begins to act in their name.',
  }),
  impersonationNoticeDelaySeconds: integer({
    default: 0,
    min: 0,
    max: day,
    description: 'How long after the beginning that mail is sent.',
  }),
  supportOptOut: flag({
    derive: () => false,
    defaultText: 'false',
    description: 'Whether users may say that nobody may act in their name.',
  }),
  allowedLogoutUrls: list({
    default: [],
    allowed: 'absolute URLs',
    check: (value) => (URL.canParse(value) ? null : 'is no URL'),
    description: 'Where a browser may go after signing out when no application is named; compared whole.',
  }),
  backchannelHosts: list({
    default: [],
    allowed: 'hosts, with a port where it is not the usual one',
    description:
      'Private addresses that may be told of ended sessions all the same, such as `app.internal:8443`.',
  }),
  passwordThreads: integer({
    default: 2,
    min: 1,
    max: 64,
    description: 'Password checks that may run at the same time.',
  }),
  passwordQueue: integer({
    default: 100,
    min: 1,
    max: 10_000,
    description: 'Password checks that may wait; more are refused at once.',
  }),
});

export type SessionsConfig = Readonly<z.output<typeof sessionsSection>>;
