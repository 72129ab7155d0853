import { requireFreshSignIn } from '#src/access/fresh-sign-in';
import { anonymous, principal, type PrincipalFields } from '#src/access/principal';

const now = 1_800_000_000_000;
const clock = { now: () => now };

function refusal(caller: Partial<PrincipalFields>, asked: { maxAgeSeconds: number; acr?: string }): unknown {
  const who = principal({ ...anonymous, kind: 'user', userId: 'auth0|1', subject: 'auth0|1', ...caller });
  try {
    requireFreshSignIn({ principal: who, clock }, asked);
    return null;
  } catch (error) {
    const { code, extensions } = error as { code: string; extensions: object };
    return { code, ...extensions };
  }
}

describe('a fresh sign-in', () => {
  const asked = { maxAgeSeconds: 900 };
  it('is enough up to its age, and one of a higher class too', () => {
    expect(refusal({ acr: 'aal1', authenticatedAt: now - 900_000 }, asked)).toBeNull();
    expect(refusal({ acr: 'aal2', authenticatedAt: now }, { ...asked, acr: 'aal1' })).toBeNull();
  });

  it('that is older is asked for again', () => {
    expect(refusal({ acr: 'aal1', authenticatedAt: now - 900_001 }, asked)).toEqual({
      code: 'REAUTHENTICATION_REQUIRED',
      acrValues: null,
      maxAgeSeconds: 900,
    });
    expect(refusal({ authenticatedAt: null }, asked)).toMatchObject({ code: 'REAUTHENTICATION_REQUIRED' });
  });

  it('that is weaker is asked for with its class', () => {
    expect(refusal({ acr: 'aal1', authenticatedAt: now }, { ...asked, acr: 'aal2' })).toEqual({
      code: 'STEP_UP_REQUIRED',
      acrValues: 'aal2',
      maxAgeSeconds: 900,
    });
    expect(refusal({ acr: null, authenticatedAt: now }, { ...asked, acr: 'aal1' })).toMatchObject({
      code: 'STEP_UP_REQUIRED',
    });
  });

  it('of somebody who acts for the user is none', () => {
    const actor = { userId: 'auth0|2', sessionId: null };
    expect(refusal({ acr: 'aal2', authenticatedAt: now, actor }, asked)).toEqual({
      code: 'DELEGATED_SESSION_FORBIDDEN',
    });
  });
});
