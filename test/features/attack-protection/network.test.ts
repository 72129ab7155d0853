import { isInNetworks, networkOf } from '#src/features/attack-protection/network';

describe('networks', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8::/64'],
    ['::1', '::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['no address', null],
    [null, null],
  ])('%s is of %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });

  it.each([
    ['192.0.2.77', ['192.0.2.0/24'], true],
    ['192.0.3.1', ['192.0.2.0/24'], false],
    ['192.0.2.1', ['192.0.2.1'], true],
    ['::ffff:192.0.2.1', ['192.0.2.1'], true],
    ['2001:db8::5', ['192.0.2.0/24', '2001:db8::/32'], true],
    ['2001:db9::5', ['2001:db8::/32'], false],
    ['2001:db8::5', ['0.0.0.0/0'], false],
    [null, ['0.0.0.0/0'], false],
    ['192.0.2.1', [], false],
  ])('%s in %j: %s', (ip, networks, isInside) => {
    expect(isInNetworks(ip, networks)).toBe(isInside);
  });
});
