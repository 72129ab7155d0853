import type { TestApp } from '#test/support/app';
import { update } from './connection-settings.http.test';

type Input = Record<string, unknown>;
type Shown = Input & { readonly id: string };

interface Scene {
  readonly app: TestApp;
  ask(query: string, variables: Input, as?: string): ReturnType<TestApp['ask']>;
  made(input: Input): Promise<Shown>;
}

/** In which shape a connection keeps what its provider says. */
export function mappingCases(current: () => Scene): void {
  it('3.5 keeps attributes in the shape that the mapping says, and of a blacklisted claim nothing in any shape', async () => {
    const { app, ask, made } = current();
    const groups = { claims: ['memberOf'], transform: 'SPLIT', multi: true };
    const attributeMapping = { groups, office: { claims: ['site'], transform: 'LOWER' } };
    const connection = await made({ strategy: 'oidc', attributeMapping });
    expect(connection['attributeMapping']).toEqual(attributeMapping);
    const helper = await app.machine(['record:logins', 'read:users', 'update:blacklist']);
    const after = async (claims: object): Promise<unknown> => {
      const { data } = await ask(
        'mutation ($connection: String!, $claims: JSON!) { recordLogin(input: { connection: $connection, claims: $claims }) { user { attributes } } }',
        { connection: connection['name'], claims: { sub: 'shaped', ...claims } },
        helper,
      );
      return (data as { recordLogin: { user: Input } }).recordLogin.user['attributes'];
    };
    const claims = { memberOf: 'Sales, Human Resources', site: 'BERLIN' };
    const split = { groups: ['Sales', 'Human Resources'] };
    expect(await after(claims)).toEqual({ ...split, office: 'berlin' });
    await ask(
      'mutation ($input: AddBlacklistedAttributesInput!) { addBlacklistedAttributes(input: $input) { __typename } }',
      { input: { scope: 'CONNECTION', scopeId: connection['name'], names: ['site'] } },
      helper,
    );
    expect(await after(claims)).toEqual(split);
  });

  it('3.5 refuses a shape that does not exist and names the attribute', async () => {
    const { ask, made } = current();
    const { id } = await made({ strategy: 'oidc' });
    const attributeMapping = { office: { claims: ['site'], transform: 'SHOUT' } };
    const { errors } = await ask(update, { input: { id, attributeMapping } });
    expect(errors[0]?.extensions).toMatchObject({
      ...{ code: 'VALIDATION_FAILED', field: 'attributeMapping', path: 'office' },
    });
  });
}
