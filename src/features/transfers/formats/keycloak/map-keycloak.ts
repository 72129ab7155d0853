import type { MapRecord } from '#src/features/transfers/formats/import-format';
import {
  asDate,
  asList,
  asObject,
  asPhoneNumber,
  asText,
  leftOut,
  NativeDraft,
  notAnObject,
  prefixed,
  type Json,
} from '#src/features/transfers/formats/native-draft';
import { addKeycloakCredentials } from './keycloak-credentials';

const strategies: Readonly<Record<string, string>> = {
  google: 'google-oauth2',
  facebook: 'facebook',
  github: 'github',
  twitter: 'twitter',
  'linkedin-openid-connect': 'linkedin',
  linkedin: 'linkedin',
  microsoft: 'windowslive',
  gitlab: 'gitlab',
  bitbucket: 'bitbucket',
};

const phoneNames = new Set(['phoneNumber', 'phone_number', 'phone', 'mobile']);

/** A user of a realm export of Keycloak. */
export const mapKeycloak: MapRecord = (record, options) => {
  const user = asObject(record);
  if (asText(user['username']) === undefined && asText(user['email']) === undefined) return notAnObject();
  if (user['serviceAccountClientId'] !== undefined)
    return leftOut('A service account of a client is no person.');
  const draft = new NativeDraft();
  const email = asText(user['email']);
  const username = asText(user['username']);
  draft
    .set('user_id', prefixed(options.idPrefix, asText(user['id'])))
    .set('email', email ?? (username?.includes('@') ? username : undefined))
    .set('email_verified', user['emailVerified'] === true)
    .set('username', username?.includes('@') ? undefined : username)
    .set('given_name', user['firstName'])
    .set('family_name', user['lastName'])
    .set('name', [asText(user['firstName']), asText(user['lastName'])].filter(Boolean).join(' '))
    .set('created_at', asDate(user['createdTimestamp']));
  if (user['enabled'] === false) draft.set('blocked', true);
  addAttributes(draft, asObject(user['attributes']));
  if (asList(user['requiredActions']).includes('UPDATE_PASSWORD')) draft.set('password_reset_required', true);
  addRoles(draft, user);
  for (const identity of asList(user['federatedIdentities']).map(asObject)) {
    const alias = asText(identity['identityProvider']) ?? 'unknown';
    const strategy = strategies[alias];
    draft.add('identities', {
      provider: strategy ?? 'oidc',
      connection: strategy ?? alias,
      user_id: asText(identity['userId']),
      isSocial: strategy !== undefined,
      ...(identity['userName'] === undefined ? {} : { profileData: { username: identity['userName'] } }),
    });
  }
  if (user['federationLink'] !== undefined)
    draft.withoutPassword(
      'PASSWORD_ELSEWHERE',
      'The password is kept by a user federation and is not in the export.',
    );
  else addKeycloakCredentials(draft, asList(user['credentials']).map(asObject));
  return draft.done();
};

function addAttributes(draft: NativeDraft, attributes: Json): void {
  for (const [name, value] of Object.entries(attributes)) {
    const single = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
    const phone = phoneNames.has(name) && !draft.has('phone_number') ? asPhoneNumber(single) : undefined;
    if (phone !== undefined) draft.set('phone_number', phone);
    else if (name === 'picture' && typeof single === 'string') draft.set('picture', single);
    else draft.put('user_metadata', [name], single);
  }
}

/** Realm roles keep their names, roles of a client are `client:role`; a group is a role too, by its path. */
function addRoles(draft: NativeDraft, user: Json): void {
  for (const role of asList(user['realmRoles'])) draft.add('roles', role);
  for (const [client, roles] of Object.entries(asObject(user['clientRoles'])))
    for (const role of asList(roles)) draft.add('roles', `${client}:${String(role)}`);
  for (const group of asList(user['groups'])) draft.add('roles', group);
}
