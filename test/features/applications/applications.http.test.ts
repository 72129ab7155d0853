import { createHash } from 'node:crypto';
import { sql } from '#src/storage/sql';
import { eachDatabase } from '#test/support/databases';
import { startTestApp, type Answer, type TestApp } from '#test/support/app';

const create = `mutation Create($input: CreateApplicationInput!) {
  createApplication(input: $input) {
    clientSecret
    application { id name type callbacks organizationUsage version secrets { id hint } permissions { name } metadata }
  }
}`;
const update = `mutation Update($input: UpdateApplicationInput!) {
  updateApplication(input: $input) { application { callbacks devMode isEnabled version } }
}`;
const patchMetadata = `mutation Patch($input: UpdateApplicationMetadataInput!) {
  updateApplicationMetadata(input: $input) { application { metadata } }
}`;

interface Created {
  readonly clientSecret: string | null;
  readonly application: {
    readonly id: string;
    readonly version: number;
    readonly secrets: readonly { readonly id: string; readonly hint: string }[];
    readonly [member: string]: unknown;
  };
}

eachDatabase('applications', (database) => {
  let gateway: TestApp;
  let administrator: string;

  beforeAll(async () => {
    gateway = await startTestApp(database);
    administrator = await gateway.administrator();
  });
  afterAll(() => gateway.close());

  const ask = (query: string, variables: Record<string, unknown>, token = administrator): Promise<Answer> =>
    gateway.ask(query, { variables, token });

  async function register(input: Record<string, unknown>): Promise<Created> {
    const answer = await ask(create, { input });
    expect(answer.errors).toEqual([]);
    return answer.data?.['createApplication'] as Created;
  }

  it('registers one with its defaults; only a confidential one gets a secret, shown once', async () => {
    const web = await register({ name: 'Shop', type: 'REGULAR_WEB', callbacks: ['https://shop.example/cb'] });
    expect(web.application).toMatchObject({
      id: expect.stringMatching(/^app_[A-Za-z0-9]{16}$/) as unknown,
      type: 'REGULAR_WEB',
      callbacks: ['https://shop.example/cb'],
      organizationUsage: 'DENY',
      version: 1,
      permissions: [],
      metadata: {},
    });
    expect(web.clientSecret).toMatch(/^gcs_[\w-]{43}$/);
    expect(web.application.secrets[0]?.hint).toBe(web.clientSecret?.slice(-4));
    const page = await register({ name: 'Page', type: 'SINGLE_PAGE' });
    expect(page.clientSecret).toBeNull();
    expect(page.application.secrets).toEqual([]);
  });

  it('keeps of a secret its SHA-256 alone, and knows it again while the application is enabled', async () => {
    const { clientSecret, application } = await register({ name: 'Keeper', type: 'MACHINE' });
    const store = gateway.app.storage.open();
    const secrets = gateway.app.product.applications.secrets;
    const raw = await store.query<{ hash: string }>(
      sql`SELECT secret_hash AS "hash" FROM application_secrets`,
      { hash: 'text' },
    );
    expect(raw.map(({ hash }) => hash)).toContain(
      createHash('sha256')
        .update(clientSecret ?? '')
        .digest('hex'),
    );
    expect(await secrets.proves(store, application.id, clientSecret ?? '')).toBe(true);
    expect(await secrets.proves(store, application.id, `${clientSecret}x`)).toBe(false);
    expect(await secrets.proves(store, 'app_0000000000000000', clientSecret ?? '')).toBe(false);
    await ask(update, { input: { id: application.id, isEnabled: false } });
    expect(await secrets.proves(store, application.id, clientSecret ?? '')).toBe(false);
  });

  it('has two secrets in force at most, so that one is replaced without a gap', async () => {
    const { application } = await register({ name: 'Rotating', type: 'MACHINE' });
    const more = `mutation More($input: CreateApplicationSecretInput!) {
      createApplicationSecret(input: $input) { clientSecret secret { id } }
    }`;
    const input = { applicationId: application.id };
    expect((await ask(more, { input })).errors).toEqual([]);
    const third = await ask(more, { input });
    expect(third.errors[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 2, current: 3 });
    const remove = `mutation Remove($input: DeleteApplicationSecretInput!) { deleteApplicationSecret(input: $input) { deletedId } }`;
    const id = application.secrets[0]?.id;
    expect((await ask(remove, { input: { ...input, id } })).errors).toEqual([]);
    expect((await ask(remove, { input: { ...input, id } })).errors[0]?.extensions.code).toBe('NOT_FOUND');
    expect((await ask(more, { input })).errors).toEqual([]);
  });

  it('refuses a wrong URL by its field, an old version, and a setting that another change makes wrong', async () => {
    const { application } = await register({
      name: 'Strict',
      type: 'REGULAR_WEB',
      devMode: true,
      callbacks: ['https://*.strict.example/cb'],
    });
    const { id } = application;
    const wrong = await ask(update, {
      input: { id, callbacks: ['https://ok.example', 'javascript:alert(1)'] },
    });
    expect(wrong.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'callbacks' });
    const outlived = await ask(update, { input: { id, devMode: false } });
    expect(outlived.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'callbacks' });
    const stale = await ask(update, { input: { id, description: 'x', ifVersion: 7 } });
    expect(stale.errors[0]?.extensions).toMatchObject({ code: 'VERSION_CONFLICT', current: 1 });
    const taken = await ask(create, { input: { name: 'Strict', type: 'NATIVE' } });
    expect(taken.errors[0]?.extensions.code).toBe('CONFLICT');
    const unchanged = await ask(update, { input: { id, devMode: true } });
    expect(unchanged.data).toEqual({
      updateApplication: {
        application: {
          callbacks: ['https://*.strict.example/cb'],
          devMode: true,
          isEnabled: true,
          version: 1,
        },
      },
    });
  });

  it('6.1 each list takes 100 entries and not 101, and an address of 2,048 characters and not 2,049', async () => {
    const { id } = (await register({ name: 'Listed', type: 'REGULAR_WEB' })).application;
    const origins = (length: number): string[] => Array.from({ length }, (_, n) => `https://h${n}.example`);
    for (const list of ['callbacks', 'allowedLogoutUrls', 'allowedWebOrigins', 'allowedEmbedOrigins']) {
      const end = list.endsWith('Origins') ? '' : '/';
      const set = (length: number) =>
        ask(update, { input: { id, [list]: origins(length).map((origin) => `${origin}${end}`) } });
      const refused = await set(101);
      expect([list, refused.errors[0]?.extensions]).toMatchObject([
        list,
        { code: 'LIMIT_EXCEEDED', field: list, limit: 100, current: 101 },
      ]);
      expect([list, (await set(100)).errors]).toEqual([list, []]);
    }
    const long = (length: number): string => 'https://a.example/'.padEnd(length, 'x');
    for (const key of ['initiateLoginUri', 'defaultRedirectUri']) {
      const refused = await ask(update, { input: { id, [key]: long(2_049) } });
      expect([key, refused.errors[0]?.extensions]).toMatchObject([
        key,
        { code: 'BAD_USER_INPUT', field: key },
      ]);
      expect([key, (await ask(update, { input: { id, [key]: long(2_048) } })).errors]).toEqual([key, []]);
    }
  });

  it('M12 metadata: an 11th key, a value of 256 characters and a number are refused; null removes, {} clears', async () => {
    const { id } = (await register({ name: 'Meta', type: 'NATIVE' })).application;
    const patched = async (patch: unknown): Promise<Answer> => ask(patchMetadata, { input: { id, patch } });
    const ten = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`k${n}`, 'v'.repeat(255)]));
    expect((await patched(ten)).errors).toEqual([]);
    expect((await patched({ k10: 'v' })).errors[0]?.extensions).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit: 10,
    });
    expect((await patched({ k0: 'v'.repeat(256) })).errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await patched({ k0: 5 })).errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await patched({ 'a.b': 'v' })).errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const replaced = await patched({ k0: null, k10: 'new' });
    expect(replaced.data).toMatchObject({
      updateApplicationMetadata: { application: { metadata: { k10: 'new' } } },
    });
    expect((await patched({})).data).toEqual({
      updateApplicationMetadata: { application: { metadata: {} } },
    });
  });

  it('a machine alone holds permissions by itself, others over the account of their user, and nobody gives it what he does not hold', async () => {
    const { id } = (await register({ name: 'Robot', type: 'MACHINE' })).application;
    const { id: page } = (await register({ name: 'Browser', type: 'SINGLE_PAGE' })).application;
    const found = await ask('{ permissions(first: 100) { nodes { id name } } }', {});
    const { nodes } = found.data?.['permissions'] as { nodes: readonly { id: string; name: string }[] };
    const permissionIds = nodes
      .filter(({ name }) => name === 'read:users')
      .map((permission) => permission.id);
    const add = `mutation Add($input: AddApplicationPermissionsInput!) {
      addApplicationPermissions(input: $input) { application { permissions { name } } }
    }`;
    const weak = await gateway.machine(['update:applications', 'read:applications']);
    expect((await ask(add, { input: { id, permissionIds } }, weak)).errors[0]?.extensions.code).toBe(
      'FORBIDDEN',
    );
    expect((await ask(add, { input: { id: page, permissionIds } })).errors[0]?.extensions.code).toBe(
      'BAD_USER_INPUT',
    );
    const ofOwnAccount = nodes
      .filter(({ name }) => name === 'create:me:connected_accounts')
      .map(({ id }) => id);
    expect((await ask(add, { input: { id: page, permissionIds: ofOwnAccount } })).data).toEqual({
      addApplicationPermissions: { application: { permissions: [{ name: 'create:me:connected_accounts' }] } },
    });
    const unknown = await ask(add, {
      input: { id, permissionIds: [...permissionIds, 'prm_0000000000000000'] },
    });
    expect(unknown.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const grants = gateway.app.product.applications.grants;
    expect(await grants.gatewayPermissions(gateway.app.storage.open(), id)).toEqual([]);
    const added = await ask(add, { input: { id, permissionIds } });
    expect(added.data).toEqual({
      addApplicationPermissions: { application: { permissions: [{ name: 'read:users' }] } },
    });
    expect(await grants.gatewayPermissions(gateway.app.storage.open(), id)).toEqual(['read:users']);
    expect(await grants.gatewayPermissions(gateway.app.storage.open(), 'app_0000000000000000')).toBeNull();
  });

  it('the web origins of enabled applications may read answers, from the change on and no longer', async () => {
    const origin = 'https://spa.example';
    const allowed = async (): Promise<string | null> =>
      (await gateway.ask('{ __typename }', { headers: { origin } })).headers.get(
        'access-control-allow-origin',
      );
    expect(await allowed()).toBeNull();
    const { id } = (await register({ name: 'Spa', type: 'SINGLE_PAGE', allowedWebOrigins: [origin] }))
      .application;
    expect(await allowed()).toBe(origin);
    await ask(update, { input: { id, isEnabled: false } });
    expect(await allowed()).toBeNull();
    await ask(update, { input: { id, isEnabled: true } });
    expect(await allowed()).toBe(origin);
    await ask(
      'mutation Delete($input: DeleteApplicationInput!) { deleteApplication(input: $input) { deletedId } }',
      {
        input: { id },
      },
    );
    expect(await allowed()).toBeNull();
  });

  it('nobody without the permission reads or changes any, and a caller bound to an organization changes none', async () => {
    const stranger = await gateway.machine(['read:users']);
    const read = await ask('{ applications { nodes { id } } }', {}, stranger);
    expect(read.data).toEqual({ applications: null });
    expect((await ask(create, { input: { name: 'No', type: 'NATIVE' } }, stranger)).data ?? null).toBeNull();
    const listed = await ask('{ applications(first: 100) { nodes { name } totalCount } }', {});
    const { nodes, totalCount } = listed.data?.['applications'] as {
      nodes: { name: string }[];
      totalCount: number;
    };
    expect(nodes.map(({ name }) => name)).toEqual([...nodes.map(({ name }) => name)].sort());
    expect(totalCount).toBe(nodes.length);
    expect(nodes.map(({ name }) => name)).not.toContain('No');
  });
});
