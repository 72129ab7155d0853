import { z } from 'zod';
import { isObject } from '#src/features/metadata/metadata-store';
import { fromIso, type Instant } from '#src/shared/clock';

/** Dates with or without time; without an offset they are in UTC. */
const date = z.string().transform((text, context): Instant => {
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text);
  const hasOffset = !text.includes('T') || /(Z|[+-]\d{2}:\d{2})$/.test(text);
  const instant = isDate ? fromIso(hasOffset ? text : `${text}Z`) : null;
  if (instant !== null) return instant;
  context.addIssue('must be a date such as 2024-02-29 or 2024-02-29T10:00:00Z');
  return z.NEVER;
});

const text = z.string();
// Not a record: that would silently drop keys such as `__proto__`, which are to be refused.
const object = z.custom<Record<string, unknown>>(isObject, 'must be an object');

const identity = z.strictObject({
  connection: text.min(1).optional(),
  provider: text.min(1),
  user_id: z.union([text.min(1), z.int().nonnegative().transform(String)]),
  isSocial: z.boolean().optional(),
  profileData: object.nullish(),
});

const organization = z.union([
  text.min(1),
  z.strictObject({ name: text.min(1), id: text.min(1).optional(), display_name: text.nullish() }),
]);

/** Known attributes of a profile as a file holds them. Unknown ones are what an identity provider sent: kept as they are. */
const profileForm = z.looseObject({
  user_id: text.min(1),
  email: text.nullish(),
  email_verified: z.boolean().nullish(),
  username: text.nullish(),
  phone_number: text.nullish(),
  phone_verified: z.boolean().nullish(),
  name: text.nullish(),
  given_name: text.nullish(),
  family_name: text.nullish(),
  nickname: text.nullish(),
  picture: text.nullish(),
  blocked: z.boolean().nullish(),
  user_metadata: object.nullish(),
  app_metadata: object.nullish(),
  identities: z.array(identity).min(1).nullish(),
  created_at: date.nullish(),
  updated_at: date.nullish(),
  last_login: date.nullish(),
  last_ip: z.union([z.ipv4(), z.ipv6()]).nullish(),
  logins_count: z.int().nonnegative().nullish(),
  last_password_reset: date.nullish(),
  multifactor: z.array(text).nullish(),
  multifactor_last_modified: date.nullish(),
  organizations: z.array(organization).nullish(),
});

export type ProfileForm = z.output<typeof profileForm>;

/** Attributes of the form that this gateway does not store; they are left out and counted. */
export const attributesLeftOut = [
  'blocked_for',
  'guardian_authenticators',
  'password_set_date',
  'tenant',
] as const;

/** Refused rather than kept among the unknown ones, where everybody who may read those could see them. */
const refused = {
  password: 'cannot be loaded: set it with the updateUser mutation',
  password_hash: 'cannot be loaded from a profile',
  access_token: 'stands in an identity, and tokens of identity providers are not loaded',
  refresh_token: 'stands in an identity, and tokens of identity providers are not loaded',
} as const;

export type FieldProblem = readonly [field: string, problem: string];

/** One row of the file: the profile, or what is wrong with which field. */
export function readProfileForm(row: unknown): { profile: ProfileForm } | { problems: FieldProblem[] } {
  if (row === null || typeof row !== 'object' || Array.isArray(row))
    return { problems: [['', 'must be an object']] };
  const result = profileForm.safeParse(row);
  const problems: FieldProblem[] = Object.entries(refused)
    .filter(([name]) => Object.hasOwn(row, name))
    .map(([name, problem]) => [name, problem]);
  if (!result.success) problems.push(...result.error.issues.map(problemOf));
  return result.success && problems.length === 0 ? { profile: result.data } : { problems };
}

/** The attributes that are no part of the form, for the user's further attributes; null when there is none. */
export function unknownAttributes(profile: ProfileForm): Record<string, unknown> | null {
  const others = Object.entries(profile).filter(
    ([name, value]) =>
      !Object.hasOwn(profileForm.shape, name) &&
      !(attributesLeftOut as readonly string[]).includes(name) &&
      value !== undefined,
  );
  return others.length === 0 ? null : Object.fromEntries(others);
}

function problemOf(issue: z.core.$ZodIssue): FieldProblem {
  const field = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('');
  return [field.replace(/^\./, ''), issue.message];
}
