import { createKeyRing } from '#src/features/sessions/keys/key-ring';
import { silentLogger } from '#src/shared/logger';
import { Secret } from '#src/shared/secret';
import { day, openGateway, type Gateway, type Json } from '#test/features/sessions/support/gateway';
import { serveGateway } from '#test/features/sessions/support/served';
import { run } from '#test/cli/fake-parts';
import { makeKey } from '#test/features/sessions/tokens/token-fixture';
import { eachDatabase } from '#test/support/databases';

const rotate =
  'mutation ($i: RotateSigningKeyInput!) { rotateSigningKey(input: $i) { signingKey { id state } } }';
const revoke =
  'mutation ($i: RevokeSigningKeyInput!) { revokeSigningKey(input: $i) { signingKey { id state } } }';

eachDatabase('8.8-10 JWT-08 keys that tokens are signed with', (database) => {
  let gateway: Gateway;
  let served: Awaited<ReturnType<typeof serveGateway>>;

  beforeAll(async () => {
    gateway = await openGateway(database);
    served = await serveGateway(gateway);
  });
  afterAll(async () => {
    await served.close();
    await gateway.close();
  });

  const bearer = async (on: Gateway, ...permissions: string[]) => {
    const machine = { subject: 'machine', clientId: 'machine', permissions, roles: [], lifetimeSeconds: 900 };
    return { authorization: `Bearer ${(await on.feature.issueToken(machine)).token}` };
  };
  const ask = async (query: string, i: Json, ...permissions: string[]) =>
    served.ask(query, { headers: await bearer(gateway, ...permissions), variables: { i } });
  const published = async (): Promise<string[]> => {
    const response = await fetch(`${served.url}/.well-known/jwks.json`);
    return ((await response.json()) as Json).keys.map(({ kid }: Json) => kid);
  };
  const kidOf = ({ authorization }: { authorization: string }): string =>
    JSON.parse(Buffer.from(authorization.slice(7).split('.')[0] ?? '', 'base64url').toString()).kid;
  const works = async (headers: Record<string, string>) =>
    (await served.ask('{ currentSession { id } }', { headers })).codes.length === 0;

  it('are published a day before they sign, verify afterwards, and not when they are revoked', async () => {
    const old = await bearer(gateway);
    const [first] = await published();
    expect(kidOf(old)).toBe(first);
    expect((await ask(rotate, {}, 'read:signing_keys')).codes).toEqual(['FORBIDDEN']);
    const made = (await ask(rotate, {}, 'update:signing_keys')).data.rotateSigningKey.signingKey;
    expect(made.state).toBe('NEXT');
    expect((await published()).sort()).toEqual([first, made.id].sort());
    gateway.clock.time += day - 1;
    const early = await ask(rotate, {}, 'update:signing_keys');
    expect([early.codes, typeof early.errors[0].extensions.readyAt]).toEqual([['CONFLICT'], 'string']);
    const before = await bearer(gateway);
    gateway.clock.time += 1;
    const turned = (await ask(rotate, {}, 'update:signing_keys')).data.rotateSigningKey.signingKey;
    expect(turned).toEqual({ id: made.id, state: 'CURRENT' });
    expect(await works(before)).toBe(true);
    const now = await bearer(gateway);
    expect([kidOf(before), kidOf(now)]).toEqual([first, made.id]);
    // Another node, which has the same secrets file, knows the same.
    const other = await openGateway(database);
    expect(kidOf(await bearer(other))).toBe(made.id);
    await ask(revoke, { id: first }, 'update:signing_keys');
    expect([await works(before), await works(now)]).toEqual([false, true]);
    await expect(gateway.recognise(before)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const third = await openGateway(database);
    await expect(third.recognise(before)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await published()).not.toContain(first);
    expect((await ask(revoke, { id: first }, 'update:signing_keys')).codes).toEqual(['NOT_FOUND']);
    const list = await ask('{ signingKeys { id state } }', {}, 'read:signing_keys');
    const states = Object.fromEntries(list.data.signingKeys.map(({ id, state }: Json) => [id, state]));
    expect(states).toMatchObject({ [first as string]: 'REVOKED', [made.id]: 'CURRENT' });
    const rows = await gateway.rows('audit_events', 'action target_id');
    expect(rows).toContainEqual({ action: 'signing_key.revoke', target_id: first });
    expect(JSON.stringify(await gateway.rows('signing_keys', 'sealed'))).not.toContain('"d"');
  });

  it('the one that signs can be revoked: the next one signs at once', async () => {
    const before = await bearer(gateway);
    await ask(revoke, { id: kidOf(before) }, 'update:signing_keys');
    expect([await works(before), await works(await bearer(gateway))]).toEqual([false, true]);
    const turned = await ask(rotate, { immediately: true }, 'update:signing_keys');
    expect(turned.data.rotateSigningKey.signingKey.state).toBe('CURRENT');
  });

  it('are listed, rotated and revoked on the command line by the same rules, revoked only when it is confirmed', async () => {
    const { signingKeys } = gateway.feature;
    const keys = {
      list: () => signingKeys.list(gateway.call()),
      rotate: (how: { readonly immediately: boolean }) => signingKeys.rotate(gateway.call(), how),
      revoke: (id: string) => signingKeys.revoke(gateway.call(), id),
    };
    const cli = (...argv: string[]) => run(['keys', ...argv], { app: { signingKeys: keys } });
    const stateOf = async (id: string) =>
      new RegExp(`^${id}  \\w+  (\\w+)`, 'm').exec((await cli('list')).out)?.[1];
    const turned = await cli('rotate', '--immediately');
    const signing = turned.out.split(' ')[0] ?? '';
    expect([turned.exitCode, await stateOf(signing)]).toEqual([0, 'CURRENT']);
    await cli('rotate');
    const early = await cli('rotate');
    expect([early.exitCode, /less than a day ago/.test(early.err)]).toEqual([1, true]);
    const token = await bearer(gateway);
    const asked = await cli('revoke', signing);
    expect([asked.exitCode, /--yes/.test(asked.err), asked.calls]).toEqual([64, true, []]);
    expect([await stateOf(signing), await works(token)]).toEqual(['CURRENT', true]);
    expect((await cli('revoke', signing, '--yes')).exitCode).toBe(0);
    expect([await stateOf(signing), await works(token)]).toEqual(['REVOKED', false]);
    const gone = await cli('revoke', 'none', '--yes');
    expect([gone.exitCode, /no such key/.test(gone.err)]).toEqual([1, true]);
  });

  it('are noticed by other nodes, and revoked by the file too', async () => {
    const source = makeKey('ES256');
    const key = { ...source, createdAt: 0, privateJwk: new Secret(source.privateJwk) };
    const ring = () => [{ kid: 'k', key: Buffer.alloc(32, 1) }];
    const node = (state: 'CURRENT' | 'REVOKED') =>
      createKeyRing({
        ...{ storage: gateway.storage, clock: gateway.clock, logger: silentLogger },
        secrets: { signing: [{ ...key, state }], ring },
        make: (keys) => keys.map(({ kid, state: is }) => `${kid} ${is}`),
      });
    const one = node('CURRENT');
    expect(await one.current()).toEqual([`${key.kid} CURRENT`]);
    one.watch(1);
    const two = node('REVOKED');
    await two.current().catch(() => undefined);
    const ends = Date.now() + 5_000;
    while ((await one.current()).length > 0 && Date.now() < ends) await new Promise(setImmediate);
    expect(await one.current()).toEqual([]);
    await one.close();
  });
});
