import { generateAccess, generateOrganization } from '#src/cli/seed/generated-access';
import { generateUser } from '#src/cli/seed/generate-user';
import { isEmailAddress } from '#src/features/users/identifiers/email-address';

const surroundings = { users: 2000, organizations: 20, roles: 20 };
const users = Array.from({ length: surroundings.users }, (_, number) =>
  generateUser('gatehouse', number, surroundings),
);

function share(isCounted: (user: (typeof users)[number]) => boolean): number {
  return users.filter(isCounted).length / users.length;
}

describe('generated users', () => {
  it('are the same for the same seed, and others for another', () => {
    expect(generateUser('gatehouse', 1234, surroundings)).toEqual(users[1234]);
    expect(generateUser('another', 1234, surroundings).id).not.toBe(users[1234]?.id);
  });

  it('can be made in any order', () => {
    const backwards = [1999, 1000, 0].map((number) => generateUser('gatehouse', number, surroundings));
    expect(backwards).toEqual([users[1999], users[1000], users[0]]);
  });

  it('have ids and addresses that are unique', () => {
    expect(new Set(users.map((user) => user.id)).size).toBe(users.length);
    const emails = users.flatMap((user) => (user.person === null ? [] : [user.person.email]));
    expect(new Set(emails).size).toBe(emails.length);
    for (const email of emails) expect(isEmailAddress(email)).toBe(true);
  });

  it('have ids of the form that their strategy gives', () => {
    for (const user of users) {
      if (user.connection.strategy === 'auth0') expect(user.id).toMatch(/^auth0\|[0-9a-f]{24}$/);
      expect(user.id).toBe(`${user.connection.strategy}|${user.identities[0]?.providerUserId}`);
    }
  });

  it('have one to three identities, one to three roles and memberships, and up to three sessions', () => {
    for (const user of users) {
      expect([1, 2, 3]).toContain(user.identities.length);
      expect([1, 2, 3]).toContain(new Set(user.roles).size);
      expect([1, 2, 3]).toContain(
        new Set(user.memberships.map((membership) => membership.organization)).size,
      );
      expect(user.sessions.length).toBeLessThanOrEqual(3);
    }
  });

  it('have about seven metadata values each', () => {
    const leaves = (value: unknown): number =>
      value !== null && typeof value === 'object'
        ? Object.values(value).reduce<number>((sum, item) => sum + leaves(item), 0)
        : 1;
    const all = users.reduce((sum, { metadata }) => sum + leaves(metadata.user) + leaves(metadata.app), 0);
    expect(all / users.length).toBeGreaterThan(6.5);
    expect(all / users.length).toBeLessThan(8.5);
  });

  it('come evenly over the years, and log in after they came', () => {
    for (const [index, user] of users.entries()) {
      expect(user.createdAt).toBeGreaterThanOrEqual(users[index - 1]?.createdAt ?? 0);
      if (user.lastLogin !== null) expect(user.lastLogin).toBeGreaterThanOrEqual(user.createdAt);
    }
  });

  it('are of every kind in the shares of life', () => {
    expect(share((user) => user.connection.strategy === 'auth0')).toBeCloseTo(0.72, 1);
    expect(share((user) => user.isBlocked)).toBeLessThan(0.03);
    expect(share((user) => user.isBlocked)).toBeGreaterThan(0);
    expect(share((user) => user.lastLogin === null)).toBeCloseTo(0.06, 1);
    expect(share((user) => user.phoneNumber !== null)).toBeGreaterThan(0);
  });

  it('never share a session secret or an id of anything', () => {
    const ids = users.flatMap((user) => [
      ...user.identities.map((identity) => identity.id),
      ...user.memberships.map((membership) => membership.id),
      ...user.sessions.flatMap((session) => [session.id, session.secretHash]),
    ]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('know each other in a tenant of one user too', () => {
    const only = generateUser('gatehouse', 0, { users: 1, organizations: 1, roles: 20 });
    expect(only.memberships).toHaveLength(1);
  });
});

describe('generated surroundings', () => {
  it('are twenty roles with three to eight permissions of two resource servers', () => {
    const access = generateAccess('gatehouse');
    expect(access.resourceServers).toHaveLength(2);
    expect(access.roles).toHaveLength(20);
    const known = new Set(access.permissions.map((permission) => permission.id));
    expect(known.size).toBe(access.permissions.length);
    for (const role of access.roles) {
      expect(role.permissionIds.length).toBeGreaterThanOrEqual(3);
      expect(role.permissionIds.length).toBeLessThanOrEqual(8);
      for (const id of role.permissionIds) expect(known).toContain(id);
    }
  });

  it('are organizations with unique names of the allowed form', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => generateOrganization('gatehouse', index).name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9_-]{0,49}$/);
  });
});
