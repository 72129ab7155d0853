import { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import { AuditService } from '#src/features/audit/audit.service';
import { field, mutations, type AccountTools } from '#test/features/accounts/account-operations';
import {
  codesOf,
  goodPassword,
  signInMutation,
  type AccountScene,
} from '#test/features/accounts/account-scene';
import type { Answer } from '#test/support/app';

type Json = ReturnType<typeof JSON.parse>;
const wrong = 'wrong wrong wrong';
const invite = field(
  'inviteMembers',
  'InviteMembersInput',
  '{ invitations { ticketId invitationUrl invitation { id invitee { email } } } }',
);

/** All that somebody outside sees of an answer, but for what is different each time anyway. */
function seen({ status, data, errors, headers }: Answer): unknown {
  const shown = [...headers]
    .filter(([name]) => !['date', 'x-request-id', 'keep-alive'].includes(name))
    .map(([name, value]) => (name === 'set-cookie' ? value.replace(/=[^;]*/, '=…') : `${name}: ${value}`));
  return { status, shown: shown.sort(), body: JSON.stringify({ data, errors }) };
}

/** What strangers learn by trying, and how often they may. */
export function guessingCases(scene: () => AccountScene, tools: AccountTools): void {
  const { ask, givenUser, browser } = tools;
  const page = (): Record<string, string> => ({
    origin: new URL(scene().app.app.platform.config.http.issuer).origin,
  });

  const organization = async (
    name: string,
  ): Promise<{ organizationId: string; token: string; administrator: string }> => {
    const administrator = await scene().app.administrator();
    const created = await ask(
      field('createOrganization', 'CreateOrganizationInput', '{ organization { id } }'),
      { name: `${name}-${scene().email.split('@')[0]}` },
      { token: administrator },
    );
    const organizationId = (created.data as Json).createOrganization.organization.id as string;
    const token = await scene().app.machine([
      'create:organization_invitations',
      'read:organization_invitations',
    ]);
    return { organizationId, token, administrator };
  };

  it('PWD-01 an address with an account and one without are answered alike, headers included', async () => {
    await givenUser();
    const known = scene().email;
    const unknown = `xser${known.slice(4)}`;
    const headers = page();
    const own = { ...(await browser(goodPassword)) };
    const ways: readonly (readonly [string, (email: string) => Promise<Answer>])[] = [
      ['sign-in', (identifier) => ask(signInMutation, { identifier, password: wrong }, { headers })],
      ['reset', (email) => ask(mutations.requestReset, { email }, { headers })],
      ['sign-up', (email) => ask(mutations.signUp, { email, password: goodPassword }, { headers })],
      ['verification', (email) => ask(mutations.requestVerification, { email }, { headers })],
      ['own address', (email) => ask(mutations.requestChange, { newEmail: `b.${email}` }, { headers: own })],
    ];
    await scene().app.givenUser({ email: `b.${known}` });
    for (const [name, way] of ways)
      expect([name, seen(await way(known))]).toEqual([name, seen(await way(unknown))]);
  });

  it('PWD-01 an invitation says nothing of whether the address has an account', async () => {
    await givenUser();
    const { organizationId, token } = await organization('guess');
    const invited = async (email: string): Promise<unknown> => {
      const asked = { organizationId, inviter: { name: 'Ann' }, invitees: [{ email }] };
      const answer = await ask(invite, asked, { token });
      expect(answer.errors).toEqual([]);
      const [{ ticketId, invitationUrl, invitation }] = (answer.data as Json).inviteMembers.invitations;
      const parts = [ticketId, email, invitation.id].reduce<string>(
        (text, part: string) => text.replaceAll(part, '…').replaceAll(encodeURIComponent(part), '…'),
        JSON.stringify(seen(answer)),
      );
      expect(invitationUrl).toContain(ticketId);
      return JSON.parse(parts);
    };
    expect(await invited(scene().email)).toEqual(await invited(`xser${scene().email.slice(4)}`));
  });

  it('PWD-10 the mail name, a common password and the name of an organization of the user are refused', async () => {
    const { organizationId, token, administrator } = await organization('harbor');
    const violations = ({ errors }: Answer): unknown =>
      errors.map(({ extensions }) => extensions['violations']);
    const email = `guest.${scene().email}`;
    const asked = { organizationId, inviter: { name: 'Ann' }, invitees: [{ email }] };
    const invited = (await ask(invite, asked, { token })).data as Json;
    const ticket = invited.inviteMembers.invitations[0].ticketId as string;
    const accept = field('acceptInvitation', 'AcceptInvitationInput', '{ __typename }');
    const joined = async (password: string): Promise<Answer> => ask(accept, { ticket, signUp: { password } });
    const name = `harbor${scene().email.split('@')[0]}`;
    for (const [password, violation] of [
      [`${name}-2026!`, 'PERSONAL'],
      ['my.guest-is-here', 'PERSONAL'],
      ['Password2024!!', 'COMMON'],
    ] as const)
      expect([password, violations(await joined(password))]).toEqual([password, [[violation]]]);
    const userIds = [await givenUser()];
    const add = field('addOrganizationMembers', 'AddOrganizationMembersInput', '{ __typename }');
    expect(codesOf(await ask(add, { id: organizationId, userIds }, { token: administrator }))).toEqual([]);
    const change = { currentPassword: goodPassword, newPassword: `I like ${name}` };
    expect(violations(await ask(mutations.changePassword, change, { headers: await browser() }))).toEqual([
      ['PERSONAL'],
    ]);
    expect(codesOf(await joined('plum orchid fairy tale'))).toEqual([]);
  });

  it('PWD-04 64, 128 and 256 characters are taken; more is refused before anything is hashed or counted', async () => {
    const phrase = (length: number): string => 'orchid plum, '.repeat(20).slice(0, length - 1) + '!';
    for (const length of [64, 128, 256]) {
      const email = `long${length}.${scene().email}`;
      expect(codesOf(await ask(mutations.signUp, { email, password: phrase(length) }))).toEqual([]);
      expect(codesOf(await scene().signIn(phrase(length), { identifier: email }))).toEqual([]);
    }
    const hashing = jest.spyOn(scene().app.app.product.passwords, 'judge');
    const before = await scene().rows('attempt_counters');
    const refused: unknown[] = [];
    for (const length of [257, 1_000, 900_000]) {
      const email = `over${length}.${scene().email}`;
      const up = await ask(mutations.signUp, { email, password: phrase(257).padEnd(length, 'x') });
      const entered = await scene().signIn(phrase(257).padEnd(length, 'x'), { identifier: email });
      refused.push([codesOf(up), codesOf(entered)]);
    }
    for (const megabytes of [1, 10]) {
      const { status, errors } = await scene().signIn('x'.repeat(megabytes * 1_048_576));
      refused.push([status, errors.map(({ extensions }) => extensions.code)]);
    }
    expect(refused).toEqual([
      ...Array.from({ length: 3 }, () => [['PASSWORD_POLICY'], ['VALIDATION_FAILED']]),
      ...Array.from({ length: 2 }, () => [413, ['BODY_TOO_LARGE']]),
    ]);
    expect([hashing.mock.calls.length, await scene().rows('attempt_counters')]).toEqual([0, before]);
    hashing.mockRestore();
  });

  it('PWD-06 is one count for an account, however the address is written, whatever the proxy is told, on every node', async () => {
    await givenUser();
    const { app } = scene().app;
    const { email, ip } = scene();
    const codes: string[] = [];
    const spellings = [email.toUpperCase(), `U${email.slice(1)}`, email];
    for (let index = 0; index < 8; index += 1) {
      const identifier = spellings[index % spellings.length] ?? email;
      const forwarded = `203.0.113.${index}, 10.0.0.${index}, ${ip}`;
      codes.push(...codesOf(await scene().signIn(wrong, { identifier, ip: forwarded })));
    }
    const { attackProtection: config } = app.platform.config;
    const node = new AttackProtectionService({ audit: new AuditService(), users: app.product.users, config });
    const call = scene().app.call();
    for (let index = 0; index < 2; index += 1)
      await (await node.beginSignIn(call, { connection: 'main', identifier: email, ip })).failed();
    expect(codes).toEqual(Array.from({ length: 8 }, () => 'INVALID_CREDENTIALS'));
    const guess = { connection: 'main', identifier: email, ip };
    await expect(node.beginSignIn(call, guess)).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    expect(codesOf(await scene().signIn(goodPassword, { identifier: email.toUpperCase() }))).toEqual([
      'TOO_MANY_ATTEMPTS',
    ]);
    expect(codesOf(await scene().signIn(goodPassword, { ip: '203.0.113.240' }))).toEqual([]);
  });

  it('bad input: an empty password and one with NUL are wrong ones, are counted, and become nobody’s', async () => {
    await givenUser();
    const odd = ['', '\u0000', `${goodPassword}\u0000`, `\u0000${goodPassword}`, `${goodPassword}\u0000more`];
    const codes: string[] = [];
    for (const password of [...odd, ...odd]) codes.push(...codesOf(await scene().signIn(password)));
    expect(codes).toEqual(Array.from({ length: 10 }, () => 'INVALID_CREDENTIALS'));
    expect(codesOf(await scene().signIn(goodPassword))).toEqual(['TOO_MANY_ATTEMPTS']);
    const users = await scene().rows('users');
    for (const password of [...odd, 'plum\torchid fairy tale']) {
      const { errors } = await ask(mutations.signUp, { email: `nul.${scene().email}`, password });
      const [refusal] = errors;
      expect([refusal?.extensions.code, refusal?.extensions['violations']]).toEqual([
        'PASSWORD_POLICY',
        expect.arrayContaining([password === '' ? 'TOO_SHORT' : 'CONTROL_CHARACTER']),
      ]);
    }
    expect(await scene().rows('users')).toBe(users);
  });
}
