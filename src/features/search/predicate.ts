/** Columns of a user that searches and sorts name. */
export type UserColumn =
  | 'id'
  | 'emailFolded'
  | 'emailDomain'
  | 'emailVerified'
  | 'username'
  | 'phoneNumber'
  | 'phoneVerified'
  | 'nameFolded'
  | 'givenNameFolded'
  | 'familyNameFolded'
  | 'nicknameFolded'
  | 'blocked'
  | 'createdAt'
  | 'updatedAt'
  | 'lastLogin'
  | 'lastIp'
  | 'loginsCount';

/** What a condition looks at. Everything but a user column is a set: any member may match. */
export type SearchTarget =
  | { readonly of: 'user'; readonly column: UserColumn }
  | { readonly of: 'identity'; readonly column: 'connection' | 'provider' | 'providerUserId' | 'isSocial' }
  | { readonly of: 'organization' }
  | { readonly of: 'role'; readonly column: 'id' | 'name' }
  | { readonly of: 'permission' }
  | { readonly of: 'metadata'; readonly store: 'user' | 'app'; readonly path: readonly string[] }
  | { readonly of: 'profileData'; readonly path: readonly string[] };

/** A value ready to be compared: folded, typed, in the units of the column. */
export type SearchValue = string | number | boolean;

export interface SearchBound<Value = string | number> {
  readonly value: Value;
  readonly inclusive: boolean;
}

export type SearchTest =
  | { readonly test: 'exists' }
  | { readonly test: 'equals'; readonly value: SearchValue }
  /** Any text of at most 255 code points that a user has in app_metadata at the path: looked up by the same statement. */
  | { readonly test: 'ofUser'; readonly userId: string; readonly path: string }
  | { readonly test: 'range'; readonly lower: SearchBound | null; readonly upper: SearchBound | null }
  /** Literal texts with any text between them: `['a', '']` is the prefix `a`. */
  | { readonly test: 'pattern'; readonly parts: readonly string[] };

/** What a caller asked for and may ask, with nothing left to look up: the input of the SQL compiler. */
export type Predicate =
  | { readonly kind: 'true' }
  | { readonly kind: 'false' }
  | { readonly kind: 'and'; readonly operands: readonly Predicate[] }
  | { readonly kind: 'or'; readonly operands: readonly Predicate[] }
  | { readonly kind: 'not'; readonly operand: Predicate }
  | ({ readonly kind: 'test'; readonly target: SearchTarget } & SearchTest);

export const everything: Predicate = { kind: 'true' };
export const nothing: Predicate = { kind: 'false' };

export function testOf(target: SearchTarget, test: SearchTest): Predicate {
  return { kind: 'test', target, ...test };
}

export function negate(operand: Predicate): Predicate {
  if (operand.kind === 'true') return nothing;
  if (operand.kind === 'false') return everything;
  return operand.kind === 'not' ? operand.operand : { kind: 'not', operand };
}

/** All of the conditions; `true` when there is none. */
export function allOf(operands: readonly Predicate[]): Predicate {
  if (operands.some((operand) => operand.kind === 'false')) return nothing;
  const rest = operands.filter((operand) => operand.kind !== 'true');
  if (rest.length === 0) return everything;
  return rest.length === 1 ? (rest[0] as Predicate) : { kind: 'and', operands: rest };
}

/** Any of the conditions; `false` when there is none. */
export function anyOf(operands: readonly Predicate[]): Predicate {
  if (operands.some((operand) => operand.kind === 'true')) return everything;
  const rest = operands.filter((operand) => operand.kind !== 'false');
  if (rest.length === 0) return nothing;
  return rest.length === 1 ? (rest[0] as Predicate) : { kind: 'or', operands: rest };
}

/** The members of a conjunction or of a list of alternatives, however they are nested. */
export function flatten(predicate: Predicate, kind: 'and' | 'or'): readonly Predicate[] {
  return predicate.kind === kind
    ? predicate.operands.flatMap((operand) => flatten(operand, kind))
    : [predicate];
}
