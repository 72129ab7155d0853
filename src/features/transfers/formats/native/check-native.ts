import type { ForeignFactor } from '#src/features/factors/methods/foreign-factors';
import { checkPatch, sizeOf, type MetadataLimits } from '#src/features/metadata/check-metadata';
import type { StoreName } from '#src/features/metadata/metadata-store';
import type { Finding } from '#src/features/transfers/formats/import-format';
import { isEmailAddress } from '#src/features/users/identifiers/email-address';
import { GatehouseError } from '#src/shared/errors';
import type { NativeRow } from './native-row';
import {
  boolean,
  collect,
  date,
  email,
  integer,
  list,
  members,
  object,
  oneOf,
  pattern,
  phone,
  picture,
  text,
  type Check,
  type Members,
} from './native-schema';

/** What the checks of rows depend on. */
export interface NativeRules {
  readonly strategy: string;
  readonly usernameLength: { readonly min: number; readonly max: number };
  readonly requiresUsername: boolean;
  readonly requiresEmail: boolean;
  /** Nothing beyond Auth0's own schema. */
  readonly isStrict: boolean;
  /** From another product: what does not fit a user name is left out. */
  readonly isVendor: boolean;
  readonly limits: MetadataLimits;
}

export interface CheckedRow {
  /** Null: there are errors. */
  readonly row: NativeRow | null;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

const name = text(1, 150);
const ipAddress = text(1, 45);

/** Whether a text is what an id may be: visible, without spaces; 255 characters at most. */
const providerId = pattern(/^[^\p{C}\s]{1,255}$/u, '1 to 255 visible characters without spaces');

const factor: Check<ForeignFactor> = (value, path, report) => {
  const checked = members(
    {
      totp: members(
        {
          secret: pattern(/^[A-Z2-7]+$/, 'Base32 without padding'),
          algorithm: oneOf(['SHA1', 'SHA256', 'SHA512']),
          digits: integer(6, 8),
          period: integer(10, 300),
        },
        ['secret'],
      ),
      phone: members({ value: phone }, ['value']),
      email: members({ value: email }, ['value']),
    },
    [],
  )(value, path, report);
  if (checked === undefined || Object.keys(checked).length === 1) return checked;
  report('ANY_OF_MISSING', 'A factor is exactly one of totp, phone and email.', path);
  return undefined;
};

const identity = members(
  {
    provider: text(1, 100),
    connection: text(1, 128),
    user_id: (value, path, report) =>
      providerId(typeof value === 'number' ? String(value) : value, path, report),
    isSocial: boolean,
    profileData: object,
  },
  ['provider', 'user_id'],
);

const schema: Members = {
  email,
  email_verified: boolean,
  phone_number: phone,
  phone_verified: boolean,
  user_id: text(1, 300),
  username: text(1, 254),
  given_name: name,
  family_name: name,
  name,
  nickname: text(1, 350),
  picture,
  blocked: boolean,
  password_hash: text(1, 1_000),
  custom_password_hash: object,
  app_metadata: object,
  user_metadata: object,
  mfa_factors: list(factor, 1, 10),
};

/** Beyond Auth0's schema. */
const extensions: Members = {
  identities: list(identity, 0, 50),
  roles: list(text(1, 100), 0, 100),
  organizations: list(members({ name: text(1, 50), roles: list(text(1, 100), 0, 100) }, ['name']), 0, 100),
  created_at: date,
  updated_at: date,
  last_login: date,
  last_ip: ipAddress,
  logins_count: integer(0, Number.MAX_SAFE_INTEGER),
  last_password_reset: date,
  password_reset_required: boolean,
};

const strict = members(schema, []);
const extended = members({ ...schema, ...extensions }, []);

/** Checks one row of the native schema; every mistake is told with its code and path, and no value. */
export function checkNative(value: unknown, rules: NativeRules): CheckedRow {
  const errors: Finding[] = [];
  const warnings: Finding[] = [];
  const report = collect(errors);
  const row = (rules.isStrict ? strict : extended)(value, '', report) as NativeRow | undefined;
  const given = (value ?? {}) as Readonly<Record<string, unknown>>;
  const identifiers = rules.requiresEmail ? ['email'] : ['email', 'username', 'phone_number'];
  if (identifiers.every((member) => isAbsent(given[member])))
    report('OBJECT_REQUIRED', `${identifiers.map((name) => `"${name}"`).join(' or ')} is missing.`, 'email');
  if (!isAbsent(given['password_hash']) && !isAbsent(given['custom_password_hash']))
    report(
      'PASSWORD_FIELDS_EXCLUSIVE',
      'password_hash and custom_password_hash exclude each other.',
      'custom_password_hash',
    );
  checkStore('user', given['user_metadata'], rules.limits, errors);
  checkStore('app', given['app_metadata'], rules.limits, errors);
  if (row === undefined || errors.length > 0) return { row: null, errors: worded(errors), warnings };
  const checked: NativeRow = {
    ...row,
    user_id: checkedId(row.user_id, rules, errors),
    username: checkedUsername(row.username, rules, errors, warnings),
  };
  if (rules.requiresUsername && checked.username === undefined && errors.length === 0)
    report('OBJECT_REQUIRED', '"username" is missing: the connection asks for one.', 'username');
  const bytes = sizeOf({ ...checked.user_metadata }, { ...checked.app_metadata });
  if (bytes > rules.limits.hardLimitBytes)
    report('METADATA_TOO_LARGE', `The metadata may have at most ${rules.limits.hardLimitBytes} bytes.`, '');
  return { row: errors.length > 0 ? null : checked, errors: worded(errors), warnings };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** A finding about the row as a whole has no path. */
function worded(findings: readonly Finding[]): readonly Finding[] {
  return findings.map(({ code, message, path }) =>
    path === '' || path === undefined ? { code, message } : { code, message, path },
  );
}

const metadataCodes: Readonly<Record<string, string>> = {
  RESERVED_METADATA_KEY: 'FORBIDDEN_APP_METADATA_KEY',
  METADATA_TOO_DEEP: 'METADATA_TOO_LARGE',
  INVALID_METADATA_KEY: 'INVALID_METADATA_KEY',
  VALIDATION_FAILED: 'INVALID_FORMAT',
};

function checkStore(store: StoreName, value: unknown, limits: MetadataLimits, errors: Finding[]): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
  try {
    checkPatch(value, store, limits);
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    const path = error.extensions['path'];
    errors.push({
      code: metadataCodes[error.code] ?? error.code,
      message: error.message,
      path: typeof path === 'string' ? path : `${store}_metadata`,
    });
  }
}

/** SECURITY: `auth0|auth0|x` would be another user than `auth0|x`: the strategy in front is taken off. */
function checkedId(id: string | undefined, { strategy }: NativeRules, errors: Finding[]): string | undefined {
  if (id === undefined) return undefined;
  const part = id.startsWith(`${strategy}|`) ? id.slice(strategy.length + 1) : id;
  return providerId(part, 'user_id', collect(errors));
}

const usernameCharacters = /^[a-z0-9@^$.!#+\-'~_`]+$/;

/** Imported user names may have up to 128 characters, whatever the connection asks of new ones; those of vendors are left out where they do not fit. */
function checkedUsername(
  given: string | undefined,
  rules: NativeRules,
  errors: Finding[],
  warnings: Finding[],
): string | undefined {
  if (given === undefined) return undefined;
  const username = given.toLowerCase();
  const max = Math.max(rules.usernameLength.max, rules.isVendor ? rules.usernameLength.max : 128);
  const problem: [string, string] | null =
    username.length < rules.usernameLength.min
      ? ['MIN_LENGTH', `A user name has at least ${rules.usernameLength.min} characters.`]
      : username.length > max
        ? ['MAX_LENGTH', `A user name has at most ${max} characters.`]
        : !usernameCharacters.test(username)
          ? ['PATTERN', "A user name holds unaccented letters, digits and @ ^ $ . ! # + - ' ~ _ ` only."]
          : isEmailAddress(username)
            ? ['NOT_PASSED', 'A user name must not be an e-mail address.']
            : null;
  if (problem === null) return username;
  const [code, message] = problem;
  if (!rules.isVendor) errors.push({ code, message, path: 'username' });
  else warnings.push({ code: 'USERNAME_LEFT_OUT', message: `${message} It was left out.`, path: 'username' });
  return undefined;
}
