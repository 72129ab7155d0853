import { coreSchema, enterpriseSchema } from '#src/features/transfers/formats/scim/map-scim';
import { asObject } from '#src/features/transfers/formats/native-draft';
import type { ExportRecord } from './readable-record';

const enterprise = ['employeeNumber', 'costCenter', 'organization', 'division', 'department'] as const;
const plain = ['locale', 'preferredLanguage', 'timezone', 'title', 'addresses'] as const;

/** A user as a SCIM 2.0 resource (RFC 7643, section 4.1). */
export function scimUser(record: ExportRecord): Record<string, unknown> {
  const metadata = asObject(record['user_metadata']);
  const app = asObject(record['app_metadata']);
  const work = picked(app, enterprise);
  const manager = app['manager'] === undefined ? {} : { manager: { value: app['manager'] } };
  const hasWork = Object.keys(work).length > 0 || app['manager'] !== undefined;
  const name = without({
    givenName: record['given_name'],
    familyName: record['family_name'],
    formatted: record['name'],
  });
  return without({
    schemas: hasWork ? [coreSchema, enterpriseSchema] : [coreSchema],
    id: record['user_id'],
    externalId: app['external_id'],
    userName: record['username'] ?? record['email'] ?? record['user_id'],
    name: Object.keys(name).length > 0 ? name : undefined,
    displayName: record['name'],
    nickName: record['nickname'],
    emails: record['email'] === undefined ? undefined : [{ value: record['email'], primary: true }],
    phoneNumbers:
      record['phone_number'] === undefined ? undefined : [{ value: record['phone_number'], type: 'mobile' }],
    photos: record['picture'] === undefined ? undefined : [{ value: record['picture'], type: 'photo' }],
    active: record['blocked'] === undefined ? undefined : record['blocked'] !== true,
    roles: Array.isArray(record['roles']) ? record['roles'].map((value: unknown) => ({ value })) : undefined,
    ...picked(metadata, plain),
    ...(hasWork ? { [enterpriseSchema]: { ...work, ...manager } } : {}),
    meta: without({
      resourceType: 'User',
      created: record['created_at'],
      lastModified: record['updated_at'],
    }),
  });
}

function picked(from: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}

function without(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
