import { z } from 'zod';
import { integer, text } from './setting';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

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
