import {
  blockedUntil,
  counted,
  takenBack,
  type CounterRule,
  type CounterState,
} from '#src/features/attack-protection/counter-rules';

const start = 1_000_000;
const second = 1_000;
const minute = 60 * second;

/** Counts attempts at these instants; answers at which of them one was refused. */
function refusals(rule: CounterRule, instants: readonly number[]): number[] {
  let state: CounterState | null = null;
  return instants.filter((instant) => {
    const now = start + instant;
    if (blockedUntil(rule, state, now) !== null) return true;
    state = counted(rule, state, now);
    return false;
  });
}

const every = (count: number, step = 0): number[] =>
  Array.from({ length: count }, (_, index) => index * step);

describe('a streak', () => {
  const rule: CounterRule = { form: 'streak', limit: 10, forgetMs: 30 * minute };

  it('refuses the eleventh until its time has passed since the tenth', () => {
    expect(refusals(rule, [...every(10), 0, 30 * minute - 1])).toEqual([0, 30 * minute - 1]);
    expect(refusals(rule, [...every(10), 30 * minute])).toEqual([]);
  });

  it('is forgotten after a pause, however long it was', () => {
    expect(refusals(rule, [...every(9), 30 * minute, ...every(9).map(() => 30 * minute)])).toEqual([]);
  });

  it('ends at once when the limit is raised', () => {
    const full = every(10).reduce<CounterState | null>((state) => counted(rule, state, start), null);
    expect(blockedUntil(rule, full, start)).toBe(start + 30 * minute);
    expect(blockedUntil({ ...rule, limit: 11 }, full, start)).toBeNull();
  });
});

describe('a lockout', () => {
  const rule: CounterRule = {
    form: 'lockout',
    limit: 3,
    forgetMs: 24 * 60 * minute,
    firstMs: minute,
    mostMs: 60 * minute,
  };

  it('closes for a minute, then for twice as long each time, up to an hour', () => {
    let state: CounterState | null = null;
    let now = start;
    const pauses = every(10).map(() => {
      state = counted(rule, state, now);
      const pause = (blockedUntil(rule, state, now) ?? now) - now;
      now += pause;
      return pause / minute;
    });
    expect(pauses).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
  });
});

describe('a bucket', () => {
  const rule: CounterRule = { form: 'bucket', limit: 50, intervalMs: 1_200 };

  it('lets fifty through at once and one more each interval', () => {
    expect(refusals(rule, [...every(50), 0, 1_199, 1_200, 1_201, 2_400])).toEqual([0, 1_199, 1_201]);
  });

  it('lets as many through in a day as the rate says', () => {
    const tries = every(24 * 60 * 60, second);
    const passed = tries.length - refusals(rule, tries).length;
    expect(passed).toBeGreaterThan(71_900);
    expect(passed).toBeLessThanOrEqual(72_050);
  });
});

describe('a window', () => {
  const rule: CounterRule = { form: 'window', limit: 5, windowMs: 5 * minute, blockMs: 15 * minute };

  it('blocks for 15 minutes after five within five minutes, then counts anew', () => {
    const later = [19 * minute - 1, 19 * minute, ...every(4).map(() => 20 * minute)];
    expect(refusals(rule, [...every(5, minute), 5 * minute, ...later])).toEqual([
      5 * minute,
      19 * minute - 1,
    ]);
  });

  it('lets five pass that lie further apart', () => {
    expect(refusals(rule, every(20, 76 * second))).toEqual([]);
  });
});

describe('an attempt that was none', () => {
  it.each([
    { form: 'streak', limit: 3, forgetMs: minute },
    { form: 'window', limit: 3, windowMs: minute, blockMs: minute },
    { form: 'lockout', limit: 3, forgetMs: minute, firstMs: minute, mostMs: minute },
    { form: 'bucket', limit: 3, intervalMs: minute },
  ] satisfies CounterRule[])('leaves a $form as it was', (rule) => {
    const one = counted(rule, null, start);
    const two = counted(rule, one, start);
    const back = takenBack(rule, counted(rule, two, start), start);
    expect(blockedUntil(rule, back, start)).toBeNull();
    expect(back).toMatchObject({ failures: two.failures, since: two.since });
    expect(takenBack(rule, one, start)).toBeNull();
  });
});
