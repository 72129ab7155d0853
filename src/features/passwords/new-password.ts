import type { Call } from '#src/access/call';
import type { PasswordsConfig } from '#src/config/passwords';
import type { AuditService } from '#src/features/audit/audit.service';
import type { Connection } from '#src/features/connections/connection.service';
import type { ProfileChange } from '#src/features/users/profile/profile';
import type { HashSettings } from '#src/features/passwords/hashes/hash-settings';
import type { BreachedPasswords } from '#src/features/passwords/breached/breached-passwords';
import { keptElsewhere } from './passwords-elsewhere';
import { passwordBytes, type PasswordHasher } from './password-hash';
import { findOrganizationNames } from './organization-names.repository';
import { findFormerHashes } from './password-history.repository';
import { passwordErrors } from './password.errors';
import { policyOf, type PasswordPolicy } from '#src/features/passwords/policy/password-policy';
import { violationsOf, type PolicyViolation } from '#src/features/passwords/policy/policy-violations';

/** Whose new password it is. */
export interface NewPasswordAbout {
  /** Null: the operator's settings alone. */
  readonly connection: Connection | null;
  readonly profile?: ProfileChange;
  /** Absent for a user who does not exist yet. */
  readonly userId?: string;
  /** The organization that the user is about to enter; absent: none. */
  readonly organizationId?: string;
  /** Which switch decides about passwords that were published. */
  readonly occasion: 'SIGN_UP' | 'RESET';
}

export interface NewPasswordParts {
  readonly config: PasswordsConfig;
  readonly hasher: PasswordHasher;
  readonly breached: BreachedPasswords;
  readonly audit: AuditService;
  readonly hashSettings: HashSettings;
}

/**
 * Checks a new password and makes its hash. Slow: belongs before the transaction. PASSWORD_POLICY with all `violations` at once,
 * PASSWORD_LEAKED for one that was published in a breach. Where no password is kept here, `keptElsewhere` stands for the hash.
 */
export async function hashNewPassword(
  parts: NewPasswordParts,
  call: Call,
  password: string,
  about: NewPasswordAbout,
): Promise<string> {
  const { config, hasher } = parts;
  const policy = policyOf(config, about.connection?.options.passwordOptions ?? {});
  // SECURITY: exhaustion by huge passwords; everything behind this walks over the text.
  if (password.length > 4 * policy.maxLength) throw refused(policy, ['TOO_LONG']);
  const { email, username, name, nickname, givenName, familyName } = about.profile ?? {};
  const mailName = email?.slice(0, email.lastIndexOf('@'));
  const words = [mailName, username, name, nickname, givenName, familyName];
  const names = policy.personalData ? await findOrganizationNames(call.store, about) : [];
  const violations = violationsOf(policy, password, { words, names });
  if (violations.length > 0) throw refused(policy, violations);
  passwordBytes(password);
  if (about.userId !== undefined && policy.history > 0) {
    await refuseFormer(parts, call, policy, { password, userId: about.userId });
  }
  const isChecked = about.occasion === 'SIGN_UP' ? config.breachedOnSignUp : config.breachedOnReset;
  if (isChecked && (await isBreached(parts, call, password))) throw passwordErrors.PASSWORD_LEAKED();
  return about.connection?.options.keepsPasswords === false ? keptElsewhere : hasher.hash(password);
}

/**
 * Whether a password was published. A source that does not answer counts as no: people must be able to sign in while it is away, and
 * the record says that nothing was checked.
 */
export async function isBreached(
  { breached, audit }: Pick<NewPasswordParts, 'breached' | 'audit'>,
  call: Call,
  password: string,
): Promise<boolean> {
  try {
    return await breached.isBreached(password);
  } catch (error) {
    call.logger.warn({ err: error, requestId: call.requestId }, 'published passwords could not be looked up');
    await call.store.transaction((store) =>
      audit.record(store, call, {
        action: 'password.breach_check_failed',
        targetType: 'Password',
        targetId: null,
        result: 'denied',
      }),
    );
    return false;
  }
}

/**
 * The same for a password that replaces one which must not stay: the present one is refused as USED_BEFORE, whatever the policy says of
 * former ones. `present`: its stored form.
 */
export async function hashReplacingPassword(
  parts: NewPasswordParts,
  call: Call,
  password: string,
  { present, ...about }: NewPasswordAbout & { readonly present: string | null },
): Promise<string> {
  const hash = await hashNewPassword(parts, call, password, about);
  if (present !== null && (await parts.hasher.verify(password, present)))
    throw refused(policyOf(parts.config, about.connection?.options.passwordOptions ?? {}), ['USED_BEFORE']);
  return hash;
}

async function refuseFormer(
  { hasher, hashSettings }: NewPasswordParts,
  call: Call,
  policy: PasswordPolicy,
  { password, userId }: { readonly password: string; readonly userId: string },
): Promise<void> {
  for (const stored of await findFormerHashes(call.store, userId, policy.history + 1)) {
    const hash = await hashSettings.complete(call.store, userId, stored);
    if (await hasher.verify(password, hash)) throw refused(policy, ['USED_BEFORE']);
  }
}

function refused(
  { minLength, maxLength, classes }: PasswordPolicy,
  violations: readonly PolicyViolation[],
): Error {
  return passwordErrors.PASSWORD_POLICY({
    message: violations.map((violation) => sentences(minLength, maxLength, classes)[violation]).join(' '),
    extensions: { field: 'password', violations, minimum: minLength, maximum: maxLength },
  });
}

function sentences(
  minLength: number,
  maxLength: number,
  classes: number,
): Readonly<Record<PolicyViolation, string>> {
  return {
    TOO_SHORT: `A password has at least ${minLength} characters.`,
    TOO_LONG: `A password has at most ${maxLength} characters.`,
    TOO_FEW_CLASSES: `A password has ${classes} of these: small letters, capitals, digits, other characters.`,
    SEQUENTIAL: 'A password holds no three characters in sequence, such as abc.',
    IDENTICAL: 'A password holds no character three times in a row.',
    COMMON: 'This password is one of the most common ones.',
    PERSONAL: 'A password holds no name or address of its user, nor the name of an organization of theirs.',
    CONTROL_CHARACTER: 'A password holds no control characters.',
    USED_BEFORE: 'This password was used before.',
  };
}
