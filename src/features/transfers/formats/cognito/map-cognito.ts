import type { MapRecord } from '#src/features/transfers/formats/import-format';
import {
  asDate,
  asList,
  asObject,
  asPhoneNumber,
  asText,
  NativeDraft,
  notAnObject,
  prefixed,
  type Json,
} from '#src/features/transfers/formats/native-draft';

const profile = ['given_name', 'family_name', 'name', 'nickname', 'picture'] as const;
const userMetadata = [
  ...['middle_name', 'preferred_username', 'profile', 'website', 'gender', 'birthdate', 'zoneinfo', 'locale'],
  'address',
];
const strategies: Readonly<Record<string, string>> = {
  Google: 'google-oauth2',
  Facebook: 'facebook',
  LoginWithAmazon: 'amazon',
  SignInWithApple: 'apple',
};

/** A line of a Cognito user import file, by the names of its columns. */
export const mapCognitoCsv: MapRecord = (record, options) => {
  const row = asObject(record);
  const username = asText(row['cognito:username']);
  if (username === undefined) return notAnObject();
  return mapAttributes(row, { username, id: asText(row['sub']) ?? username }, options.idPrefix);
};

/** A user of `aws cognito-idp list-users`. */
export const mapCognitoJson: MapRecord = (record, options) => {
  const user = asObject(record);
  const username = asText(user['Username']);
  if (username === undefined) return notAnObject();
  const attributes = Object.fromEntries(
    asList(user['Attributes'])
      .map(asObject)
      .map((attribute) => [asText(attribute['Name']) ?? '', attribute['Value']]),
  );
  const row: Json = {
    ...attributes,
    created: listedDate(user['UserCreateDate']),
    changed: listedDate(user['UserLastModifiedDate']),
    enabled: user['Enabled'],
    status: user['UserStatus'],
  };
  return mapAttributes(row, { username, id: asText(attributes['sub']) ?? username }, options.idPrefix);
};

function mapAttributes(
  row: Json,
  { username, id }: { username: string; id: string },
  prefix: string,
): ReturnType<MapRecord> {
  const email = asText(row['email']);
  const draft = new NativeDraft()
    .set('user_id', prefixed(prefix, id))
    .set('email', email)
    .set('email_verified', isTrue(row['email_verified']))
    // A name that Cognito made up is its id; nobody signs in with it.
    .set('username', username === id || username.includes('@') ? undefined : username)
    .set('created_at', asText(row['created']))
    .set('updated_at', asText(row['changed']) ?? secondsAsDate(row['updated_at']));
  for (const name of profile) draft.set(name, row[name]);
  const phone = asPhoneNumber(row['phone_number']);
  if (phone === undefined) draft.put('user_metadata', ['phone'], row['phone_number']);
  else draft.set('phone_number', phone).set('phone_verified', isTrue(row['phone_number_verified']));
  for (const name of userMetadata) draft.put('user_metadata', [name], row[name]);
  for (const [name, value] of Object.entries(row)) {
    if (name.startsWith('custom:')) draft.put('app_metadata', [name.slice('custom:'.length)], value);
  }
  if (isTrue(row['cognito:mfa_enabled'])) draft.put('app_metadata', ['mfa_expected'], true);
  if (row['enabled'] === false) draft.set('blocked', true);
  addIdentities(draft, row['identities']);
  if (row['status'] !== 'EXTERNAL_PROVIDER')
    draft.withoutPassword(
      'PASSWORD_ELSEWHERE',
      'Cognito exports no password hashes: the user has to set a new password.',
    );
  return draft.done();
}

/** ISO 8601, or seconds with a fraction: the tools of AWS write the one or the other. */
function listedDate(value: unknown): string | undefined {
  return asDate(typeof value === 'number' ? Math.round(value * 1_000) : value);
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function secondsAsDate(value: unknown): string | undefined {
  const text = asText(value);
  return text !== undefined && /^\d{1,12}$/.test(text) ? asDate(Number(text) * 1_000) : undefined;
}

function addIdentities(draft: NativeDraft, text: unknown): void {
  if (typeof text !== 'string' || text === '') return;
  try {
    for (const identity of asList(JSON.parse(text)).map(asObject)) {
      const name = asText(identity['providerName']) ?? 'unknown';
      const strategy = strategies[name];
      const other = asText(identity['providerType']) === 'SAML' ? 'samlp' : 'oidc';
      draft.add('identities', {
        provider: strategy ?? other,
        connection: strategy ?? name.toLowerCase(),
        user_id: asText(identity['userId']),
        isSocial: strategy !== undefined,
      });
    }
  } catch {
    draft.refuse('HASH_MALFORMED', 'The JSON inside identities is broken.', 'identities');
  }
}
