import { mfaPolicies, type MfaPolicy } from '#src/config/factors';
import { strictestPolicy } from '#src/features/factors/policies/strictest-policy';

describe('of several policies', () => {
  it('the strictest counts, in whatever order and however often', () => {
    const strictness: readonly MfaPolicy[] = ['ALWAYS', 'IF_ENROLLED', 'NEVER'];
    for (const a of mfaPolicies)
      for (const b of mfaPolicies)
        for (const c of mfaPolicies) {
          const expected = strictness.find((policy) => [a, b, c].includes(policy));
          expect(strictestPolicy([a, b, c])).toBe(expected);
        }
  });

  it('none asks for nothing', () => expect(strictestPolicy([])).toBe('NEVER'));
});
