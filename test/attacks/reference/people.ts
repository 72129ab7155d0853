import { loadProfiles } from '#src/cli/seed/load-profiles';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { operatorCall } from '#src/cli/operator-tasks';
import type { SessionActor } from '#src/features/sessions/impersonation/actor-standing';
import { mintSession } from '#src/features/sessions/minting/mint-session';
import { readUserState } from '#src/features/sessions/minting/user-state.repository';
import type { Store } from '#src/storage/store';
import type { TestApp } from '#test/support/app';

export type Json = Record<string, unknown>;

export interface PlainIdentity {
  readonly connection: string;
  readonly provider: string;
  readonly userId: string;
  readonly profileData: Json | null;
}

/** A user as the reference sees it: everything about it in one object. */
export interface Person {
  readonly id: string;
  readonly email: string | null;
  readonly emailVerified: boolean | null;
  readonly phoneNumber: string | null;
  readonly name: string;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly nickname: string;
  readonly lastIp: string | null;
  readonly loginsCount: number | null;
  readonly blocked: boolean;
  readonly createdAt: string;
  readonly attributes: Json | null;
  readonly userMetadata: Json;
  readonly appMetadata: Json;
  readonly identities: readonly PlainIdentity[];
  readonly roles: readonly string[];
  /** Names of the roles within each organization. */
  readonly organizations: Readonly<Record<string, readonly string[]>>;
}

/** What each role allows. */
export const rolePermissions: Readonly<Record<string, readonly string[]>> = {
  Support: ['read:users', 'read:roles'],
  Sales: ['read:users', 'read:organization_members'],
  Auditor: ['read:users_app_metadata', 'read:roles'],
  Guest: [],
  /** Who may act in the name of everybody else, and so holds what anybody does. */
  Actor: [
    ...['read:users', 'read:roles', 'read:organization_members', 'read:users_app_metadata'],
    'impersonate:users',
  ],
};

export const organizations = ['org_one0000000000000', 'org_two0000000000000'] as const;
export const connections = ['main', 'corp', 'google'] as const;
const providers = { main: 'auth0', corp: 'samlp', google: 'google-oauth2' } as const;

/** Every nth person has something: different for each attribute, so that many combinations occur. */
function person(index: number): Person {
  const every = <Value>(nth: number, value: Value): Value | null => (index % nth === nth - 1 ? null : value);
  const connection = connections[index % 3] as keyof typeof providers;
  const part = connection === 'corp' ? `corp|p${index}` : `p${index}`;
  const email = connection === 'main' ? `person${index}@example.com` : every(4, `person${index}@example.com`);
  const second = connections[(index + 1) % 3] as keyof typeof providers;
  const primary = { connection, provider: providers[connection], userId: part, profileData: null };
  const linked: PlainIdentity = {
    connection: second,
    provider: providers[second],
    userId: `linked${index}`,
    profileData: { gender: index % 2 ? 'f' : 'm', email: `copy${index}@example.com`, secret: `s${index}` },
  };
  const roleNames = Object.keys(rolePermissions);
  return {
    id: `${providers[connection]}|${part}`,
    email,
    emailVerified: email === null ? null : index % 2 === 0,
    phoneNumber: every(3, `+1555000${1000 + index}`),
    name: `Person ${index % 5}`,
    givenName: every(2, `Given${index % 3}`),
    familyName: every(5, 'Family'),
    nickname: `nick${index % 4}`,
    lastIp: every(3, `192.0.2.${index}`),
    loginsCount: every(4, index % 4),
    blocked: false,
    createdAt: new Date(Date.UTC(2024, 0, 1 + index)).toISOString(),
    attributes: every(2, { locale: 'en', ssn: `ssn${index}`, phoneNumber: `copy${index}` }),
    userMetadata: {
      plan: index % 2 ? 'gold' : 'free',
      ...(index % 3 ? { secret: `secret${index}` } : {}),
      a: { b: index, c: 'x' },
      list: [{ secret: 'in a list', open: true }],
    },
    appMetadata: { level: index % 4, ...(index % 2 ? { secret: 'app' } : {}) },
    identities: index % 3 === 2 ? [primary] : [primary, linked],
    roles: [
      roleNames[index % 4] as string,
      ...(index % 5 === 0 ? ['Sales'] : []),
      ...(index === 11 ? ['Actor'] : []),
    ].filter((role, at, all) => all.indexOf(role) === at),
    organizations: {
      ...(index % 2 ? { [organizations[0]]: index % 4 === 1 ? ['Support'] : [] } : {}),
      ...(index % 3 === 0 ? { [organizations[1]]: ['Sales', 'Guest'] } : {}),
    },
  };
}

export const people: readonly Person[] = Array.from({ length: 12 }, (_item, index) => person(index));

/** Stores the people, their roles and memberships. */
export async function insertPeople(product: TestApp): Promise<void> {
  const { storage, platform } = product.app;
  await loadProfiles(storage, people.map(profileOf), { clock: platform.clock, ids: platform.ids });
  const roleIds: Record<string, string> = {};
  for (const [name, permissions] of Object.entries(rolePermissions))
    roleIds[name] = await product.givenRole(name, permissions);
  const token = await product.administrator();
  for (const { id, roles, organizations: memberships } of people) {
    const rows = roles.map((role) => ({ userId: id, roleId: roleIds[role] as string, createdAt: 1 }));
    await storage.open().transaction((store) => store.insert(UserRoleEntity, rows));
    for (const [organizationId, names] of Object.entries(memberships)) {
      if (names.length === 0) continue;
      const input = { organizationId, userId: id, roleIds: names.map((name) => roleIds[name]) };
      const mutation =
        'mutation ($i: AddMemberRolesInput!) { addMemberRoles(input: $i) { membership { joinedAt } } }';
      const { errors } = await product.ask(mutation, { token, variables: { i: input } });
      if (errors.length > 0) throw new Error(JSON.stringify(errors));
    }
  }
}

/**
 * Starts a session of each person in which somebody acts who holds everything that any of them does. Answers their ids; an hour is
 * their life.
 */
export async function insertDelegatedSessions(product: TestApp): Promise<ReadonlyMap<string, string>> {
  const { platform, storage } = product.app;
  const actorId = people.find(({ roles }) => roles.includes('Actor'))?.id ?? '';
  const call = operatorCall(product.app.platform, product.app.product);
  const mint = (
    store: Store,
    userId: string,
    { credentialEpoch }: { readonly credentialEpoch: number },
    actor: SessionActor | null,
  ) =>
    mintSession(platform.config.sessions, store, call, {
      user: { userId, credentialEpoch, methods: [], organizationId: null, clientId: null },
      browser: { ip: null, userAgent: null, cookieMode: 'persistent' },
      actor,
    });
  const sessions = new Map<string, string>();
  await storage.open().transaction(async (store) => {
    const stateOf = async (id: string) => (await readUserState(store, id)) ?? { credentialEpoch: 0 };
    const own = await mint(store, actorId, await stateOf(actorId), null);
    const actor = { userId: actorId, sessionId: own.session.id, reason: 'a test', startedAt: 1 };
    for (const { id } of people)
      sessions.set(id, (await mint(store, id, await stateOf(id), actor)).session.id);
  });
  return sessions;
}

function profileOf(one: Person): Json {
  return {
    user_id: one.id,
    identities: one.identities.map(({ connection, provider, userId, profileData }) => ({
      connection,
      provider,
      user_id: userId,
      isSocial: false,
      profileData,
    })),
    email: one.email,
    email_verified: one.emailVerified,
    phone_number: one.phoneNumber,
    name: one.name,
    given_name: one.givenName,
    family_name: one.familyName,
    nickname: one.nickname,
    last_ip: one.lastIp,
    logins_count: one.loginsCount,
    created_at: one.createdAt,
    updated_at: one.createdAt,
    user_metadata: one.userMetadata,
    app_metadata: one.appMetadata,
    organizations: Object.keys(one.organizations).map((id) => ({ id, name: id.replace('org_', 'the-') })),
    ...(one.attributes ?? {}),
  };
}
