import { isIP } from 'node:net';
import { foldText } from '#src/features/users/fold-text';
import { readDateUnit } from './date-unit';
import {
  isLoneStar,
  type QueryValue,
  type Range,
  type RangeBound,
} from '#src/features/search/lucene/syntax-tree';
import { readNumeral } from './numeral';
import type { Refusals } from './search-refusals';
import { nothing, testOf, type Predicate, type SearchBound } from './predicate';
import type { Place } from './search.errors';
import type { SearchableField } from './searchable-fields';

type Literal = Exclude<QueryValue, { kind: 'pattern' }>;

/** `field:value`, the value typed for the field. */
export function matchLeaf(
  field: SearchableField,
  value: QueryValue,
  at: Place,
  refusals: Refusals,
): Predicate {
  if (isLoneStar(value)) return testOf(field.target, { test: 'exists' });
  if (value.kind === 'pattern') {
    if (field.kind === 'text' || field.kind === 'address') {
      return testOf(field.target, { test: 'pattern', parts: value.parts.map((part) => fold(field, part)) });
    }
    throw refusals.invalid(
      at,
      `${field.name} is no text and takes no wildcard`,
      'Write a whole value or a range.',
    );
  }
  switch (field.kind) {
    case 'boolean':
      return testOf(field.target, { test: 'equals', value: readBoolean(field, value, at, refusals) });
    case 'integer': {
      const number = readInteger(field, value, at, refusals);
      return isStorable(number) ? testOf(field.target, { test: 'equals', value: number }) : nothing;
    }
    case 'datetime': {
      const { start, end } = readDate(field, value, at, refusals);
      return testOf(field.target, {
        test: 'range',
        lower: { value: start, inclusive: true },
        upper: { value: end, inclusive: false },
      });
    }
    default:
      return testOf(field.target, { test: 'equals', value: readText(field, value, at, refusals) });
  }
}

/** `field:[a TO b]`, the bounds typed for the field. */
export function rangeLeaf(field: SearchableField, range: Range, refusals: Refusals): Predicate {
  const at = range.at.value;
  if (field.kind === 'boolean') {
    throw refusals.invalid(
      at,
      `${field.name} is true or false and has no range`,
      `Write ${field.name}:true.`,
    );
  }
  const { lower, upper } = range;
  if (!lower && !upper) return testOf(field.target, { test: 'exists' });
  switch (field.kind) {
    case 'integer':
      return integerRange(field, lower, upper, at, refusals);
    case 'datetime':
      return testOf(field.target, {
        test: 'range',
        lower: lower && dateBound(readDate(field, lower.value, at, refusals), lower.inclusive, 'lower'),
        upper: upper && dateBound(readDate(field, upper.value, at, refusals), upper.inclusive, 'upper'),
      });
    default: {
      const bound = (from: RangeBound | null): SearchBound | null =>
        from && { value: readText(field, from.value, at, refusals), inclusive: from.inclusive };
      return testOf(field.target, { test: 'range', lower: bound(lower), upper: bound(upper) });
    }
  }
}

/** An inclusive bound takes in the whole unit, an exclusive one leaves all of it out. */
function dateBound(
  unit: { start: number; end: number },
  inclusive: boolean,
  side: 'lower' | 'upper',
): SearchBound {
  if (side === 'lower') return { value: inclusive ? unit.start : unit.end, inclusive: true };
  return { value: inclusive ? unit.end : unit.start, inclusive: false };
}

/** Bounds as whole numbers that every database can compare a whole number with. */
function integerRange(
  field: SearchableField,
  lower: RangeBound | null,
  upper: RangeBound | null,
  at: Place,
  refusals: Refusals,
): Predicate {
  const least = lower && whole(readInteger(field, lower.value, at, refusals), lower.inclusive, 'lower');
  const most = upper && whole(readInteger(field, upper.value, at, refusals), upper.inclusive, 'upper');
  if ((least ?? 0) > largest || (most ?? 0) < -largest) return nothing;
  const bound = (value: number | null): SearchBound | null =>
    value === null || !isStorable(value) ? null : { value, inclusive: true };
  const [from, to] = [bound(least), bound(most)];
  return from || to
    ? testOf(field.target, { test: 'range', lower: from, upper: to })
    : testOf(field.target, { test: 'exists' });
}

/** Integers of users have 32 bits on every database. */
const largest = 2_147_483_647;

function isStorable(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= largest;
}

function whole(value: number, inclusive: boolean, side: 'lower' | 'upper'): number {
  if (side === 'lower') return inclusive ? Math.ceil(value) : Math.floor(value) + 1;
  return inclusive ? Math.floor(value) : Math.ceil(value) - 1;
}

function readText(field: SearchableField, value: Literal, at: Place, refusals: Refusals): string {
  if (field.kind === 'address' && isIP(value.text) === 0) {
    throw refusals.invalid(
      at,
      `${field.name} needs an IP address`,
      'Write an IPv4 address, or an IPv6 address in double quotes.',
    );
  }
  return fold(field, value.text);
}

function fold(field: SearchableField, text: string): string {
  return field.folds ? foldText(text) : text;
}

function readBoolean(field: SearchableField, value: Literal, at: Place, refusals: Refusals): boolean {
  if (value.text === 'true') return true;
  if (value.text === 'false') return false;
  throw refusals.invalid(
    at,
    `${field.name} is true or false`,
    `Write ${field.name}:true or ${field.name}:false.`,
  );
}

function readInteger(field: SearchableField, value: Literal, at: Place, refusals: Refusals): number {
  const number = readNumeral(value.text);
  if (number === null) {
    throw refusals.invalid(
      at,
      `${field.name} needs a number`,
      'Write digits such as 100; a negative number is escaped: \\-5',
    );
  }
  return number;
}

function readDate(
  field: SearchableField,
  value: Literal,
  at: Place,
  refusals: Refusals,
): { start: number; end: number } {
  const unit = readDateUnit(value.text);
  if (!unit) {
    const hint = 'Write 2026, 2026-01, 2026-01-31, or "2026-01-31T09:30Z" in double quotes.';
    throw refusals.invalid(at, `${field.name} needs a date`, hint);
  }
  return unit;
}
