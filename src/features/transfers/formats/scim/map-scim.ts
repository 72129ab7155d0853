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

export const coreSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const userMetadata = ['locale', 'preferredLanguage', 'timezone', 'addresses', 'title'] as const;
const enterprise = ['employeeNumber', 'costCenter', 'organization', 'division', 'department'] as const;

/** A SCIM 2.0 user (RFC 7643, sections 4.1 and 4.3). */
export const mapScim: MapRecord = (record, options) => {
  const user = asObject(record);
  const userName = asText(user['userName']);
  if (userName === undefined) return notAnObject();
  const emails = asList(user['emails']).map(asObject);
  const primary = emails.find((email) => email['primary'] === true) ?? emails[0];
  const isAddress = userName.includes('@');
  const name = asObject(user['name']);
  const draft = new NativeDraft()
    .set('user_id', prefixed(options.idPrefix, asText(user['id'])))
    .set('email', firstText(primary?.['value'], isAddress ? userName : undefined))
    // SCIM does not say it: whoever is here already stays as they are.
    .set('email_verified', options.assumeEmailVerified ? true : undefined)
    .set('username', isAddress ? undefined : userName)
    .set('given_name', name['givenName'])
    .set('family_name', name['familyName'])
    .set('name', firstText(name['formatted'], user['displayName']))
    .set('nickname', user['nickName'])
    .set('picture', asText(asObject(asList(user['photos'])[0])['value']))
    .set('created_at', asDate(asObject(user['meta'])['created']));
  draft.put('app_metadata', ['external_id'], user['externalId']);
  addPhone(draft, asList(user['phoneNumbers']).map(asObject));
  if (user['active'] === false) draft.set('blocked', true);
  for (const key of userMetadata) draft.put('user_metadata', [key], user[key]);
  const work = asObject(user[enterpriseSchema]);
  for (const key of enterprise) draft.put('app_metadata', [key], work[key]);
  draft.put('app_metadata', ['manager'], asObject(work['manager'])['value']);
  draft.put('app_metadata', ['entitlements'], user['entitlements']);
  for (const role of asList(user['roles'])) addRole(draft, role);
  if (asList(user['groups']).length > 0)
    draft.put('app_metadata', ['groups'], asList(user['groups']).map(groupName).filter(Boolean));
  if (user['password'] !== undefined)
    draft.refuse('PLAIN_PASSWORD', 'A password in clear text is not imported.', 'password');
  return draft.done();
};

function addPhone(draft: NativeDraft, numbers: readonly Json[]): void {
  const mobile = numbers.find((number) => number['type'] === 'mobile') ?? numbers[0];
  const value = asText(mobile?.['value'])?.replace(/^tel:/i, '');
  const phone = asPhoneNumber(value);
  if (phone === undefined) draft.put('user_metadata', ['phone'], value);
  else draft.set('phone_number', phone);
}

function addRole(draft: NativeDraft, role: unknown): void {
  const name =
    typeof role === 'string' ? role : firstText(asObject(role)['value'], asObject(role)['display']);
  if (name !== undefined) draft.add('roles', name);
}

function groupName(group: unknown): string | undefined {
  return firstText(asObject(group)['display'], asObject(group)['value']);
}
