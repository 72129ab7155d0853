import { codeAt } from '#test/features/factors/support/code-at';
import { issuer, minute, type Person } from '#test/features/factors/support/factor-scene';
import { home } from '#test/features/login-pages/support/login-scene';
import type { LinkingScene } from './linking-scene';

/** AUTO_VERIFIED: every condition of 4.4 holds, or it is no automatic link. */
export function automaticCases(opened: () => LinkingScene): void {
  let scene: LinkingScene;
  let ada: Person;
  let count = 0;
  const sub = () => `auto${(count += 1)}`;
  beforeEach(async () => {
    scene = opened();
    ada = await scene.person('auto');
  });

  it('4.6-2 links two verified accounts of one address, tells by mail, and takes it back by POST alone', async () => {
    const account = { sub: sub(), email: ada.email, name: 'Ada at the provider' };
    const visitor = await scene.arrive('auto', account);
    expect(visitor.visit.url).toBe(home);
    expect(await scene.me(visitor)).toMatchObject({ me: { id: ada.id } });
    expect(await scene.identities(ada.id)).toEqual(['main', 'auto']);
    const { template, text } = await scene.mail(ada.email);
    expect(template).toBe('account-linked');
    const undo = /http:\S+\/tickets\/undo-link\/\S+/.exec(text)?.[0] ?? '';
    // Another link does not make this one's way back worthless.
    await scene.arrive('second', { sub: sub(), email: ada.email });
    expect(await scene.identities(ada.id)).toEqual(['main', 'auto', 'second']);
    const stranger = scene.visitor();
    for (const _scanner of [1, 2]) await stranger.open(undo);
    expect(stranger.visit.status).toBe(200);
    expect(await scene.identities(ada.id)).toHaveLength(3);
    await stranger.press(undo);
    expect(stranger.title).toBe('Done');
    expect(await scene.identities(ada.id)).toEqual(['main', 'second']);
    expect(await scene.me(visitor)).toMatchObject({ me: null });
    expect((await scene.visitor().press(undo)).visit.status).toBe(410);
    // It is known from now on, so that it is not linked again.
    const again = await scene.arrive('auto', account);
    expect((await scene.me(again)).me.id).toBe(`oidc|auto|${account.sub}`);
  });

  it('AZ-20 asks who may do more than others to prove the account, whatever the provider of a connection says', async () => {
    const roleId = await scene.app.givenRole(`Reader ${ada.email}`, ['read:users']);
    await scene.admin(
      'mutation ($input: AddUserRolesInput!) { addUserRoles(input: $input) { __typename } }',
      { input: { id: ada.id, roleIds: [roleId] } },
    );
    const visitor = await scene.arrive('auto', { sub: sub(), email: ada.email });
    expect([visitor.title, visitor.session]).toEqual(['You have an account here already', undefined]);
    expect(await scene.identities(ada.id)).toEqual(['main']);
  });

  it('4.6-8 asks for the second factor of the account before it links, whatever device and policy say', async () => {
    await ada.signIn();
    const { seed } = await ada.enrollTotp(scene.clock.time);
    await scene.pass(minute);
    const visitor = await scene.arrive('auto', { sub: sub(), email: ada.email });
    expect([visitor.title, visitor.session]).toEqual(['One more step', undefined]);
    expect(await scene.identities(ada.id)).toEqual(['main']);
    await visitor.send('proof', { code: '000000' });
    expect(await scene.identities(ada.id)).toEqual(['main']);
    await visitor.send('proof', { code: codeAt(seed, scene.clock.time) });
    expect(visitor.visit.url).toBe(home);
    expect((await scene.me(visitor)).me.id).toBe(ada.id);
    expect(await scene.identities(ada.id)).toEqual(['main', 'auto']);
    const undo = /http:\S+\/tickets\/undo-link\/\S+/.exec((await scene.mail(ada.email)).text)?.[0] ?? '';
    await scene.visitor().press(undo);
    // The second factor beside the provider does not keep the session that came through it.
    expect(await scene.me(visitor)).toMatchObject({ me: null });
  });

  it('links nothing when the connection stopped to link while the second factor was awaited', async () => {
    await ada.signIn();
    const { seed } = await ada.enrollTotp(scene.clock.time);
    await scene.pass(minute);
    const visitor = await scene.arrive('second', { sub: sub(), email: ada.email });
    const { connections } = await scene.admin('{ connections(first: 50) { nodes { id name } } }');
    const { id } = connections.nodes.find(({ name }: { name: string }) => name === 'second');
    const change =
      'mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) { connection { linking } } }';
    await scene.admin(change, { input: { id, linking: 'OFF' } });
    await visitor.send('proof', { code: codeAt(seed, scene.clock.time) });
    await scene.admin(change, { input: { id, linking: 'AUTO_VERIFIED' } });
    expect(visitor.session).toBeUndefined();
    expect(await scene.identities(ada.id)).toEqual(['main']);
  });

  it('makes one identity of parallel first sign-ins', async () => {
    scene.provider.account = { sub: sub(), email: ada.email, email_verified: true };
    const start = `${issuer}/login/auto?client_id=${scene.clientId}`;
    const visitors = await Promise.all([1, 2, 3, 4].map(() => scene.visitor().open(start)));
    expect(visitors.map(({ visit }) => visit.url)).toEqual([home, home, home, home]);
    expect(await scene.identities(ada.id)).toEqual(['main', 'auto']);
  });

  it.each([
    ['the provider does not say verified', 'auto', { email_verified: false }],
    ['the provider is not the one to ask', 'unknown', {}],
    ['the connection does not link', 'off', {}],
  ])('4.5 makes a separate user, and tells nothing, where %s', async (_why, connection, more) => {
    const account = { sub: sub(), email: ada.email, ...more };
    const visitor = await scene.arrive(connection, account);
    expect(visitor.visit.url).toBe(home);
    expect((await scene.me(visitor)).me.id).toBe(`oidc|${connection}|${account.sub}`);
    expect(await scene.identities(ada.id)).toEqual(['main']);
  });

  it('makes a separate user where two accounts have the address, or the one is blocked', async () => {
    await scene.arrive('off', { sub: sub(), email: ada.email });
    const visitor = await scene.arrive('auto', { sub: sub(), email: ada.email });
    expect((await scene.me(visitor)).me.id).toMatch(/^oidc\|auto\|/);
    const bob = await scene.person('blocked');
    await scene.admin('mutation ($id: ID!) { blockUser(input: { id: $id }) { user { id } } }', {
      id: bob.id,
    });
    const other = await scene.arrive('auto', { sub: sub(), email: bob.email });
    expect((await scene.me(other)).me.id).toMatch(/^oidc\|auto\|/);
    expect(await scene.identities(bob.id)).toEqual(['main']);
  });
}
