import type { Finding, MappedRow } from './import-format';
import { toIso } from '#src/shared/clock';

/** A native row that a mapper fills: absent and empty values are left out, so that every mapper treats them alike. */
export class NativeDraft {
  private readonly row: Record<string, unknown> = {};
  private readonly warnings: Finding[] = [];
  private readonly errors: Finding[] = [];

  /** Sets a member of the row, unless the value is null, undefined or an empty text. */
  set(name: string, value: unknown): this {
    if (value !== null && value !== undefined && value !== '') this.row[name] = value;
    return this;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.row, name);
  }

  /** Sets a member below `user_metadata` or `app_metadata`; `path` may name a parent: `okta.type`. */
  put(store: 'user_metadata' | 'app_metadata', path: readonly string[], value: unknown): this {
    if (value === null || value === undefined || value === '') return this;
    let at = (this.row[store] ??= {}) as Record<string, unknown>;
    for (const name of path.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>;
    // SECURITY: a member that is called `__proto__` stays a member, which the checks refuse; assigned, it would be a prototype.
    const member = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(at, path[path.length - 1] as string, member);
    return this;
  }

  add(name: 'identities' | 'roles' | 'organizations' | 'mfa_factors', value: unknown): this {
    const list = (this.row[name] ??= []) as unknown[];
    list.push(value);
    return this;
  }

  warn(code: string, message: string, path?: string): this {
    this.warnings.push(path === undefined ? { code, message } : { code, message, path });
    return this;
  }

  refuse(code: string, message: string, path?: string): this {
    this.errors.push(path === undefined ? { code, message } : { code, message, path });
    return this;
  }

  /** The user comes in without a password and has to set one. */
  withoutPassword(code: string, message: string): this {
    return this.set('password_reset_required', true).warn(code, message, 'password');
  }

  done(): MappedRow {
    return { row: this.row, errors: this.errors, warnings: this.warnings };
  }
}

export type Json = Readonly<Record<string, unknown>>;

/** The value if it is an object, else an empty one. */
export function asObject(value: unknown): Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A text, a number as text, or undefined. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** The first value that is a text with something in it. */
export function firstText(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const text = asText(value);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** What a record that is no object is answered with. */
export function notAnObject(): MappedRow {
  return {
    row: null,
    errors: [{ code: 'INVALID_TYPE', message: 'The row must be an object.' }],
    warnings: [],
  };
}

/** A row that the rules of its format leave out on purpose. */
export function leftOut(message: string): MappedRow {
  return { row: null, errors: [], warnings: [{ code: 'ROW_SKIPPED', message }] };
}

const phoneNumber = /^\+[0-9]{1,15}$/;

/** The number in E.164, separators taken out, or undefined when it is none. */
export function asPhoneNumber(value: unknown): string | undefined {
  const text = asText(value)?.replace(/[\s().-]/g, '');
  return text !== undefined && phoneNumber.test(text) ? text : undefined;
}

/** `okta|00u1`, or the id as it is. */
export function prefixed(prefix: string, id: string | undefined): string | undefined {
  return id === undefined || prefix === '' ? id : `${prefix}|${id}`;
}

/** An instant as ISO 8601 text; undefined when the value is none. Numbers are milliseconds. */
export function asDate(value: unknown): string | undefined {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value)) return value;
  const millis =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\d{1,16}$/.test(value)
        ? Number(value)
        : NaN;
  return Number.isFinite(millis) ? isoOf(millis) : undefined;
}

function isoOf(millis: number): string | undefined {
  return Math.abs(millis) <= 8.64e15 ? toIso(millis) : undefined;
}
