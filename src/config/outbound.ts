import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { integer, list } from './setting';

export const outboundSection = z.strictObject({
  allowedNetworks: list({
    default: [],
    allowed: 'networks such as 10.0.5.0/24 or fd00::/8',
    check: (value) => (ipaddr.isValidCIDR(value) ? null : 'is no network'),
    description:
      'Networks that the gateway may call although they are not public, and without TLS. Everything else is called by https at public addresses alone.',
  }),
  directoryMs: integer({
    default: 3_000,
    min: 100,
    max: 10_000,
    description:
      'How long a directory (LDAP) may take for one sign-in, from connecting to its last answer, in milliseconds; then it is unavailable.',
  }),
});

export type OutboundConfig = Readonly<z.output<typeof outboundSection>>;
