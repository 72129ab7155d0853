import {
  effectiveEnds,
  isAlive,
  sessionLimits,
  startTimes,
  touchTimes,
  type SessionLimits,
  type SessionTimes,
} from '#src/features/sessions/session-policy';

const minute = 60_000;
const hour = 60 * minute;
const limits: SessionLimits = { idle: 72 * hour, absolute: 168 * hour };
const start = 1_000_000_000_000;
const session = startTimes(start, limits);

/** The session after an interaction that is late enough to be written. */
function touched(times: SessionTimes, now: number, today = limits): SessionTimes {
  const after = touchTimes(times, now, today);
  if (!after) throw new Error('The interaction was not written.');
  return after;
}

describe('session limits', () => {
  const lifetimes = {
    idleSeconds: 259_200,
    absoluteSeconds: 604_800,
    ephemeralIdleSeconds: 7_200,
    ephemeralAbsoluteSeconds: 43_200,
  };

  it('are longer for a user who asked to stay signed in', () => {
    expect(sessionLimits(lifetimes, 'persistent')).toEqual(limits);
    expect(sessionLimits(lifetimes, 'non-persistent')).toEqual({ idle: 2 * hour, absolute: 12 * hour });
  });
});

describe('a new session', () => {
  it('ends at the absolute limit and, unused, at the idle limit', () => {
    expect(session).toEqual({
      createdAt: start,
      lastInteractedAt: start,
      idleExpiresAt: start + 72 * hour,
      expiresAt: start + 168 * hour,
    });
  });

  it('ends earlier when the identity provider says so, and never later', () => {
    const short = startTimes(start, limits, start + hour);
    expect([short.idleExpiresAt, short.expiresAt]).toEqual([start + hour, start + hour]);
    expect(startTimes(start, limits, start + 1_000 * hour)).toEqual(session);
  });
});

describe('a session', () => {
  it.each([
    ['just before the idle limit', 72 * hour - 1, true],
    ['at the idle limit', 72 * hour, false],
    ['long after', 1_000 * hour, false],
    ['when the clock was set back', -5 * hour, true],
  ])('%s lives or not', (_when, offset, isLiving) => {
    expect(isAlive(session, start + offset, limits)).toBe(isLiving);
  });

  it('lives to the absolute limit when used, and not a millisecond longer', () => {
    let times = session;
    for (let now = start + hour; now < session.expiresAt; now += hour) times = touched(times, now);
    expect(times.expiresAt).toBe(session.expiresAt);
    expect(times.idleExpiresAt).toBe(session.expiresAt);
    expect(isAlive(times, session.expiresAt - 1, limits)).toBe(true);
    expect(isAlive(times, session.expiresAt, limits)).toBe(false);
  });

  it('gets its whole idle limit again with each interaction', () => {
    const times = touched(session, start + 10 * hour);
    expect(times.idleExpiresAt).toBe(start + 82 * hour);
    expect(times.lastInteractedAt).toBe(start + 10 * hour);
  });

  it('is written at most once per hundredth of the idle limit, and per minute', () => {
    const gap = 0.72 * hour;
    expect(touchTimes(session, start + gap - 1, limits)).toBeNull();
    expect(touchTimes(session, start + gap, limits)).not.toBeNull();
    const short = { idle: 5 * minute, absolute: hour };
    expect(touchTimes(startTimes(start, short), start + minute - 1, short)).toBeNull();
    expect(touchTimes(startTimes(start, short), start + minute, short)).not.toBeNull();
  });

  it('SES-07 is not prolonged by a clock that was set back', () => {
    expect(touchTimes(session, start - hour, limits)).toBeNull();
  });
});

describe('limits changed after sign-in', () => {
  const raised = { idle: 100 * hour, absolute: 1_000 * hour };
  const lowered = { idle: hour, absolute: 10 * hour };

  it('change nothing when they were raised', () => {
    expect(effectiveEnds(session, raised)).toEqual({
      idleExpiresAt: session.idleExpiresAt,
      expiresAt: session.expiresAt,
    });
    const times = touched(session, start + 10 * hour, raised);
    expect(times.idleExpiresAt).toBe(start + 82 * hour);
    expect(times.expiresAt).toBe(session.expiresAt);
  });

  it('count at once when they were lowered', () => {
    expect(isAlive(session, start + hour - 1, lowered)).toBe(true);
    expect(isAlive(session, start + hour, lowered)).toBe(false);
  });

  it('are stored with the next interaction when they were lowered, and stay when raised again', () => {
    const times = touched(session, start + 30 * minute, lowered);
    expect(times.idleExpiresAt).toBe(start + 90 * minute);
    expect(times.expiresAt).toBe(start + 10 * hour);
    const later = touched(times, start + hour, raised);
    expect(later.idleExpiresAt).toBe(start + 2 * hour);
    expect(later.expiresAt).toBe(start + 10 * hour);
  });

  it('still let an idle limit that the absolute end cut short reach that end', () => {
    const late = touched(
      { ...session, lastInteractedAt: start + 99 * hour, idleExpiresAt: start + 171 * hour },
      start + 150 * hour,
    );
    expect(late.idleExpiresAt).toBe(session.expiresAt);
    expect(touched(late, start + 160 * hour).idleExpiresAt).toBe(session.expiresAt);
  });
});
