import type { Call } from '#src/access/call';
import { isRemembered } from '#src/features/factors/devices/remembered-devices';
import { secondFactorTypes, type FactorTypeName } from '#src/features/factors/factor-kind';
import { proofNames } from '#src/features/sessions/sign-in/proof-names';
import { findMethods } from '#src/features/factors/methods/authentication-method.repository';
import type { MfaPolicyService } from '#src/features/factors/policies/mfa-policy.service';
import { hasAnyOf } from '#src/features/factors/step-up/require-step-up';
import type { Store } from '#src/storage/store';

/** Somebody whose first factor was right. */
export interface FirstFactor {
  readonly userId: string;
  readonly credentialEpoch: number;
  readonly methods: readonly {
    readonly name: string;
    readonly connection: string | null;
    readonly isMultiFactor?: true;
    readonly link?: string;
  }[];
  readonly clientId: string | null;
  readonly organizationId: string | null;
  /** False: the transaction has read that there is none. */
  readonly hasMethods?: boolean;
}

export interface SecondFactorAsked {
  readonly kind: 'mfa';
  /** What the user can give; none: one must be enrolled now. */
  readonly factors: readonly string[];
}

/** Second factors: beside an identity that is about to be linked one of them is enough. */
const alone = new Set<string>([proofNames.TOTP, proofNames.PASSKEY, proofNames.RECOVERY_CODE]);

/** Whether a sign-in needs a second factor under the policies that count for it; null: no. Inside the transaction of the sign-in. */
export async function askSecondFactor(
  policies: Pick<MfaPolicyService, 'at'>,
  store: Store,
  call: Call,
  { userId, credentialEpoch, methods, clientId, organizationId, hasMethods }: FirstFactor,
): Promise<SecondFactorAsked | null> {
  const isLinking = methods.some(({ link }) => link !== undefined);
  // SECURITY: what is about to be linked proves nothing about the account yet; neither does a device that was remembered without it.
  // What a page of the customer's own proved is listed, and counts for nothing here.
  const own = methods.filter(({ link, name }) => link === undefined && name !== 'custom');
  // A passkey that checked its owner, and a provider that vouches for its second factor, are two factors already.
  if (own.length > 1 || own.some(({ isMultiFactor }) => isMultiFactor === true)) return null;
  if (isLinking && own.some(({ name }) => alone.has(name))) return null;
  const connection = methods.find((method) => method.connection !== null)?.connection ?? '';
  const policy = await policies.at(store, { clientId, organizationId, connection });
  if (policy === 'NEVER' && !isLinking) return null;
  const [enrolled = []] = hasMethods === false ? [] : await findMethods(store, [userId]);
  const hasFactor = hasAnyOf(enrolled, secondFactorTypes);
  if (!hasFactor) return policy === 'ALWAYS' ? { kind: 'mfa', factors: [] } : null;
  const device = { userId, epoch: credentialEpoch, secret: call.deviceCookie };
  if (!isLinking && (await isRemembered(store, call, device))) return null;
  const types = enrolled.filter(({ isConfirmed }) => isConfirmed).map(({ type }) => type as FactorTypeName);
  return { kind: 'mfa', factors: [...new Set(types)].map((type) => proofNames[type]) };
}
