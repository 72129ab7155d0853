import type { Call } from '#src/access/call';
import type { DerivedKey } from '#src/config/open-secrets';
import { sealText } from '#src/config/seal-text';
import { profileNames } from '#src/features/factors/factor-kind';
import { insertTotpSecret } from '#src/features/factors/totp/totp-secret.repository';
import type { Store } from '#src/storage/store';
import { findMethods, insertMethod, saveMultifactor } from './authentication-method.repository';

/** A second factor as another system hands it over: one of these. */
export interface ForeignFactor {
  readonly totp?:
    | {
        readonly secret: string;
        readonly algorithm?: string | undefined;
        readonly digits?: number | undefined;
        readonly period?: number | undefined;
      }
    | undefined;
  readonly phone?: { readonly value: string } | undefined;
  readonly email?: { readonly value: string } | undefined;
}

/** Null for what cannot be used here: codes by phone, codes of another mailbox, and codes of another length, period or digest. */
export function usableAs({ totp, email }: ForeignFactor, own: string | null): 'TOTP' | 'EMAIL' | null {
  if (totp) {
    const { algorithm = 'SHA1', digits = 6, period = 30 } = totp;
    return algorithm === 'SHA1' && digits === 6 && period === 30 ? 'TOTP' : null;
  }
  return email !== undefined && email.value === own ? 'EMAIL' : null;
}

export interface BroughtFactors {
  /** The user has factors that were chosen here: they stay, and none is added. */
  readonly hasOwn: boolean;
  /** Places of those in the list that cannot be used here. */
  readonly unusable: readonly number[];
  readonly added: number;
}

/**
 * Stores the factors of a user, confirmed as they come, unless there are some already. SECURITY: who has a strong factor here must not get a
 * weaker one beside it that somebody else knows.
 */
export async function bringFactors(
  ring: () => readonly DerivedKey[],
  store: Store,
  call: Call,
  user: { readonly id: string; readonly email: string | null },
  factors: readonly ForeignFactor[],
): Promise<BroughtFactors> {
  const [own = []] = await findMethods(store, [user.id]);
  if (own.length > 0) return { hasOwn: true, unusable: [], added: 0 };
  const now = call.clock.now();
  const names = new Set<string>();
  const unusable: number[] = [];
  for (const [index, factor] of factors.entries()) {
    const type = usableAs(factor, user.email);
    if (type === null) {
      unusable.push(index);
      continue;
    }
    const id = call.ids.next('aum');
    await insertMethod(store, {
      ...{ id, userId: user.id, type, name: null, isConfirmed: true },
      ...{ createdAt: now, confirmedAt: now, lastUsedAt: null },
    });
    if (factor.totp) {
      const sealedSeed = sealText(ring(), id, factor.totp.secret);
      await insertTotpSecret(store, { methodId: id, sealedSeed, lastStep: null });
    }
    names.add(profileNames[type]);
  }
  if (names.size > 0) await saveMultifactor(store, user.id, [...names], now);
  return { hasOwn: false, unusable, added: factors.length - unusable.length };
}
