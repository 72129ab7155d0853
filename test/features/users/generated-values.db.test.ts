import { eachDatabase } from '#test/support/databases';
import { startCoreGraphql, type CoreGraphql } from '#test/features/users/core-graphql';
import { hiding, rule } from '#test/features/users/core-policies';
import { emptyPolicy } from '#test/features/users/core-services';

eachDatabase('generated values', (database) => {
  let core: CoreGraphql;
  let jane: string;

  const profile =
    '{ email name nickname picture effectivePicture givenName blocked loginsCount lastLogin createdAt }';

  beforeAll(async () => {
    core = await startCoreGraphql(await database.open());
    jane = (await core.users.create(core.callAs(), { email: 'Jane@X.io' })).id;
  });

  describe('B35: generated values', () => {
    const ask = () => `{ user(id: "${jane}") ${profile} }`;

    it.each([
      ['denied', hiding('email')],
      [
        'denied for the connection',
        { ...emptyPolicy, rules: [rule({ paths: ['email'], object: { connections: ['main'] } })] },
      ],
      [
        'masked',
        {
          ...emptyPolicy,
          rules: [rule({ paths: ['email'], effect: 'MASK' as const, mask: 'FIXED' as const })],
        },
      ],
      [
        'blacklisted',
        { ...emptyPolicy, blacklist: [{ scope: 'TENANT' as const, scopeId: '', name: 'email' }] },
      ],
    ])('hold nothing of an address that is %s', async (title, policy) => {
      const fresh = await core.users.create(core.callAs(), {
        email: `b35-${title.replaceAll(' ', '')}@secret.io`,
      });
      const open = await core.run(`{ user(id: "${fresh.id}") { picture } }`);
      const hash = /avatar\/([0-9a-f]{32})/.exec(JSON.stringify(open.data))?.[1] as string;
      const { result } = await core.run(`{ user(id: "${fresh.id}") ${profile} }`, { policy });
      expect(JSON.stringify(result)).not.toContain('secret.io');
      expect(JSON.stringify(result)).not.toContain('b35-');
      expect(JSON.stringify(result)).not.toContain(hash);
      expect(result.data).toMatchObject({
        user: { name: null, nickname: null, picture: 'https://id.example/avatars/%3F.svg' },
      });
    });

    it('stay as they are for others', async () => {
      const { data } = await core.run(ask(), { policy: hiding('phone_number') });
      expect(data).toMatchObject({ user: { nickname: 'jane' } });
    });
  });
});
