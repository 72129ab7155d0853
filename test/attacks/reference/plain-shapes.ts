import type { Json } from '#test/attacks/reference/people';

/** What a caller is to be answered. */
export interface PlainAnswer {
  readonly data: unknown;
  /** Refused fields, with how often; other errors by their code alone. */
  readonly refused: Readonly<Record<string, number>>;
  readonly codes: readonly string[];
  readonly masked: readonly string[];
}

/** A list whose order means nothing. */
export class AnyOrder {
  constructor(readonly items: readonly unknown[]) {}
}

/** The attribute behind each field of an identity. */
export const identityAttributes: Readonly<Record<string, string>> = {
  connection: 'identities.connection',
  provider: 'identities.provider',
  userId: 'identities.user_id',
  isSocial: 'identities.is_social',
  isPrimary: 'identities',
  profileData: 'identities.profile_data',
};

/** The value at a path, null where there is none. */
export function valueAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const member = (value as Json)[key];
  return member === undefined ? null : valueAt(member, rest);
}
