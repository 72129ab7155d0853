import {
  isLoneStar,
  type QueryValue,
  type Range,
  type RangeBound,
} from '#src/features/search/lucene/syntax-tree';
import { readNumeral } from './numeral';
import { anyOf, nothing, testOf, type Predicate, type SearchBound } from './predicate';
import type { Refusals } from './search-refusals';
import type { Place } from './search.errors';
import type { SearchableField } from './searchable-fields';

/**
 * `path:value` on metadata, where the stored value brings its own type: an unquoted `true` matches booleans, an
 * unquoted numeral matches equal numbers and the same text, everything else matches texts.
 */
export function metadataMatch(
  field: SearchableField,
  value: QueryValue,
  at: Place,
  refusals: Refusals,
): Predicate {
  const { target } = field;
  const isClosed = isUserStore(field);
  if (value.kind === 'pattern') {
    if (isClosed) {
      const hint = 'Search a whole value, or use _exists_:user_metadata.key.';
      throw refusals.invalid(at, 'user_metadata takes no wildcard', hint);
    }
    if (isLoneStar(value)) return testOf(target, { test: 'exists' });
  }
  refuseWholeStore(field, at, refusals);
  if (value.kind === 'pattern') {
    value.parts.forEach((part) => refuseLong(part, at, refusals));
    return testOf(target, { test: 'pattern', parts: value.parts });
  }
  const text = testOf(target, { test: 'equals', value: value.text });
  if (value.kind === 'phrase') return text;
  if (value.text === 'true' || value.text === 'false') {
    return testOf(target, { test: 'equals', value: value.text === 'true' });
  }
  const number = readNumeral(value.text);
  if (number === null || !Number.isFinite(number)) return text;
  return anyOf([testOf(target, { test: 'equals', value: number }), text]);
}

/** A range between unquoted numerals compares numbers only, every other range texts only. */
export function metadataRange(field: SearchableField, range: Range, refusals: Refusals): Predicate {
  const { target } = field;
  const at = range.at.value;
  if (isUserStore(field)) {
    throw refusals.invalid(
      at,
      'user_metadata takes no range',
      'Search a whole value; app_metadata takes ranges.',
    );
  }
  const bounds = [range.lower, range.upper].filter((bound) => bound !== null);
  if (bounds.length === 0) return testOf(target, { test: 'exists' });
  refuseWholeStore(field, at, refusals);
  const numbers = bounds.map(({ value }) => (value.kind === 'term' ? readNumeral(value.text) : null));
  if (numbers.includes(null)) {
    bounds.forEach(({ value }) => refuseLong(value.text, at, refusals));
    return testOf(target, { test: 'range', lower: textBound(range.lower), upper: textBound(range.upper) });
  }
  const lower = range.lower && numberBound(range.lower);
  const upper = range.upper && numberBound(range.upper);
  if (lower?.value === Infinity || upper?.value === -Infinity) return nothing;
  return testOf(target, { test: 'range', lower: lower && finite(lower), upper: upper && finite(upper) });
}

function textBound(bound: RangeBound | null): SearchBound | null {
  return bound && { value: bound.value.text, inclusive: bound.inclusive };
}

function numberBound(bound: RangeBound): SearchBound<number> {
  return { value: readNumeral(bound.value.text) as number, inclusive: bound.inclusive };
}

/** No stored number is infinite, so the largest finite number stands for an infinite bound. */
function finite(bound: SearchBound<number>): SearchBound<number> {
  if (Number.isFinite(bound.value)) return bound;
  return { value: Math.sign(bound.value) * Number.MAX_VALUE, inclusive: true };
}

function refuseWholeStore(field: SearchableField, at: Place, refusals: Refusals): void {
  if (field.target.of !== 'metadata' || field.target.path.length > 0) return;
  const hint = `Write ${field.name}.key:value, or _exists_:${field.name}.`;
  throw refusals.invalid(at, `${field.name} is an object and has no value of its own`, hint);
}

function isUserStore({ target }: SearchableField): boolean {
  return target.of === 'metadata' && target.store === 'user';
}

/** Of a long text only the beginning is indexed; see `MetadataLeafEntity`. */
const longestCompared = 255;

function refuseLong(text: string, at: Place, refusals: Refusals): void {
  if (text.length <= longestCompared || [...text].length <= longestCompared) return;
  const problem = `texts of more than ${longestCompared} characters can only be compared whole`;
  throw refusals.invalid(at, problem, 'Shorten the pattern or the bound.');
}
