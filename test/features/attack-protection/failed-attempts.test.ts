import {
  createFailedAttempts,
  networkOf,
  type AttemptKey,
} from '#src/features/attack-protection/failed-attempts';

const key: AttemptKey = { connection: 'main', identifier: 'jane@example.com', ip: '192.0.2.1' };
const lockMs = 900_000;

function attemptsAt(limits = { failures: 10, lockMs, keys: 100 }) {
  const clock = { time: 1_000_000, now: () => clock.time };
  return { clock, attempts: createFailedAttempts(clock, limits) };
}

describe('failed attempts', () => {
  it('refuses the eleventh with the seconds to wait', () => {
    const { attempts } = attemptsAt();
    for (let index = 0; index < 10; index += 1) attempts.begin(key);
    expect(() => attempts.begin(key)).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_ATTEMPTS', extensions: { retryAfter: 900 } }),
    );
  });

  it('counts attempts that run at the same time before any of them is decided', () => {
    const { attempts } = attemptsAt();
    const running = Array.from({ length: 10 }, () => attempts.begin(key));
    expect(() => attempts.begin(key)).toThrow();
    running[0]?.undecided();
    expect(() => attempts.begin(key)).not.toThrow();
  });

  it('begins anew after a success', () => {
    const { attempts } = attemptsAt();
    for (let index = 0; index < 9; index += 1) attempts.begin(key);
    attempts.begin(key).succeeded();
    for (let index = 0; index < 10; index += 1) attempts.begin(key);
    expect(() => attempts.begin(key)).toThrow();
  });

  it('lets through again when the time is over, and tells how long that is', () => {
    const { clock, attempts } = attemptsAt();
    for (let index = 0; index < 10; index += 1) attempts.begin(key);
    clock.time += lockMs - 1;
    expect(() => attempts.begin(key)).toThrow(expect.objectContaining({ extensions: { retryAfter: 1 } }));
    clock.time += 1;
    expect(() => attempts.begin(key)).not.toThrow();
  });

  it.each([
    ['address', { ip: '192.0.2.2' }],
    ['identifier', { identifier: 'john@example.com' }],
    ['connection', { connection: 'other' }],
    ['unknown address', { ip: null }],
  ])('counts another %s by itself', (_, other) => {
    const { attempts } = attemptsAt();
    for (let index = 0; index < 10; index += 1) attempts.begin(key);
    expect(() => attempts.begin({ ...key, ...other })).not.toThrow();
  });

  it('remembers a bounded number of keys', () => {
    const { attempts } = attemptsAt({ failures: 1, lockMs, keys: 2 });
    attempts.begin(key);
    expect(() => attempts.begin(key)).toThrow();
    attempts.begin({ ...key, identifier: 'a' });
    attempts.begin({ ...key, identifier: 'b' });
    expect(() => attempts.begin(key)).not.toThrow();
  });
});

describe('networks', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:1:2::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    [null, ''],
  ])('%s is of %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});
