import type { MapRecord, MappingOptions } from '#src/features/transfers/formats/import-format';
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
import { base64Bytes, detectedHash, firebaseHash } from '#src/features/transfers/formats/password-strings';

const strategies: Readonly<Record<string, string>> = {
  'google.com': 'google-oauth2',
  'facebook.com': 'facebook',
  'twitter.com': 'twitter',
  'github.com': 'github',
  'apple.com': 'apple',
  'microsoft.com': 'windowslive',
};

/** A user of `firebase auth:export` in JSON. */
export const mapFirebaseJson: MapRecord = (record, options) => {
  const user = asObject(record);
  if (asText(user['localId']) === undefined) return notAnObject();
  const draft = new NativeDraft()
    .set('user_id', prefixed(options.idPrefix, asText(user['localId'])))
    .set('email', user['email'])
    .set('email_verified', user['emailVerified'] === true)
    .set('name', user['displayName'])
    .set('picture', user['photoUrl'])
    .set('phone_number', asPhoneNumber(user['phoneNumber']))
    .set('created_at', asDate(user['createdAt']))
    .set('last_login', asDate(user['lastSignedInAt']));
  if (user['disabled'] === true) draft.set('blocked', true);
  addClaims(draft, user['customAttributes']);
  for (const info of asList(user['providerUserInfo']).map(asObject)) addProvider(draft, info);
  addHash(draft, asText(user['passwordHash']), asText(user['salt']), options.firebase);
  return draft.done();
};

function addClaims(draft: NativeDraft, text: unknown): void {
  if (text === undefined || text === null || text === '') return;
  try {
    const claims = asObject(typeof text === 'string' ? JSON.parse(text) : text);
    for (const [name, value] of Object.entries(claims)) draft.put('app_metadata', [name], value);
  } catch {
    draft.refuse('HASH_MALFORMED', 'The JSON inside customAttributes is broken.', 'customAttributes');
  }
}

function addProvider(draft: NativeDraft, info: Json): void {
  const provider = asText(info['providerId']) ?? '';
  if (provider === 'password' || provider === 'phone') return;
  const strategy = strategies[provider];
  if (strategy === undefined) {
    draft.warn(
      'IDENTITY_UNSUPPORTED',
      'An identity of a provider that is not known was left out.',
      'providerUserInfo',
    );
    return;
  }
  const profile = { email: info['email'], name: info['displayName'], picture: info['photoUrl'] };
  const profileData = Object.fromEntries(
    Object.entries(profile).filter(([, value]) => asText(value) !== undefined),
  );
  draft.add('identities', {
    ...{ provider: strategy, connection: strategy, user_id: asText(info['rawId']), isSocial: true },
    ...(Object.keys(profileData).length > 0 ? { profileData } : {}),
  });
}

/** An empty hash is that of a federated user, or of one whose password Firebase itself never hashed again. */
function addHash(
  draft: NativeDraft,
  hash: string | undefined,
  salt: string | undefined,
  config: MappingOptions['firebase'],
): void {
  if (hash === undefined) return;
  if (config === null) {
    draft.withoutPassword(
      'HASH_UNSUPPORTED',
      'Firebase hashes need the hash settings of the project: the user has to set a new password.',
    );
  } else if (base64Bytes(hash) === null || base64Bytes(salt ?? '') === null) {
    draft.refuse('HASH_MALFORMED', 'Salt or hash of the password is no base64.', 'passwordHash');
  } else if (config === 'APART') {
    draft.set('custom_password_hash', firebaseHash(hash, salt ?? ''));
  } else {
    const { rounds, memCost, base64SaltSeparator, base64SignerKey } = config;
    const settings = `ln=${memCost},r=${rounds},p=1`;
    draft.set(
      'custom_password_hash',
      detectedHash(`$firescrypt$${settings}$${salt}$${hash}$${base64SaltSeparator}$${base64SignerKey}`),
    );
  }
}
