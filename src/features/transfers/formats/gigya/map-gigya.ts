import type { MapRecord } from '#src/features/transfers/formats/import-format';
import {
  asDate,
  asList,
  asObject,
  asText,
  firstText,
  leftOut,
  NativeDraft,
  notAnObject,
  prefixed,
  type Json,
} from '#src/features/transfers/formats/native-draft';
import { gigyaHash } from './gigya-hash';

const strategies: Readonly<Record<string, string>> = {
  googleplus: 'google-oauth2',
  google: 'google-oauth2',
  facebook: 'facebook',
  twitter: 'twitter',
  linkedin: 'linkedin',
  apple: 'apple',
};

const ownProfile = new Set(['email', 'firstName', 'lastName', 'nickname', 'photoURL', 'phones']);

/** An account of Gigya (SAP Customer Data Cloud), as its searches and exports give it. */
export const mapGigya: MapRecord = (record, options) => {
  const account = asObject(record);
  if (asText(account['UID']) === undefined) return notAnObject();
  if (account['isRegistered'] === false && !options.includeLite)
    return leftOut('The account never finished its registration (isRegistered is false).');
  const profile = asObject(account['profile']);
  const emails = asObject(account['emails']);
  const verified = asList(emails['verified']).map(asText);
  const email = firstText(profile['email'], ...verified);
  const draft = new NativeDraft()
    .set('user_id', prefixed(options.idPrefix, asText(account['UID'])))
    .set('email', email)
    .set(
      'email_verified',
      isVerified(email, verified) || (options.assumeEmailVerified && verified.length === 0),
    )
    .set('username', asText(asObject(account['loginIDs'])['username']))
    .set('given_name', profile['firstName'])
    .set('family_name', profile['lastName'])
    .set('nickname', profile['nickname'])
    .set('picture', profile['photoURL'])
    .set('created_at', asDate(account['created']))
    .set('last_login', asDate(account['lastLogin']))
    .set('updated_at', asDate(account['lastUpdated']));
  const name = [asText(profile['firstName']), asText(profile['lastName'])].filter(Boolean).join(' ');
  draft.set('name', name);
  for (const [key, value] of Object.entries(profile))
    if (!ownProfile.has(key)) draft.put('user_metadata', [key], value);
  for (const [key, value] of Object.entries(asObject(account['data'])))
    draft.put('user_metadata', [key], value);
  for (const key of ['subscriptions', 'preferences', 'regSource'])
    if (!isEmpty(account[key])) draft.put('app_metadata', ['gigya', key], account[key]);
  const others = [...verified, ...asList(emails['unverified']).map(asText)].filter(
    (other) => other !== undefined && other.toLowerCase() !== email?.toLowerCase(),
  );
  if (others.length > 0) draft.put('app_metadata', ['gigya', 'emails'], others);
  if (account['isActive'] === false) draft.set('blocked', true);
  addIdentities(draft, account);
  addPassword(draft, asObject(account['password']));
  return draft.done();
};

function isVerified(email: string | undefined, verified: readonly (string | undefined)[]): boolean {
  return verified.some((address) => address?.toLowerCase() === email?.toLowerCase());
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || JSON.stringify(value) === '{}';
}

function addIdentities(draft: NativeDraft, account: Json): void {
  for (const identity of asList(account['identities']).map(asObject)) {
    const provider = asText(identity['provider']) ?? '';
    if (provider === 'site') continue;
    const strategy = strategies[provider];
    if (strategy === undefined) {
      draft.warn(
        'IDENTITY_UNSUPPORTED',
        'An identity of a provider that is not known was left out.',
        'identities',
      );
    } else {
      draft.add('identities', {
        ...{
          provider: strategy,
          connection: strategy,
          user_id: asText(identity['providerUID']),
          isSocial: true,
        },
        ...(identity['email'] === undefined ? {} : { profileData: { email: identity['email'] } }),
      });
    }
  }
}

function addPassword(draft: NativeDraft, password: Json): void {
  if (Object.keys(password).length === 0) return;
  const found = gigyaHash(password);
  if (found === 'HASH_UNSUPPORTED') {
    draft.withoutPassword(found, 'The kind of hash cannot be verified: the user has to set a new password.');
  } else if (found === 'HASH_MALFORMED') {
    draft.refuse(found, 'The hash is not in the form that Gigya documents.', 'password');
  } else if (found !== null) {
    draft.set('custom_password_hash', found);
  }
}
