import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether an address is one of the public internet: not of this machine, a private network, a link or anything reserved. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  // An IPv4 address in the clothes of an IPv6 one is judged as what it is.
  return ipaddr.process(address).range() === 'unicast';
}

/** Whether the host of a URL is written as an address that is not public; false for a name. */
export function isPrivateHost(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) !== 0 && !isPublicAddress(address);
}

type Answer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Resolves a name like `dns.lookup`, and fails when any of its addresses is not public. */
export function refusingLookup(hostname: string, options: LookupOptions, answer: Answer): void {
  resolveName(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return answer(error, []);
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    if (refused || addresses.length === 0) return answer(new Error('The address is not a public one.'), []);
    const [first] = addresses as [LookupAddress, ...LookupAddress[]];
    if (options.all === true) answer(null, addresses);
    else answer(null, first.address, first.family);
  });
}
