import { purgeInvitations } from '#src/features/organizations/invitations/purge-invitations';
import type { InvitationMail } from '#src/features/organizations/invitations/issue-invitations';
import { sql } from '#src/storage/sql';
import { eachDatabase } from '#test/support/databases';
import { Gateway, openPolicy, type Caller, type Json } from '#test/features/roles/support/gateway';
import { hashSecret } from '#src/shared/secret-hash';

const invite = `mutation($i: InviteMembersInput!) { inviteMembers(input: $i) { invitations { ticketId invitationUrl
  invitation { id status expiresAt createdAt sendCount invitee { email } inviter { name } organization { name } roles { name } } } } }`;
const resend = `mutation($id: ID!) { resendInvitation(input: { id: $id }) { invitation { ticketId invitation { sendCount expiresAt status } } } }`;
const accept = `mutation($i: AcceptInvitationInput!) { acceptInvitation(input: $i) { isNewUser membership { joinedVia organization { name } } } }`;
const list = `query($id: ID!, $s: [InvitationStatus!]) { organization(id: $id) { invitations(status: $s) { totalCount nodes { status invitee { email } } } } }`;
const day = 86_400_000;
const anyone: Caller = { permissions: [] };

eachDatabase('invitations', (database) => {
  let gateway: Gateway;
  const sent: InvitationMail[] = [];

  beforeAll(async () => {
    gateway = await Gateway.open(database, {
      organizations: {
        invitationLoginUrl: 'https://app.example/login?from=mail',
        maxInvitationsPerCall: 2,
        maxInvitationResends: 2,
      },
    });
    gateway.users.hooks.passwords = {
      hash: (_call, password) => Promise.resolve(`hash of ${password}`),
      save: () => Promise.resolve(),
    };
    gateway.organizations.invitations.sender = (_store, _call, mail) => {
      sent.push(mail);
      return Promise.resolve();
    };
  });

  const inputFor = (organizationId: string, email: string, more: Record<string, unknown> = {}) => ({
    organizationId,
    inviter: { name: 'Ann' },
    invitees: [{ email }],
    ...more,
  });
  const given = async (
    organizationId: string,
    email: string,
    more?: Record<string, unknown>,
  ): Promise<Json> =>
    (await gateway.ok(invite, { variables: { i: inputFor(organizationId, email, more) } })).inviteMembers
      .invitations[0];
  const use = (ticket: string, as: Caller = anyone, signUp?: Record<string, unknown>) =>
    gateway.run(accept, { as, variables: { i: { ticket, ...(signUp ? { signUp } : {}) } } });
  const statuses = async (id: string, s?: string[]): Promise<string[]> =>
    (await gateway.ok(list, { variables: { id, s: s ?? null } })).organization.invitations.nodes.map(
      (node: Json) => node.status,
    );
  const password = { password: 'a long enough password' };

  test('an invitation is mailed with an address that holds its ticket, which is stored as a hash only', async () => {
    const id = await gateway.givenOrganization('mailing');
    const { ticketId, invitationUrl, invitation } = await given(id, 'Bob@Example.com');
    expect(invitation).toMatchObject({
      status: 'PENDING',
      sendCount: 1,
      invitee: { email: 'Bob@Example.com' },
      inviter: { name: 'Ann' },
      organization: { name: 'mailing' },
      roles: [],
    });
    const url = new URL(invitationUrl);
    expect(url.origin + url.pathname).toBe('https://app.example/login');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      from: 'mail',
      invitation: ticketId,
      organization: id,
      organization_name: 'mailing',
    });
    expect(sent.at(-1)).toMatchObject({ to: 'Bob@Example.com', invitationUrl, inviterName: 'Ann' });
    const rows = await gateway.storage
      .open()
      .query<{ hash: string }>(sql`SELECT ticket_hash AS "hash" FROM organization_invitations`, {
        hash: 'text',
      });
    expect(rows).toContainEqual({ hash: hashSecret(ticketId) });
    const audit = await gateway.storage
      .open()
      .query<{ details: string }>(sql`SELECT details AS "details" FROM audit_events`, { details: 'text' });
    expect(JSON.stringify(audit)).not.toContain(ticketId);
    const before = sent.length;
    await given(id, 'silent@example.com', { sendInvitationEmail: false });
    expect(sent).toHaveLength(before);
  });

  test('1.8-11 a ttl of 0 is 7 days, 30 days pass, one second more and fewer than none are refused', async () => {
    const id = await gateway.givenOrganization('times');
    const lasting = async (ttlSec?: number): Promise<number> => {
      const { invitation } = await given(id, 'time@example.com', ttlSec === undefined ? {} : { ttlSec });
      return (Date.parse(invitation.expiresAt) - Date.parse(invitation.createdAt)) / 1_000;
    };
    expect([await lasting(), await lasting(0), await lasting(2_592_000)]).toEqual([
      604_800, 604_800, 2_592_000,
    ]);
    for (const ttlSec of [2_592_001, -1]) {
      const i = inputFor(id, 'time@example.com', { ttlSec });
      const { errors } = await gateway.run(invite, { variables: { i } });
      expect(errors[0]?.extensions).toMatchObject({ field: 'ttlSec' });
    }
  });

  test('1.8-11 used, unknown, malformed, revoked and old tickets are answered alike', async () => {
    const id = await gateway.givenOrganization('tickets');
    const used = await given(id, 'used@example.com');
    expect((await use(used.ticketId, anyone, password)).errors).toEqual([]);
    const revoked = await given(id, 'revoked@example.com');
    await gateway.ok(
      'mutation($i: RevokeInvitationsInput!) { revokeInvitations(input: $i) { invitations { status } } }',
      { variables: { i: { organizationId: id, ids: [revoked.invitation.id] } } },
    );
    const old = await given(id, 'old@example.com', { ttlSec: 60 });
    gateway.clock.at += 60_000;
    const tickets = [used.ticketId, 'A'.repeat(43), '', revoked.ticketId, old.ticketId];
    const answers = [];
    for (const ticket of tickets) answers.push((await use(ticket, anyone, password)).errors);
    expect(answers[0]).toMatchObject([{ code: 'EXPIRED' }]);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect((await statuses(id)).sort()).toEqual(['ACCEPTED', 'EXPIRED', 'REVOKED']);
    expect((await statuses(id, ['EXPIRED', 'ACCEPTED'])).sort()).toEqual(['ACCEPTED', 'EXPIRED']);
    expect(await statuses(id, ['PENDING'])).toEqual([]);
  });

  test('1.8-12 only the account of the address may accept, whatever the case; the address is verified afterwards', async () => {
    const id = await gateway.givenOrganization('addresses');
    const email = { email: 'case@example.com', emailFolded: 'case@example.com', emailVerified: false };
    const userId = await gateway.givenUser('auth0|case', email);
    const other = await gateway.givenUser('auth0|other', {
      email: 'x@example.com',
      emailFolded: 'x@example.com',
    });
    const roleId = await gateway.givenRole('Invited');
    const { ticketId } = await given(id, 'CASE@Example.com', { roleIds: [roleId] });
    expect((await use(ticketId, { userId: other, permissions: [] })).errors[0]?.code).toBe('FORBIDDEN');
    const taken = await use(ticketId, anyone, password);
    expect(taken.errors[0]).toMatchObject({ code: 'UNAUTHENTICATED' });
    const accepted = await use(ticketId, { userId, permissions: [] });
    expect(accepted.errors).toEqual([]);
    expect(accepted.data.acceptInvitation).toEqual({
      isNewUser: false,
      membership: { joinedVia: 'INVITATION', organization: { name: 'addresses' } },
    });
    const { user } = await gateway.ok(
      'query($id: ID!) { user(id: $id) { emailVerified roles { name } organizations { nodes { roles { name } } } } }',
      { variables: { id: userId } },
    );
    expect(user).toEqual({
      emailVerified: true,
      roles: [],
      organizations: { nodes: [{ roles: [{ name: 'Invited' }] }] },
    });
  });

  test('1.8-12 a person without an account gets one with a verified address, and a second use finds nothing', async () => {
    const id = await gateway.givenOrganization('newcomers');
    const { ticketId } = await given(id, 'new@example.com');
    const nothing = await use(ticketId);
    expect(nothing.errors[0]).toMatchObject({ code: 'UNAUTHENTICATED' });
    const both = await Promise.all([1, 2].map(() => use(ticketId, anyone, password)));
    const good = both.filter(({ errors }) => errors.length === 0);
    expect(good).toHaveLength(1);
    expect(good[0]?.data.acceptInvitation.isNewUser).toBe(true);
    const [user] = await gateway.users.findByEmail(gateway.call(), {
      email: 'new@example.com',
      caseSensitive: true,
    });
    expect(user).toMatchObject({ emailVerified: true, connection: 'main' });
  });

  test('an invitation that names a connection asks for an identity there, and never for a passwordless one', async () => {
    const id = await gateway.givenOrganization('by-connection');
    const email = { email: 'bound@example.com', emailFolded: 'bound@example.com' };
    const userId = await gateway.givenUser('auth0|bound', email);
    const { ticketId } = await given(id, 'bound@example.com', { connectionId: 'con_main' });
    expect((await use(ticketId, { userId, permissions: [] })).errors[0]?.code).toBe('FORBIDDEN');
    const unknown = inputFor(id, 'z@example.com', { connectionId: 'con_none' });
    expect((await gateway.run(invite, { variables: { i: unknown } })).errors[0]?.code).toBe('NOT_FOUND');
  });

  test('1.8-13 a resend kills the old ticket and begins the time anew; soon after, and once too often, it is refused', async () => {
    const id = await gateway.givenOrganization('again');
    const first = await given(id, 'again@example.com', { ttlSec: 3_600 });
    const send = () => gateway.run(resend, { variables: { id: first.invitation.id } });
    expect((await send()).errors[0]).toMatchObject({
      code: 'RATE_LIMITED',
      extensions: { retryAfterSeconds: 60 },
    });
    gateway.clock.at += 60_000;
    const second = await gateway.ok(resend, { variables: { id: first.invitation.id } });
    const issued = second.resendInvitation.invitation;
    expect(issued.invitation).toEqual({
      sendCount: 2,
      status: 'PENDING',
      expiresAt: new Date(gateway.clock.at + 3_600_000).toISOString(),
    });
    expect((await use(first.ticketId, anyone, password)).errors[0]?.code).toBe('EXPIRED');
    gateway.clock.at += 60_000;
    expect((await send()).errors).toEqual([]);
    gateway.clock.at += 60_000;
    expect((await send()).errors[0]).toMatchObject({ code: 'RATE_LIMITED', extensions: { limit: 2 } });
  });

  test('1.8-13 inviting the same address again revokes what is outstanding', async () => {
    const id = await gateway.givenOrganization('twice');
    const first = await given(id, 'twice@example.com');
    const second = await given(id, 'TWICE@example.com');
    expect((await use(first.ticketId, anyone, password)).errors[0]?.code).toBe('EXPIRED');
    expect((await use(second.ticketId, anyone, password)).errors).toEqual([]);
    expect((await statuses(id)).sort()).toEqual(['ACCEPTED', 'REVOKED']);
  });

  test('no, too many, repeated and malformed addresses are refused, and nothing is made', async () => {
    const id = await gateway.givenOrganization('batches');
    const tried = async (emails: string[]): Promise<unknown> => {
      const i = { ...inputFor(id, ''), invitees: emails.map((email) => ({ email })) };
      return (await gateway.run(invite, { variables: { i } })).errors[0]?.code;
    };
    expect(await tried([])).toBe('BAD_USER_INPUT');
    expect(await tried(['a@example.com', 'b@example.com', 'c@example.com'])).toBe('LIMIT_EXCEEDED');
    expect(await tried(['a@example.com', 'A@example.com'])).toBe('BAD_USER_INPUT');
    expect(await tried(['a@example.com', 'nobody'])).toBe('BAD_USER_INPUT');
    expect(await statuses(id)).toEqual([]);
    expect(await tried(['a@example.com', 'b@example.com'])).toBeUndefined();
  });

  test('who may invite alone gives no role that he does not hold and writes no metadata', async () => {
    const id = await gateway.givenOrganization('modest');
    const roleId = await gateway.givenRole('Immodest');
    const as: Caller = { organizationId: id, permissions: ['create:organization_invitations'] };
    const tried = async (more: Record<string, unknown>): Promise<unknown> => {
      const { errors } = await gateway.run(invite, {
        as,
        variables: { i: inputFor(id, 'm@example.com', more) },
      });
      return errors.find(({ code }) => code !== 'FORBIDDEN_FIELD')?.code;
    };
    expect(await tried({ roleIds: [roleId] })).toBe('FORBIDDEN');
    expect(await tried({ appMetadata: { plan: 'gold' } })).toBe('FORBIDDEN');
    expect(await tried({ userMetadata: { plan: 'gold' } })).toBe('FORBIDDEN');
    expect(await tried({})).toBeUndefined();
  });

  test('B04 who may not read addresses of users reads those of invitations as little', async () => {
    const id = await gateway.givenOrganization('unread');
    await given(id, 'hidden@example.com');
    const rule = {
      ...{ id: 'atr_unread', name: 'no addresses', effect: 'DENY' as const, actions: ['READ' as const] },
      ...{ paths: ['email'], subject: {}, object: {}, mask: null },
    };
    const { data, errors } = await gateway.run(list, {
      variables: { id },
      policy: { ...openPolicy, rules: [rule] },
    });
    expect(data.organization.invitations.nodes).toEqual([{ status: 'PENDING', invitee: { email: null } }]);
    expect(errors.map(({ code }) => code)).toEqual(['FORBIDDEN_FIELD']);
  });

  test('an invitation of another organization is answered like one that does not exist, and refuses a whole list', async () => {
    const home = await gateway.givenOrganization('home');
    const abroad = await gateway.givenOrganization('abroad');
    const { invitation, ticketId } = await given(abroad, 'far@example.com');
    const as: Caller = { organizationId: home };
    const foreign = await gateway.run(resend, { as, variables: { id: invitation.id } });
    const missing = await gateway.run(resend, { as, variables: { id: 'uinv_none' } });
    expect(foreign.errors).toEqual(missing.errors);
    const own = (await given(home, 'near@example.com')).invitation.id;
    const revoke = `mutation($i: RevokeInvitationsInput!) { revokeInvitations(input: $i) { invitations { status } } }`;
    for (const ids of [
      [invitation.id, own],
      [own, invitation.id],
    ])
      expect(
        (await gateway.run(revoke, { variables: { i: { organizationId: home, ids } } })).errors[0],
      ).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { unknown: [invitation.id] } });
    expect([await statuses(home), await statuses(abroad)]).toEqual([['PENDING'], ['PENDING']]);
    expect((await use(ticketId, { organizationId: home, permissions: [] }, password)).errors[0]?.code).toBe(
      'EXPIRED',
    );
  });

  test('old invitations are marked, and deleted after 30 days', async () => {
    const id = await gateway.givenOrganization('purged');
    await given(id, 'purged@example.com', { ttlSec: 60 });
    const store = gateway.storage.open();
    gateway.clock.at += 60_000;
    expect((await purgeInvitations(store, gateway.clock.at, 30)).expired).toBeGreaterThan(0);
    expect(await statuses(id)).toEqual(['EXPIRED']);
    await purgeInvitations(store, gateway.clock.at + 30 * day, 30);
    expect(await statuses(id)).toEqual(['EXPIRED']);
    await purgeInvitations(store, gateway.clock.at + 30 * day + 1, 30);
    expect(await statuses(id)).toEqual([]);
  });
});
