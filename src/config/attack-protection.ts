import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { choice, flag, integer, list } from './setting';

export const attackProtectionSection = z.strictObject({
  mode: choice(['BLOCK', 'MONITOR'], {
    derive: () => 'BLOCK',
    defaultText: 'BLOCK',
    description: 'MONITOR counts and records what would be refused, and refuses nothing.',
  }),
  bruteForceFailures: integer({
    default: 10,
    min: 1,
    max: 100,
    description:
      'Wrong passwords for one identifier from one network (IPv4 address or IPv6 /64) after which that network is refused for that identifier.',
  }),
  bruteForceDays: integer({
    default: 30,
    min: 1,
    max: 365,
    description: 'Days without a further wrong password after which such a block ends by itself.',
  }),
  accountLockout: flag({
    derive: () => false,
    defaultText: 'false',
    description:
      'Whether wrong passwords for one identifier are also counted over all networks: at bruteForceFailures the account is closed for a minute, then for twice as long each time, up to an hour.',
  }),
  suspiciousIp: flag({
    derive: () => true,
    defaultText: 'true',
    description: 'Whether sign-ins and sign-ups of one network are limited.',
  }),
  loginFailuresPerDay: integer({
    default: 100,
    min: 1,
    max: 100_000,
    description:
      'Failed sign-ins of one network, whatever the identifiers. One of them is forgiven each time this part of a day has gone by.',
  }),
  signUpBurst: integer({
    default: 50,
    min: 1,
    max: 72_000,
    description: 'Sign-ups that one network may try at once; successful ones count too.',
  }),
  signUpsPerDay: integer({
    default: 72_000,
    min: 1,
    max: 10_000_000,
    description: 'Sign-ups that one network may try in a day, spread evenly behind the burst.',
  }),
  loginBeginsPerMinute: integer({
    default: 300,
    min: 1,
    max: 60_000,
    description: 'Sign-ins at providers that one network may begin in a minute, whatever becomes of them.',
  }),
  resetsPerAddressPerHour: integer({
    default: 5,
    min: 1,
    max: 1_000,
    description: 'Messages of one kind (password reset, verification) that one address is sent in an hour.',
  }),
  resetsPerIpPerHour: integer({
    default: 20,
    min: 1,
    max: 100_000,
    description: 'Such messages that one network may ask for in an hour.',
  }),
  anonymousSessionsPerHour: integer({
    default: 1_000,
    min: 1,
    max: 1_000_000,
    description: 'Anonymous sessions that may be begun from one network in an hour.',
  }),
  allowList: list({
    default: [],
    allowed: 'at most 100 IP addresses or networks such as 192.0.2.0/24',
    check: (value) =>
      ipaddr.isValid(value) || ipaddr.isValidCIDR(value) ? null : 'is no address or network',
    description: 'Networks whose attempts are not counted by network. Account lockout and codes still count.',
  }).refine((values) => values.length <= 100, 'holds more than 100 networks'),
});

export type AttackProtectionConfig = Readonly<z.output<typeof attackProtectionSection>>;
