import { isPrivateHost, isPublicAddress } from '#src/features/sessions/logout/public-address';

describe('a public address', () => {
  it.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946'])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...['255.255.255.255', '224.0.0.1', '192.0.2.1', '::1', '::', 'fc00::1', 'fe80::1', '::ffff:10.0.0.1'],
    ...['::ffff:127.0.0.1', 'ff02::1', '2001:db8::1', '', 'localhost', '1.2.3'],
  ])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it('may be written as the host of a URL', () => {
    expect(['127.0.0.1', '[::1]', '10.0.0.1'].map(isPrivateHost)).toEqual([true, true, true]);
    expect(['8.8.8.8', 'localhost', 'app.example'].map(isPrivateHost)).toEqual([false, false, false]);
  });
});
