import type { TestApp } from '#test/support/app';
import { update } from './connection-settings.http.test';

type Input = Record<string, unknown>;
type Shown = Input & { readonly id: string };

interface Scene {
  readonly app: TestApp;
  ask(query: string, variables: Input, as?: string): ReturnType<TestApp['ask']>;
  made(input: Input): Promise<Shown>;
  changed(input: Input): Promise<Shown>;
  refusal(query: string, input: Input): Promise<unknown>;
}

/** Notes that operators keep with a connection. */
export function noteCases(current: () => Scene): void {
  it('3.1 keeps ten notes of 255 characters, replaces them together, and refuses an eleventh', async () => {
    const { app, ask, made, changed, refusal } = current();
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n}`.padEnd(255, 'k'), 'v'.repeat(255)]));
    const { id, metadata } = await made({ strategy: 'oidc' });
    expect(metadata).toEqual({});
    expect((await changed({ id, metadata: many(10) })).metadata).toEqual(many(10));
    expect((await changed({ id, displayName: 'Other' })).metadata).toEqual(many(10));
    expect((await changed({ id, metadata: { owner: 'Ann <b>' } })).metadata).toEqual({ owner: 'Ann <b>' });
    expect(await refusal(update, { id, metadata: many(11) })).toEqual({
      ...{ code: 'LIMIT_EXCEEDED', field: 'metadata', limit: 10, current: 11 },
    });
    const bad = [
      ...[{ ['k'.repeat(256)]: 'v' }, { key: 'v'.repeat(256) }, { key: 1 }, { key: { a: 'b' } }, { '': 'v' }],
      ...[{ 'a.b': 'x' }, ['a'], 'text', 7],
    ];
    for (const value of bad)
      expect([value, await refusal(update, { id, metadata: value })]).toEqual([
        value,
        { code: 'BAD_USER_INPUT', field: 'metadata' },
      ]);
    expect((await changed({ id, metadata: null })).metadata).toEqual({});
    const reader = await app.machine(['read:audit_events']);
    const { data } = await ask(
      '{ auditEvents(first: 5, action: "connection.update") { nodes { changedPaths } } }',
      {},
      reader,
    );
    expect(JSON.stringify(data)).toContain('options.metadata');
    expect(JSON.stringify(data)).not.toContain('Ann');
  });

  it('3.1 keeps its provider while people come from it: somebody of the same id at another one is somebody else', async () => {
    const { app, ask, made, changed, refusal } = current();
    const saml = { entityId: 'https://a.example', signInEndpoint: 'https://a.example/sso' };
    const endpoints = ['authorizationEndpoint', 'tokenEndpoint', 'userinfoEndpoint'];
    const at = (host: string) =>
      Object.fromEntries(endpoints.map((name) => [name, `https://${host}/${name}`]));
    for (const [before, after, rest] of [
      [{ oauth: { issuer: 'https://a.example' } }, { oauth: { issuer: 'https://b.example' } }, 'oidc'],
      [{ oauth: { issuer: 'https://a.example' } }, { oauth: { issuer: null, ...at('b.example') } }, 'oidc'],
      [{ oauth: { tenantId: 'one' } }, { oauth: { tenantId: null } }, 'waad'],
      [{ oauth: at('a.example') }, { oauth: { userinfoEndpoint: 'https://b.example/me' } }, 'oauth2'],
      [{ saml }, { saml: { entityId: 'https://b.example' } }, 'samlp'],
    ] as const) {
      const { id, name } = await made({ strategy: rest, attributeMapping: { user_id: ['sub'] }, ...before });
      // Nobody comes from it yet.
      await changed({ id, ...after });
      await changed({ id, ...before });
      const input = { connection: name, claims: { sub: 'ada' } };
      const recorder = await app.machine(['record:logins']);
      const record = 'mutation ($input: RecordLoginInput!) { recordLogin(input: $input) { created } }';
      expect((await ask(record, { input }, recorder)).errors).toEqual([]);
      expect([rest, await refusal(update, { id, ...after })]).toEqual([rest, { code: 'CONFLICT' }]);
      await changed({ id, displayName: 'The same' });
      await changed({ id, knowsSamePeople: true, ...after });
    }
  });

  it('3.1 closes a database to people who would make accounts by themselves', async () => {
    const { app, made, changed } = current();
    const { id, name, database } = await made({ strategy: 'auth0', database: { disableSignup: true } });
    expect(database).toMatchObject({ disableSignup: true });
    let count = 0;
    const signUp = async (): Promise<string> => {
      const input = {
        connection: name,
        email: `closed${(count += 1)}@example.com`,
        password: 'plum orchid tale',
      };
      const { errors } = await app.ask(
        'mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }',
        { variables: { input } },
      );
      return errors[0]?.extensions.code ?? 'ACCEPTED';
    };
    expect(await signUp()).toBe('SIGN_UP_CLOSED');
    const opened = await changed({ id, database: { disableSignup: null } });
    // What is not named stays, as with the other options of a database.
    expect(opened['database']).toMatchObject({ disableSignup: true });
    await changed({ id, database: { disableSignup: false } });
    expect(await signUp()).toBe('ACCEPTED');
  });
}
