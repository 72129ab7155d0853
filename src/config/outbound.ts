import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { list } from './setting';

export const outboundSection = z.strictObject({
  allowedNetworks: list({
    default: [],
    allowed: 'networks such as 10.0.5.0/24 or fd00::/8',
    check: (value) => (ipaddr.isValidCIDR(value) ? null : 'is no network'),
    description:
      'Networks that the gateway may call although they are not public, and without TLS. Everything else is called by https at public addresses alone.',
  }),
});

export type OutboundConfig = Readonly<z.output<typeof outboundSection>>;
