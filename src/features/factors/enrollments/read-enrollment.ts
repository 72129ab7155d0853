import type { EnrollmentAnswer } from '#src/features/factors/enrollments/verify-enrollment';
import type { StoredFactorType } from '#src/features/factors/factor-kind';
import { badInput } from '#src/features/roles/checked-text';

interface Named {
  readonly name?: string | null;
}

interface Coded {
  readonly authSession: string;
  readonly otpCode?: string;
  readonly response?: unknown;
}

/** The members of the inputs, with the kind that each stands for. */
const kinds = {
  totp: 'TOTP',
  passkey: 'PASSKEY',
  email: 'EMAIL',
  recoveryCodes: 'RECOVERY_CODE',
} as const satisfies Record<string, StoredFactorType>;

type Member = keyof typeof kinds;
type OneOfMembers<Value> = { readonly [member in Member]?: Value | null };

function chosen<Value>(input: OneOfMembers<Value>): { type: StoredFactorType; value: Value } {
  for (const member of Object.keys(kinds) as Member[]) {
    const value = input[member];
    if (value !== null && value !== undefined) return { type: kinds[member], value };
  }
  throw badInput('input', 'Name exactly one kind of method.');
}

export function enrollmentRequest(input: OneOfMembers<Named>): {
  type: StoredFactorType;
  name: string | null;
} {
  const { type, value } = chosen(input);
  return { type, name: value.name ?? null };
}

export function verificationRequest(
  input: OneOfMembers<Coded>,
): Omit<EnrollmentAnswer, 'binding' | 'userAgent'> {
  const { type, value } = chosen(input);
  return { type, ...value };
}
