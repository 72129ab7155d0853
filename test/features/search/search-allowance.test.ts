import { principal } from '#src/access/principal';
import { SearchAllowance } from '#src/features/search/search-allowance';

const caller = (subject: string, kind: 'machine' | 'user' = 'machine') =>
  principal({
    ...{ kind, userId: kind === 'user' ? subject : null, subject, sessionId: null, organizationId: null },
    ...{ permissions: [], roles: [], acr: null, authenticatedAt: null },
  });

describe('the allowance of searches', () => {
  let now = 0;
  const clock = { now: () => now };
  const takes = (allowance: SearchAllowance, subject: string, times: number): number => {
    let taken = 0;
    for (let index = 0; index < times; index += 1) {
      try {
        allowance.take({ principal: caller(subject), clock });
        taken += 1;
      } catch (error) {
        expect(error).toMatchObject({
          code: 'RATE_LIMITED',
          extensions: { limit: 60, retryAfterSeconds: 1 },
        });
      }
    }
    return taken;
  };

  it('lets so many pass at once and refuses the next one, which does not count', () => {
    now = 1_000_000;
    const allowance = new SearchAllowance(60);
    expect(takes(allowance, 'a', 70)).toBe(60);
    now += 1_000;
    expect(takes(allowance, 'a', 5)).toBe(1);
    now += 600_000;
    expect(takes(allowance, 'a', 70)).toBe(60);
  });

  it('is of each caller alone', () => {
    const allowance = new SearchAllowance(60);
    expect([takes(allowance, 'a', 61), takes(allowance, 'b', 61)]).toEqual([60, 60]);
    expect(() => allowance.take({ principal: caller('a', 'user'), clock })).not.toThrow();
  });

  it('keeps no more callers than it has room for', () => {
    const allowance = new SearchAllowance(60);
    takes(allowance, 'first', 60);
    for (let index = 0; index < 10_000; index += 1) takes(allowance, `caller-${index}`, 1);
    expect(takes(allowance, 'first', 1)).toBe(1);
  });

  it('has no end where none is set', () => {
    expect(takes(new SearchAllowance(0), 'a', 1_000)).toBe(1_000);
  });
});
