import { fromIso, type Instant } from '#src/shared/clock';
import { isEmailAddress } from '#src/features/users/identifiers/email-address';
import { isPictureUrl } from '#src/features/users/pictures/picture';
import { isStorableText } from '#src/features/users/profile/check-profile';
import type { Finding } from '#src/features/transfers/formats/import-format';

/** Where a check reports what is wrong. */
export type Report = (code: string, message: string, path: string) => void;

/** Checks one member; answers its stored form, or undefined after a report. */
export type Check<Value = unknown> = (value: unknown, path: string, report: Report) => Value | undefined;

export function collect(findings: Finding[]): Report {
  return (code, message, path) => findings.push({ code, message, path });
}

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

function wrongType(value: unknown, wanted: string, path: string, report: Report): undefined {
  report('INVALID_TYPE', `Expected ${wanted}, found ${typeOf(value)}.`, path);
  return undefined;
}

export const boolean: Check<boolean> = (value, path, report) =>
  typeof value === 'boolean' ? value : wrongType(value, 'boolean', path, report);

/** A text whose characters can be stored, of so many characters. */
export function text(min: number, max: number): Check<string> {
  return (value, path, report) => {
    if (typeof value !== 'string') return wrongType(value, 'string', path, report);
    if (!isStorableText(value)) {
      report('INVALID_FORMAT', 'The text holds characters that are not valid text.', path);
      return undefined;
    }
    const length = value.length <= max ? value.length : [...value].length;
    if (length < min) report('MIN_LENGTH', `The text must have at least ${min} characters.`, path);
    else if (length > max) report('MAX_LENGTH', `The text must have at most ${max} characters.`, path);
    else return value;
    return undefined;
  };
}

const anyText = text(0, Number.MAX_SAFE_INTEGER);

/** E-mail addresses are compared and stored in lower case, composed (NFC). */
export const email: Check<string> = (value, path, report) => {
  const given = anyText(value, path, report);
  if (given === undefined) return undefined;
  const address = given.normalize('NFC').toLowerCase();
  if (isEmailAddress(address)) return address;
  report('INVALID_FORMAT', 'This is no e-mail address (64 characters before the @, 254 in all).', path);
  return undefined;
};

export function pattern(expression: RegExp, what: string): Check<string> {
  return (value, path, report) => {
    const given = anyText(value, path, report);
    if (given === undefined || expression.test(given)) return given;
    report('PATTERN', `The text must be ${what}.`, path);
    return undefined;
  };
}

export const phone = pattern(/^\+[0-9]{1,15}$/, 'a plus sign and 1 to 15 digits');

export const picture: Check<string> = (value, path, report) => {
  const given = anyText(value, path, report);
  if (given === undefined || isPictureUrl(given)) return given;
  report('INVALID_FORMAT', 'This is no https URL of at most 2048 characters.', path);
  return undefined;
};

export const date: Check<Instant> = (value, path, report) => {
  if (typeof value !== 'string') return wrongType(value, 'string', path, report);
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;
  const hasOffset = !value.includes('T') || /(Z|[+-]\d{2}:\d{2})$/.test(value);
  const instant = form.test(value) ? fromIso(hasOffset ? value : `${value}Z`) : null;
  if (instant !== null) return instant;
  report('INVALID_FORMAT', 'This is no ISO 8601 date such as 2024-02-29T10:00:00Z.', path);
  return undefined;
};

export function integer(min: number, max: number): Check<number> {
  return (value, path, report) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value))
      return wrongType(value, 'a whole number', path, report);
    if (value < min) report('MINIMUM', `The number must be at least ${min}.`, path);
    else if (value > max) report('MAXIMUM', `The number must be at most ${max}.`, path);
    else return value;
    return undefined;
  };
}

export function oneOf(values: readonly string[]): Check<string> {
  return (value, path, report) => {
    if (typeof value !== 'string') return wrongType(value, 'string', path, report);
    if (values.includes(value)) return value;
    report('ENUM_MISMATCH', `The value must be one of ${values.join(', ')}.`, path);
    return undefined;
  };
}

export const object: Check<Record<string, unknown>> = (value, path, report) =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : wrongType(value, 'object', path, report);

export function list<Value>(item: Check<Value>, min: number, max: number): Check<readonly Value[]> {
  return (value, path, report) => {
    if (!Array.isArray(value)) return wrongType(value, 'array', path, report);
    if (value.length < min) report('ARRAY_LENGTH_SHORT', `The list must have at least ${min} members.`, path);
    else if (value.length > max)
      report('ARRAY_LENGTH_LONG', `The list may have at most ${max} members.`, path);
    else {
      const checked = value.map((member, index) => item(member, `${path}[${index}]`, report));
      return checked.includes(undefined) ? undefined : (checked as Value[]);
    }
    return undefined;
  };
}

export type Members = Readonly<Record<string, Check>>;

/** An object with these members and no others. */
export function members(checks: Members, required: readonly string[]): Check<Record<string, unknown>> {
  return (value, path, report) => {
    const given = object(value, path, report);
    if (given === undefined) return undefined;
    const checked: Record<string, unknown> = {};
    let isValid = true;
    for (const name of required) {
      if (given[name] !== undefined && given[name] !== null) continue;
      report('OBJECT_REQUIRED', `"${name}" is missing.`, join(path, name));
      isValid = false;
    }
    for (const [name, member] of Object.entries(given)) {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
      if (!check) {
        report('ADDITIONAL_PROPERTY', 'The schema knows no such property.', join(path, name.slice(0, 100)));
        isValid = false;
      } else if (member !== null && member !== undefined) {
        const result = check(member, join(path, name), report);
        if (result === undefined) isValid = false;
        else checked[name] = result;
      }
    }
    return isValid ? checked : undefined;
  };
}

export function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
