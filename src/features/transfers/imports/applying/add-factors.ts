import { sealText } from '#src/config/seal-text';
import { profileNames } from '#src/features/factors/factor-kind';
import { bringFactors, usableAs, type ForeignFactor } from '#src/features/factors/methods/foreign-factors';
import type { Finding } from '#src/features/transfers/formats/import-format';
import type { Applying } from './apply-rows';
import { newUserRows } from './new-user.repository';
import type { RowBuffer } from './row-buffer.repository';

interface FactorOwner {
  readonly userId: string;
  readonly email: string | null;
  readonly now: number;
}

/**
 * Second factors of a new user, confirmed as they come: seeds of authenticator apps, sealed, and the user's own mailbox. What cannot be
 * used here is left out with a warning. Answers the names that the profile shows.
 */
export function addFactors(
  { call, factorRing }: Pick<Applying, 'call' | 'factorRing'>,
  buffer: RowBuffer,
  factors: readonly ForeignFactor[],
  { userId, email, now }: FactorOwner,
  warnings: Finding[],
): readonly string[] {
  if (factors.length === 0) return [];
  const names = new Set<string>();
  factors.forEach((factor, index) => {
    const type = usableAs(factor, email);
    if (type === null) {
      warnings.push(unusableFactor(index));
      return;
    }
    const id = call.ids.next('aum');
    const sealedSeed = factor.totp ? sealText(factorRing(), id, factor.totp.secret) : null;
    newUserRows.factor(buffer, { id, userId, type, name: null, now, sealedSeed });
    names.add(profileNames[type]);
  });
  return [...names];
}

function unusableFactor(index: number): Finding {
  return {
    code: 'MFA_FACTORS_FAILED',
    message: 'Unable to import factors: this one cannot be used here, the user enrols another.',
    path: `mfa_factors[${index}]`,
  };
}

/** The same for a user who exists, and has none yet; others keep theirs. Answers the paths that changed. */
export async function addFactorsToExisting(
  { call, store, factorRing }: Pick<Applying, 'call' | 'store' | 'factorRing'>,
  factors: readonly ForeignFactor[],
  user: { readonly id: string; readonly email: string | null },
  warnings: Finding[],
): Promise<readonly string[]> {
  if (factors.length === 0) return [];
  const { hasOwn, unusable, added } = await bringFactors(factorRing, store, call, user, factors);
  if (hasOwn)
    warnings.push({
      ...{ code: 'MFA_FACTORS_LEFT_OUT', path: 'mfa_factors' },
      message: 'The user has second factors here: they stay, and no others are added.',
    });
  warnings.push(...unusable.map(unusableFactor));
  return added > 0 ? ['mfa_factors'] : [];
}
