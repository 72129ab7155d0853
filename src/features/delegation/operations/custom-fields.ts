import type { Definitions, WriteStep } from '#src/features/delegation/hooks/hook-definition';
import { commonErrors } from '#src/shared/errors';

/** What is written, by attribute path. */
export type Written = ReadonlyMap<string, unknown>;

type Mode = 'create' | 'update';

/** The values of custom fields as they were sent, checked against the settings: a field that is not enabled is refused, not dropped. */
export function checkFields(
  sent: unknown,
  fields: Definitions['SETTINGS']['userFields'],
  mode: Mode,
): Written {
  const values = objectOf(sent);
  const by = new Map(fields.map((field) => [field.property, mode === 'create' ? field.create : field.edit]));
  const refused = Object.keys(values).filter(
    (property) => by.get(property) === undefined || by.get(property) === null,
  );
  if (refused.length > 0)
    throw commonErrors.FORBIDDEN_ARGUMENT({ extensions: { field: 'fields', paths: refused } });
  for (const [property, rules] of by) {
    if (rules === null) continue;
    const value = values[property];
    const isEmpty = value === undefined || value === null || value === '';
    if (rules.required && isEmpty && (mode === 'create' || property in values))
      throw invalid(property, 'is required.');
    if (rules.options !== null && !isEmpty && !(typeof value === 'string' && rules.options.includes(value)))
      throw invalid(property, 'must be one of the options.');
  }
  return new Map(Object.entries(values));
}

function objectOf(sent: unknown): Readonly<Record<string, unknown>> {
  if (sent === undefined || sent === null) return {};
  if (typeof sent === 'object' && !Array.isArray(sent)) return sent as Readonly<Record<string, unknown>>;
  throw invalid('fields', 'must be an object.');
}

function invalid(field: string, problem: string): Error {
  return commonErrors.VALIDATION_FAILED({ message: `${field} ${problem}`, extensions: { field } });
}

/** What `$actor.…` of a step stands for. */
export type ActorValue = (path: string) => unknown;

/**
 * Runs the steps of a write hook over what is to be written, in order. A value that a step forces is not overwritten silently: a payload
 * that names another one is refused.
 */
export function applySteps(
  steps: readonly WriteStep[],
  mode: Mode,
  sent: Written,
  actor: ActorValue,
): Written {
  const written = new Map(sent);
  for (const { step, path, value, on } of steps) {
    if (!on.includes(mode)) continue;
    const given = typeof value === 'string' && value.startsWith('$actor.') ? actor(value) : value;
    const names = sent.has(path);
    if (step === 'forbid' && names) throw forbidden(path);
    if (step === 'require' && isEmpty(written.get(path)) && (mode === 'create' || names))
      throw invalid(path, 'is required.');
    if (step === 'default' && isEmpty(written.get(path)) && mode === 'create') written.set(path, given);
    if (step !== 'set') continue;
    if (names && JSON.stringify(sent.get(path)) !== JSON.stringify(given)) throw forbidden(path);
    if (isEmpty(given)) throw forbidden(path);
    written.set(path, given);
  }
  return written;
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

function forbidden(path: string): Error {
  return commonErrors.FORBIDDEN_ARGUMENT({ extensions: { field: 'fields', paths: [path] } });
}

/** A store of metadata with what is written to it, nested. */
export function nested(
  written: Written,
  store: 'user_metadata' | 'app_metadata',
): Readonly<Record<string, unknown>> {
  const root: Record<string, unknown> = {};
  for (const [path, value] of written) {
    const [first, ...keys] = path.split('.');
    if (first !== store) continue;
    let at = root;
    keys.forEach((key, index) => {
      if (index === keys.length - 1) at[key] = value;
      else at = (at[key] ??= {}) as Record<string, unknown>;
    });
  }
  return root;
}

const roots: Readonly<Record<string, string>> = {
  ...{
    name: 'name',
    given_name: 'givenName',
    family_name: 'familyName',
    nickname: 'nickname',
    picture: 'picture',
  },
  phone_number: 'phoneNumber',
};

/** The root attributes that are written, under the names of the service. */
export function rootsOf(written: Written): Readonly<Record<string, string | null>> {
  const found: Record<string, string | null> = {};
  for (const [path, value] of written) {
    const name = roots[path];
    if (name === undefined) continue;
    if (typeof value !== 'string' && value !== null) throw invalid(path, 'must be a text.');
    found[name] = value;
  }
  return found;
}
