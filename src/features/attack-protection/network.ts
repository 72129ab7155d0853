import ipaddr from 'ipaddr.js';

/** What counts as one place: an IPv4 address stands for itself, an IPv6 address for its /64, which one subscriber has for himself. */
export function networkOf(ip: string | null): string | null {
  const address = addressOf(ip);
  if (address === null) return null;
  if (address.kind() === 'ipv4') return address.toString();
  const first = (address as ipaddr.IPv6).parts.slice(0, 4);
  return `${new ipaddr.IPv6([...first, 0, 0, 0, 0]).toString()}/64`;
}

/** Whether an address lies in one of the networks. */
export function isInNetworks(ip: string | null, networks: readonly string[]): boolean {
  const address = addressOf(ip);
  if (address === null) return false;
  return networks.some((text) => {
    const [network, bits] = text.includes('/')
      ? ipaddr.parseCIDR(text)
      : [ipaddr.process(text), text.includes(':') ? 128 : 32];
    return network.kind() === address.kind() && address.match(network, bits);
  });
}

/** Null for what is no address. An IPv4 address written as IPv6 is one of IPv4. */
function addressOf(ip: string | null): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const text = ip?.split('%')[0] ?? '';
  return ipaddr.isValid(text) ? ipaddr.process(text) : null;
}
