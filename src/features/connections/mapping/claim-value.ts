/** A place in the claims of a provider that holds something. */
export interface ClaimValue {
  readonly value: unknown;
  /** The top-level claim it was found in. */
  readonly claim: string;
}

/**
 * The value that a claim name means, or null when it is absent or empty. A claim of exactly this name comes first; else dots lead into
 * objects, `[0]` takes an element of a list and `[primary]` the first element whose member `primary` is true: `emails[primary].email`.
 */
export function claimValue(claims: Readonly<Record<string, unknown>>, name: string): ClaimValue | null {
  if (Object.hasOwn(claims, name)) {
    const value = claims[name];
    return isEmpty(value) ? null : { value, claim: name };
  }
  const steps = name.split(/[.[\]]+/).filter((step) => step !== '');
  const [claim = ''] = steps;
  let at: unknown = claims;
  for (const step of steps) at = stepInto(at, step);
  return isEmpty(at) ? null : { value: at, claim };
}

function stepInto(value: unknown, step: string): unknown {
  if (Array.isArray(value)) {
    if (/^\d+$/.test(step)) return value[Number(step)] as unknown;
    return value.find((item) => stepInto(item, step) === true) as unknown;
  }
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string, unknown>)[step];
}

/** The first member of a path: the claim that a name with dots or brackets leads into. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return Array.isArray(value) && value.every(isEmpty);
}

/** A text for an attribute that holds one: of a list its first element; numbers are written out. Null: there is none. */
export function asText(value: unknown): string | null {
  const single: unknown = Array.isArray(value) ? value.find((item) => !isEmpty(item)) : value;
  if (typeof single === 'string') return single.trim() === '' ? null : single.trim();
  return typeof single === 'number' && Number.isFinite(single) ? String(single) : null;
}

/**
 * The same for an id: letter by letter, because two that differ in a space alone are two people; and no number that JSON may have rounded, because two
 * people have the same one then.
 */
export function asId(value: unknown): string | null {
  const single: unknown = Array.isArray(value) ? value.find((item) => !isEmpty(item)) : value;
  if (typeof single === 'string') return single.trim() === '' ? null : single;
  return Number.isSafeInteger(single) ? String(single) : null;
}

/** Providers write truth in several ways; what is none of them is null. */
export function asTruth(value: unknown): boolean | null {
  const single: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof single === 'boolean') return single;
  const text = String(single).toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : null;
}
