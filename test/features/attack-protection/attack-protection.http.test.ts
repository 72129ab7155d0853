import { createHash } from 'node:crypto';
import { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import { subjectOf } from '#src/features/attack-protection/attack-counters';
import { AuditService } from '#src/features/audit/audit.service';
import { operatorCall } from '#src/cli/operator-tasks';
import { sql } from '#src/storage/sql';
import { codesOf, day, goodPassword, openPage, withAccounts } from '#test/features/accounts/account-scene';

const wrong = 'wrong wrong wrong';
const times = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);
const clear = `mutation ($input: ClearUserBlocksInput!) { clearUserBlocks(input: $input) { user { id } clearedCount } }`;
const unblock = `mutation ($input: UnblockIpInput!) { unblockIp(input: $input) { ipBlock { signUpsEndAt } } }`;

withAccounts(
  'attack protection',
  (scene) => {
    const fail = async (
      count: number,
      options: { ip?: string; identifier?: string } = {},
    ): Promise<string[]> => {
      const codes: string[] = [];
      for (let index = 0; index < count; index += 1)
        codes.push(...codesOf(await scene().signIn(wrong, options)));
      return codes;
    };
    const givenUser = (): Promise<string> =>
      scene().app.givenUser({ email: scene().email, password: goodPassword });
    const inside = () => {
      const { app } = scene().app;
      return { service: app.product.attackProtection, call: operatorCall(app.platform, app.product) };
    };

    it('8.8-1 refuses a network after ten wrong passwords, the right one too, until the mailed link is used by POST', async () => {
      await givenUser();
      expect(await fail(10)).toEqual(times(10, 'INVALID_CREDENTIALS'));
      const refused = await scene().signIn(goodPassword);
      expect([refused.status, refused.errors[0]?.extensions]).toEqual([
        429,
        expect.objectContaining({ code: 'TOO_MANY_ATTEMPTS', retryAfter: 30 * 86_400 }),
      ]);
      expect(refused.headers.get('retry-after')).toBe(String(30 * 86_400));
      expect(codesOf(await scene().signIn(goodPassword, { ip: '203.0.113.9' }))).toEqual([]);

      const [mail, ...more] = await scene().settle();
      expect([mail?.to, mail?.template, more]).toEqual([scene().email, 'attempts-blocked', []]);
      const url = mail?.variables.unblockUrl;
      for (let index = 0; index < 3; index += 1) {
        const page = await openPage(scene(), url);
        expect([page.status, page.text]).toEqual([200, expect.stringContaining('<form method="post">')]);
      }
      expect(codesOf(await scene().signIn(goodPassword))).toEqual(['TOO_MANY_ATTEMPTS']);
      const both = await Promise.all([openPage(scene(), url, {}), openPage(scene(), url, {})]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 410]);
      expect(codesOf(await scene().signIn(goodPassword))).toEqual([]);
      expect((await openPage(scene(), url, {})).status).toBe(410);
    });

    it('8.8-2 refuses the 101st failing sign-in of a day from one network, whatever the accounts', async () => {
      const { service, call } = inside();
      const { ip } = scene();
      for (let index = 0; index < 99; index += 1) {
        const guess = { connection: 'main', identifier: `nobody${index}`, ip };
        expect(await (await service.beginSignIn(call, guess)).failed()).toEqual([]);
      }
      expect(await fail(1, { identifier: 'nobody100@example.com' })).toEqual(['INVALID_CREDENTIALS']);
      const refused = await scene().signIn(wrong, { identifier: 'nobody101@example.com' });
      expect([refused.status, codesOf(refused)]).toEqual([429, ['TOO_MANY_ATTEMPTS']]);
      expect(await fail(1, { identifier: 'nobody101@example.com', ip: '203.0.113.77' })).toEqual([
        'INVALID_CREDENTIALS',
      ]);
      await scene().forward(864_000);
      expect(await fail(2, { identifier: 'nobody102@example.com' })).toEqual([
        'INVALID_CREDENTIALS',
        'TOO_MANY_ATTEMPTS',
      ]);
    });

    it('lets the people of one network sign in at the same minute, up to the hundredth failure', async () => {
      const { service, call } = inside();
      const guessOf = (name: number) => ({ connection: 'main', identifier: `nine${name}`, ip: scene().ip });
      const begun = [];
      for (let name = 0; name < 150; name += 1) begun.push(await service.beginSignIn(call, guessOf(name)));
      for (const attempt of begun.slice(0, 50)) await attempt.succeeded();
      const filled = [];
      for (const attempt of begun.slice(50)) filled.push(await attempt.failed());
      expect(filled).toEqual([...times(99, []), ['suspicious_ip_logins']]);
      const refused = { code: 'TOO_MANY_ATTEMPTS', extensions: { retryAfter: 864 } };
      await expect(service.beginSignIn(call, guessOf(150))).rejects.toMatchObject(refused);
      // Where a password was right before, the browser is no stranger that makes its network suspicious.
      const mark = createHash('sha256')
        .update(`id.${subjectOf('main', 'nine150')}`)
        .digest('base64url');
      const device = { id: 'id', marks: [mark.slice(0, 16)] };
      await (await service.beginSignIn(call, { ...guessOf(150), device })).failed();
      await expect(service.beginSignIn(call, { ...guessOf(151), device })).rejects.toMatchObject(refused);
    });

    it('counts parallel guesses before it looks at any password', async () => {
      await givenUser();
      const answers = await Promise.all(times(16, null).map(() => scene().signIn(wrong)));
      const codes = answers.flatMap(codesOf).sort();
      expect(codes).toEqual([...times(10, 'INVALID_CREDENTIALS'), ...times(6, 'TOO_MANY_ATTEMPTS')]);
    });

    it('refuses what would be one too many while those before it still wait to be counted', async () => {
      const { service, call } = inside();
      const guess = { connection: 'main', identifier: scene().email, ip: scene().ip };
      let release = (): void => undefined;
      const isHeld = call.store.transaction(() => new Promise<void>((resolve) => (release = resolve)));
      const begun = times(11, null).map(() => service.beginSignIn(call, guess));
      const letThrough = () => Promise.reject(new Error('let through'));
      const firstRefusal = Promise.any(begun.map((one) => one.then(letThrough, (error: Error) => error)));
      expect(await firstRefusal).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
      release();
      await isHeld;
      const settled = await Promise.allSettled(begun);
      const attempts = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(attempts).toHaveLength(10);
      await attempts[0]?.undecided();
      await service.beginSignIn(call, guess);
      await expect(service.beginSignIn(call, guess)).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    });

    it('counts spellings of one identifier together, and forgets them after the right password', async () => {
      await givenUser();
      expect(await fail(9, { identifier: scene().email.toUpperCase() })).toHaveLength(9);
      expect(codesOf(await scene().signIn(goodPassword))).toEqual([]);
      expect(await fail(10)).toEqual(times(10, 'INVALID_CREDENTIALS'));
    });

    it('counts no malformed request, and no network that is on the allow-list', async () => {
      await givenUser();
      for (let index = 0; index < 12; index += 1) {
        expect(codesOf(await scene().signIn('x'.repeat(2_000)))).toEqual(['VALIDATION_FAILED']);
      }
      expect(await fail(11, { ip: '192.0.2.200' })).toEqual(times(11, 'INVALID_CREDENTIALS'));
      expect(codesOf(await scene().signIn(goodPassword, { ip: '192.0.2.200' }))).toEqual([]);
    });

    it('sends one notice an hour, and none to an address that nobody has', async () => {
      const userId = await givenUser();
      const token = await scene().app.administrator();
      await fail(10);
      expect(await scene().settle()).toHaveLength(1);
      await scene().ask(clear, { userId }, { token });
      await fail(10);
      expect(await scene().settle()).toHaveLength(0);
      await fail(10, { identifier: 'nobody-at-all@example.com' });
      expect(await scene().settle()).toHaveLength(0);
    });

    it('access B30 shows blocks to who may see them, and ends them', async () => {
      const userId = await givenUser();
      const token = await scene().app.administrator();
      await fail(10);
      const blocks = `query { userBlocks(userId: "${userId}") { identifier identifierKind network failures endsAt } }`;
      expect((await scene().ask(blocks, undefined, { token })).data?.userBlocks).toEqual([
        {
          identifier: scene().email,
          identifierKind: 'EMAIL',
          network: scene().ip,
          failures: 10,
          endsAt: new Date(scene().clock.time + 30 * day).toISOString(),
        },
      ]);
      const weak = await scene().app.machine(['read:users']);
      expect(codesOf(await scene().ask(blocks, undefined, { token: weak }))).toEqual(['FORBIDDEN_FIELD']);

      // The identifier is the address, and no way around a rule that hides it.
      const desk = await scene().app.machine(['read:users', 'read:attack_protection'], ['Desk']);
      const hide = {
        name: 'desk',
        effect: 'DENY',
        actions: ['READ'],
        paths: ['email'],
        subject: { rolesAny: ['Desk'] },
      };
      const saved = await scene().ask(
        'mutation ($input: SaveAttributeRuleInput!) { saveAttributeRule(input: $input) { attributeRule { id } } }',
        hide,
        { token },
      );
      const hidden = await scene().ask(blocks, undefined, { token: desk });
      expect(hidden.data?.userBlocks).toMatchObject([
        { identifier: null, identifierKind: null, failures: 10 },
      ]);
      const { id } = (saved.data?.saveAttributeRule as { attributeRule: { id: string } }).attributeRule;
      await scene().ask(
        'mutation ($input: DeleteAttributeRuleInput!) { deleteAttributeRule(input: $input) { deletedId } }',
        { id },
        { token },
      );
      const shown = await scene().ask(blocks, undefined, { token: desk });
      expect(shown.data?.userBlocks).toMatchObject([{ identifier: scene().email, identifierKind: 'EMAIL' }]);

      const cleared = await scene().ask(clear, { userId }, { token });
      expect(cleared.data?.clearUserBlocks).toEqual({ user: { id: userId }, clearedCount: 1 });
      expect((await scene().ask(blocks, undefined, { token })).data?.userBlocks).toEqual([]);
      expect(codesOf(await scene().signIn(goodPassword))).toEqual([]);
      expect(codesOf(await scene().ask(clear, { userId: 'auth0|nobody' }, { token }))).toEqual(['NOT_FOUND']);
    });

    it('shows how a network is treated, and unblocks it', async () => {
      const token = await scene().app.administrator();
      const { ip } = scene();
      const { service, call } = inside();
      for (let index = 0; index < 50; index += 1) await service.beginSignUp(call, ip);
      await expect(service.beginSignUp(call, ip)).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
      const query = `query { ipBlock(ip: "${ip}") { network signInsEndAt signUpsEndAt } }`;
      expect((await scene().ask(query, undefined, { token })).data?.ipBlock).toEqual({
        network: ip,
        signInsEndAt: null,
        signUpsEndAt: new Date(scene().clock.time + 1_200).toISOString(),
      });
      expect((await scene().ask(unblock, { ip }, { token })).data?.unblockIp).toEqual({
        ipBlock: { signUpsEndAt: null },
      });
      await expect(service.beginSignUp(call, ip)).resolves.toBeDefined();
      expect(codesOf(await scene().ask(unblock, { ip: 'nowhere' }, { token }))).toEqual([
        'VALIDATION_FAILED',
      ]);
    });

    it('lets everything through in MONITOR mode, and counts it', async () => {
      const { app } = scene().app;
      const { call } = inside();
      const config = { ...app.platform.config.attackProtection, mode: 'MONITOR' as const };
      const service = new AttackProtectionService({
        audit: new AuditService(),
        users: app.product.users,
        config,
      });
      const guess = { connection: 'main', identifier: scene().email, ip: scene().ip };
      for (let index = 0; index < 12; index += 1) await (await service.beginSignIn(call, guess)).failed();
      const enforced = app.product.attackProtection.beginSignIn(call, guess);
      await expect(enforced).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    });

    it('closes an account to all networks for a minute where lockout is on', async () => {
      const { app } = scene().app;
      const { call } = inside();
      const config = { ...app.platform.config.attackProtection, accountLockout: true };
      const service = new AttackProtectionService({
        audit: new AuditService(),
        users: app.product.users,
        config,
      });
      const from = (ip: string) =>
        service.beginSignIn(call, { connection: 'main', identifier: scene().email, ip });
      for (let index = 0; index < 10; index += 1) await from(`203.0.113.${100 + index}`);
      await expect(from('203.0.113.200')).rejects.toMatchObject({ extensions: { retryAfter: 60 } });
      await scene().forward(60_000);
      await from('203.0.113.200');
      await expect(from('203.0.113.201')).rejects.toMatchObject({ extensions: { retryAfter: 120 } });
    });

    it('takes attempts back from which nothing was learned', async () => {
      const { service, call } = inside();
      const guess = { connection: 'main', identifier: scene().email, ip: scene().ip };
      for (let index = 0; index < 30; index += 1) await (await service.beginSignIn(call, guess)).undecided();
      for (let index = 0; index < 10; index += 1) await service.beginSignIn(call, guess);
      await expect(service.beginSignIn(call, guess)).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    });

    it('tells its settings', async () => {
      const query = '{ attackProtectionSettings { mode bruteForceFailures allowList accountLockout } }';
      const { data } = await scene().ask(query, undefined, { token: await scene().app.administrator() });
      expect(data?.attackProtectionSettings).toEqual({
        mode: 'BLOCK',
        bruteForceFailures: 10,
        allowList: ['192.0.2.0/24'],
        accountLockout: false,
      });
    });

    it('keeps nothing that was typed', async () => {
      await fail(1, { identifier: 'typed-by-a-stranger@example.com' });
      const store = scene().app.app.storage.open();
      const rows = await store.query<{ key: string; subject: string }>(
        sql`SELECT key AS key, subject AS subject FROM attempt_counters`,
        { key: 'text', subject: 'text' },
      );
      expect(JSON.stringify(rows)).not.toContain('typed-by-a-stranger');
    });

    it('closes codes of second factors for 15 minutes after five wrong ones', async () => {
      const { service, call } = inside();
      const user = `auth0|${scene().email}`;
      for (let index = 0; index < 5; index += 1) await service.beginCode(call, user);
      await expect(service.beginCode(call, user)).rejects.toMatchObject({ extensions: { retryAfter: 900 } });
      await scene().forward(15 * 60_000);
      await (await service.beginCode(call, user)).succeeded();
    });
  },
  { GATEHOUSE_ATTACK_PROTECTION_ALLOW_LIST: '192.0.2.0/24' },
);
