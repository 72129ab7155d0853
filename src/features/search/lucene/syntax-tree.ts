import type { Place } from '#src/features/search/search.errors';

/**
 * A query as written, after precedence and escapes are settled, before any field is looked up. Brackets that change nothing
 * are gone, a value group stands as one clause for each value, and `>=5` stands as the range `[5 TO *]`.
 */
export type QueryTree = All | Exists | Match | Range | Not | And | Or;

/** `*:*`, `*` or nothing at all: every user. */
export interface All {
  readonly kind: 'all';
}

/** `_exists_:path`. */
export interface Exists {
  readonly kind: 'exists';
  readonly path: FieldPath;
  readonly at: ClausePlace;
}

/** `path:value`, or without a path the bare value that is looked for in the usual text fields. */
export interface Match {
  readonly kind: 'match';
  readonly path: FieldPath | null;
  readonly value: QueryValue;
  readonly at: ClausePlace;
}

/** `path:[lower TO upper]`; null is an open end. */
export interface Range {
  readonly kind: 'range';
  readonly path: FieldPath;
  readonly lower: RangeBound | null;
  readonly upper: RangeBound | null;
  readonly at: ClausePlace;
}

export interface Not {
  readonly kind: 'not';
  readonly operand: QueryTree;
}

/** Two or more operands. */
export interface And {
  readonly kind: 'and';
  readonly operands: readonly QueryTree[];
}

/** Two or more items joined by OR or by standing side by side. */
export interface Or {
  readonly kind: 'or';
  readonly items: readonly OrItem[];
}

/**
 * With a required item the optional ones do not filter; without one, at least one optional item must match;
 * a prohibited item never matches.
 */
export interface OrItem {
  readonly occurs: 'optional' | 'required' | 'prohibited';
  readonly tree: QueryTree;
}

/** The names between the dots, escapes resolved; none is empty. */
export type FieldPath = readonly string[];

/** A quoted or an unquoted text, or a pattern: the literal texts between its stars, so `a*b` is `['a', 'b']` and `*` is `['', '']`. */
export type QueryValue =
  | { readonly kind: 'phrase'; readonly text: string }
  | { readonly kind: 'term'; readonly text: string }
  | { readonly kind: 'pattern'; readonly parts: readonly string[] };

export interface RangeBound {
  readonly value: Exclude<QueryValue, { kind: 'pattern' }>;
  readonly inclusive: boolean;
}

/** Where a clause's field name and value stand, for messages. */
export interface ClausePlace {
  readonly field: Place;
  readonly value: Place;
}

/** A longer query is refused with QUERY_TOO_LONG: UTF-16 units, clauses (leaves), nested brackets. */
export const queryLimits = { characters: 4096, clauses: 100, depth: 16 } as const;

/** What `field:*` and a bare `*` hold. */
export function isLoneStar(value: QueryValue): boolean {
  return value.kind === 'pattern' && value.parts.length === 2 && value.parts.every((part) => part === '');
}
