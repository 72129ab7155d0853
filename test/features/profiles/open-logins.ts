import type { BlacklistEntry, Policy } from '#src/access/policy';
import { findIdentities, type IdentityRow } from '#src/features/identities/identity.repository';
import type { RecordedLogin } from '#src/features/profiles/logins/record-login';
import { findUsers } from '#src/features/users/user.repository';
import type { UserRow } from '#src/features/users/user-row';
import { administrator, emptyPolicy, startCore } from '#test/features/users/core-services';
import type { TestDatabase } from '#test/support/databases';

export const listing = (...entries: (string | BlacklistEntry)[]): Policy => ({
  ...emptyPolicy,
  blacklist: entries.map((entry) =>
    typeof entry === 'string' ? { scope: 'TENANT', scopeId: '', name: entry } : entry,
  ),
});
export const ofConnection = (scopeId: string, name: string): BlacklistEntry => ({
  scope: 'CONNECTION',
  scopeId,
  name,
});

/** The features under test with a connection of every kind, and what the cases do with them. */
export async function openLogins(database: TestDatabase) {
  const core = await startCore(await database.open());
  let count = 0;
  const { store } = core.callAs();
  for (const [name, strategy, options] of [
    ['google-oauth2', 'google-oauth2', {}],
    ['first', 'google-oauth2', { set_user_root_attributes: 'on_first_login' }],
    ['never', 'google-oauth2', { set_user_root_attributes: 'never_on_login' }],
    ['trusting', 'samlp', { always_set_emails_as_verified: true }],
    ['doubting', 'google-oauth2', { never_set_emails_as_verified: true }],
    ['corp', 'samlp', {}],
    [
      'staff',
      'samlp',
      { attribute_mapping: { family_name: ['surname', 'sn'], 'app_metadata.unit': 'unit' } },
    ],
    ['directory', 'ad', {}],
    ['github', 'github', {}],
    ['sms', 'sms', {}],
  ] as const) {
    await core.connections.ensure(store, { name, strategy, options });
  }

  const subject = (): string => `s${(count += 1)}`;
  const login = (
    connection: string,
    claims: Record<string, unknown>,
    { policy = emptyPolicy, ip }: { policy?: Policy; ip?: string } = {},
  ): Promise<RecordedLogin> =>
    core.logins.record(core.callAs(administrator, policy), { connection, claims, ip: ip ?? null });
  const read = async (id: string): Promise<UserRow> =>
    (await findUsers(core.callAs().store, [id], null))[0] as UserRow;
  const identitiesOf = async (id: string): Promise<IdentityRow[]> =>
    (await findIdentities(core.callAs().store, [id]))[0] ?? [];
  const metadataOf = (id: string) => core.metadata.read(core.callAs().store, id);
  const update = (change: { readonly id: string } & Record<string, unknown>) =>
    core.users.update(core.callAs(), change);

  return { core, subject, login, read, identitiesOf, metadataOf, update };
}

export type Logins = Awaited<ReturnType<typeof openLogins>>;
