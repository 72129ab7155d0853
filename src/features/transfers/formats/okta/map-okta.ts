import type { MapRecord } from '#src/features/transfers/formats/import-format';
import {
  asDate,
  asList,
  asObject,
  asPhoneNumber,
  asText,
  firstText,
  NativeDraft,
  notAnObject,
  prefixed,
  type Json,
} from '#src/features/transfers/formats/native-draft';
import { base64Bytes, pbkdf2Hash, type HashObject } from '#src/features/transfers/formats/password-strings';

const userMetadata = [
  ...['locale', 'preferredLanguage', 'timezone', 'streetAddress', 'city', 'state', 'zipCode', 'countryCode'],
];
const appMetadata = [
  ...['department', 'organization', 'division', 'costCenter', 'employeeNumber', 'title', 'userType'],
  ...['manager', 'managerId'],
];
const known = new Set([
  ...userMetadata,
  ...appMetadata,
  ...['login', 'email', 'firstName', 'lastName', 'displayName', 'nickName', 'mobilePhone', 'profileUrl'],
]);
const blockedStates = new Set(['SUSPENDED', 'DEPROVISIONED']);
const resetStates = new Set(['STAGED', 'PROVISIONED', 'RECOVERY', 'PASSWORD_EXPIRED']);

/** An object of Okta's users API; the form of its imports, which holds the hash, too. */
export const mapOkta: MapRecord = (record, options) => {
  const user = asObject(record);
  const profile = asObject(user['profile']);
  if (Object.keys(profile).length === 0) return notAnObject();
  const draft = new NativeDraft();
  const login = asText(profile['login']);
  const isLoginAddress = login?.includes('@') ?? false;
  draft
    .set('user_id', prefixed(options.idPrefix, asText(user['id'])))
    .set('email', firstText(profile['email'], isLoginAddress ? login : undefined))
    .set('email_verified', isVerified(user, options.assumeEmailVerified))
    .set('username', isLoginAddress ? undefined : login)
    .set('given_name', profile['firstName'])
    .set('family_name', profile['lastName'])
    .set('name', firstText(profile['displayName'], fullName(profile)))
    .set('nickname', profile['nickName'])
    .set('picture', profile['profileUrl'])
    .set('created_at', asDate(user['created']))
    .set('last_login', asDate(user['lastLogin']))
    .set('updated_at', asDate(user['lastUpdated']));
  const phone = asPhoneNumber(profile['mobilePhone']);
  if (phone === undefined) draft.put('user_metadata', ['phone'], profile['mobilePhone']);
  else draft.set('phone_number', phone);
  for (const name of userMetadata) draft.put('user_metadata', [name], profile[name]);
  for (const name of appMetadata) draft.put('app_metadata', [name], profile[name]);
  if (user['groups'] !== undefined) draft.put('app_metadata', ['groups'], user['groups']);
  if (options.keepUnmapped) {
    for (const [name, value] of Object.entries(profile))
      if (!known.has(name)) draft.put('app_metadata', ['okta', name], value);
  }
  const status = asText(user['status']) ?? '';
  if (blockedStates.has(status)) draft.set('blocked', true);
  if (resetStates.has(status)) draft.set('password_reset_required', true);
  addCredentials(draft, asObject(user['credentials']), asText(user['id']));
  return draft.done();
};

function fullName(profile: Json): string {
  return [asText(profile['firstName']), asText(profile['lastName'])].filter(Boolean).join(' ');
}

function isVerified(user: Json, assume: boolean): boolean {
  const emails = asList(asObject(user['credentials'])['emails']).map(asObject);
  const primary = emails.find((email) => email['type'] === 'PRIMARY');
  if (primary) return primary['status'] === 'VERIFIED';
  return assume && user['status'] === 'ACTIVE';
}

function addCredentials(draft: NativeDraft, credentials: Json, id: string | undefined): void {
  const provider = asObject(credentials['provider']);
  const type = asText(provider['type']);
  if (type !== undefined && type !== 'OKTA' && type !== 'IMPORT') {
    const connection = (asText(provider['name']) ?? type).toLowerCase().replace(/[^a-z0-9]+/g, '-');
    draft.add('identities', { provider: 'samlp', connection, user_id: id, isSocial: false });
    return;
  }
  const password = asObject(credentials['password']);
  const hash = asObject(password['hash']);
  if (password['value'] !== undefined) {
    draft.refuse('PLAIN_PASSWORD', 'A password in clear text is not imported.', 'credentials.password.value');
  } else if (Object.keys(hash).length > 0) {
    const converted = hashOf(hash);
    if (typeof converted === 'string')
      draft.refuse(converted, messages[converted], 'credentials.password.hash');
    else if (converted === null)
      draft.withoutPassword(
        'HASH_UNSUPPORTED',
        'The kind of hash is not known: the user has to set a new password.',
      );
    else draft.set('custom_password_hash', converted);
  }
}

const messages = {
  HASH_MALFORMED: 'The hash is not in the form that Okta documents.',
  HASH_PARAMS_OUT_OF_BOUNDS: 'The parameters of the hash are out of bounds.',
} as const;

const digests: Readonly<Record<string, string>> = {
  'SHA-512': 'sha512',
  'SHA-256': 'sha256',
  'SHA-1': 'sha1',
  MD5: 'md5',
};

/** A hash of Okta's import form; null for a kind that nobody documents. */
function hashOf(hash: Json): HashObject | keyof typeof messages | null {
  const value = asText(hash['value']) ?? '';
  const salt = asText(hash['salt']);
  const algorithm = asText(hash['algorithm']) ?? '';
  if (algorithm === 'BCRYPT') {
    const cost = hash['workFactor'];
    if (typeof cost !== 'number' || !Number.isInteger(cost)) return 'HASH_MALFORMED';
    if (cost < 1 || cost > 20) return 'HASH_PARAMS_OUT_OF_BOUNDS';
    const text = `$2b$${String(cost).padStart(2, '0')}$${salt ?? ''}${value}`;
    if (!/^[./A-Za-z0-9]{22}$/.test(salt ?? '') || !/^[./A-Za-z0-9]{31}$/.test(value))
      return 'HASH_MALFORMED';
    return { algorithm: 'bcrypt', hash: { value: text, encoding: 'utf8' } };
  }
  if (base64Bytes(value) === null || (salt !== undefined && base64Bytes(salt) === null))
    return 'HASH_MALFORMED';
  if (algorithm === 'PBKDF2') {
    const rounds = hash['iterationCount'];
    if (typeof rounds !== 'number' || salt === undefined) return 'HASH_MALFORMED';
    if (rounds < 4096) return 'HASH_PARAMS_OUT_OF_BOUNDS';
    if (typeof hash['keySize'] === 'number' && hash['keySize'] !== base64Bytes(value))
      return 'HASH_MALFORMED';
    const digest = /^SHA-?(256|512)_HMAC$/.exec(asText(hash['digestAlgorithm']) ?? '')?.[1];
    return digest === undefined ? null : pbkdf2Hash({ digest: `sha${digest}`, rounds, salt, hash: value });
  }
  const digest = digests[algorithm];
  if (digest === undefined) return null;
  const position = hash['saltOrder'] === 'POSTFIX' ? 'suffix' : 'prefix';
  return {
    algorithm: digest,
    hash: { value, encoding: 'base64' },
    ...(salt === undefined ? {} : { salt: { value: salt, encoding: 'base64', position } }),
  };
}
