import type { MapRecord } from '#src/features/transfers/formats/import-format';
import {
  asDate,
  asList,
  asObject,
  asText,
  firstText,
  NativeDraft,
  notAnObject,
  prefixed,
} from '#src/features/transfers/formats/native-draft';
import { detectedHash, isBcrypt } from '#src/features/transfers/formats/password-strings';

const strategies: Readonly<Record<string, string>> = {
  google: 'google-oauth2',
  facebook: 'facebook',
  github: 'github',
  linkedin: 'linkedin',
  twitter: 'twitter',
  saml: 'samlp',
};

/** An account of a Stormpath export. `roles`, `organizations` and `provider` are what the other files of the export say of it. */
export const mapStormpath: MapRecord = (record, options) => {
  const account = asObject(record);
  const id = firstText(account['id'], asText(account['href'])?.split('/').pop());
  if (id === undefined) return notAnObject();
  const username = asText(account['username']);
  const isAddress = username?.includes('@') ?? false;
  const draft = new NativeDraft()
    .set('user_id', prefixed(options.idPrefix, id))
    .set('email', firstText(account['email'], isAddress ? username : undefined))
    .set(
      'email_verified',
      account['emailVerificationStatus'] === 'VERIFIED' || isAssumed(account, options.assumeEmailVerified),
    )
    .set('username', isAddress ? undefined : username)
    .set('given_name', account['givenName'])
    .set('family_name', account['surname'])
    .set('name', account['fullName'])
    .set('created_at', asDate(account['createdAt']))
    .set('updated_at', asDate(account['modifiedAt']));
  draft.put('user_metadata', ['middle_name'], account['middleName']);
  const customData = Object.fromEntries(
    Object.entries(asObject(account['customData'])).filter(
      ([name]) => !['href', 'createdAt', 'modifiedAt'].includes(name),
    ),
  );
  if (Object.keys(customData).length > 0) draft.put('app_metadata', ['customData'], customData);
  draft.put('app_metadata', ['external_id'], account['externalId']);
  if (account['status'] === 'DISABLED') draft.set('blocked', true);
  for (const role of asList(account['roles'])) draft.add('roles', role);
  for (const organization of asList(account['organizations']))
    draft.add('organizations', { name: organization });
  const strategy = strategies[(asText(account['provider']) ?? '').toLowerCase()];
  if (strategy !== undefined) {
    draft.add('identities', {
      ...{ provider: strategy, connection: strategy, isSocial: strategy !== 'samlp' },
      user_id: firstText(account['providerUserId'], account['externalId'], id),
    });
  }
  if (asList(account['apiKeys']).length > 0)
    draft.warn('API_KEYS_LEFT_OUT', 'The account has API keys; their secrets are never imported.', 'apiKeys');
  addPassword(draft, asText(account['password']));
  return draft.done();
};

function isAssumed(account: Readonly<Record<string, unknown>>, assume: boolean): boolean {
  return assume && account['emailVerificationStatus'] === undefined;
}

function addPassword(draft: NativeDraft, password: string | undefined): void {
  if (password === undefined) return;
  if (isBcrypt(password)) draft.set('password_hash', password);
  else if (password.startsWith('$stormpath2$')) draft.set('custom_password_hash', detectedHash(password));
  else if (password.startsWith('$stormpath1$'))
    draft.withoutPassword(
      'HASH_UNSUPPORTED',
      'How stormpath1 hashes are made was never published: the user has to set a new password.',
    );
  else draft.refuse('HASH_MALFORMED', 'The password is no hash of Stormpath.', 'password');
}
