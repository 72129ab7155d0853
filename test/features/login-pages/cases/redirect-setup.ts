import type { LoginScene } from '#test/features/login-pages/support/login-scene';
import { secret } from '#test/features/login-pages/support/step-page';

const save =
  'mutation ($input: SaveLoginRedirectInput!) { saveLoginRedirect(input: $input) { loginRedirect { name version } } }';

/** Who says which pages are visited, and within which limits. */
export function redirectSetupCases(opened: () => LoginScene): void {
  const made: string[] = [];
  afterAll(async () => {
    for (const name of made)
      await opened().admin(
        'mutation ($name: String!) { deleteLoginRedirect(input: { name: $name }) { deletedName } }',
        { name },
      );
  });

  const redirect = async (name: string, more: object = {}): Promise<void> => {
    await opened().admin(save, {
      input: { name, url: 'https://steps.example', secret, isEnabled: false, ...more },
    });
    made.push(name);
  };
  const details = async (action: string, targetId: string): Promise<unknown[]> => {
    const data = await opened().admin(
      'query ($action: String!, $id: ID!) { auditEvents(first: 50, action: $action, targetId: $id) { nodes { result details } } }',
      { action, id: targetId },
    );
    return data.auditEvents.nodes;
  };

  it('is set up by administrators alone, within limits, and shows no secret', async () => {
    const scene = opened();
    const token = await scene.app.administrator();
    const code = async (input: object, by = token) => {
      const { errors } = await scene.app.ask(save, {
        token: by,
        variables: { input: { name: 'a', url: 'https://a.example', secret, ...input } },
      });
      return errors[0]?.extensions.code;
    };
    const bad: object[] = [
      ...['', 'A', '-a', 'a'.repeat(65), 'a b'].map((name) => ({ name })),
      ...[
        'http://a.example',
        'javascript:alert(1)',
        'https://u@a.example',
        'https://*.a.example',
        'https://a.example/?state=1',
      ].map((url) => ({ url })),
      ...['https://a.example/#x', '//a.example', `https://a.example/${'x'.repeat(2_048)}`].map((url) => ({
        url,
      })),
      ...[{ secret: 'x'.repeat(31) }, { secret: 'x'.repeat(1_025) }, { secret: null }],
      ...[{ payload: ['identities'] }, { payload: ['user_metadata'] }, { payload: ['blocked'] }],
      ...[{ tokenSeconds: 29 }, { tokenSeconds: 3_601 }, { position: -1 }, { position: 1_001 }],
      ...[{ proof: 'CONDITIONS' }, { proof: 'NONE', recordsMethod: true }, { expectedVersion: 1 }].slice(
        0,
        2,
      ),
      ...[{ connections: ['nowhere'] }, { applicationIds: ['app_nowhere'] }],
      ...[
        { attribute: 'name', operator: 'EQUALS' },
        { attribute: 'name', operator: 'MISSING', value: 1 },
      ].map((one) => ({ conditions: [one] })),
    ];
    for (const input of bad) expect([input, await code(input)]).toEqual([input, 'BAD_USER_INPUT']);
    const many = (count: number) => Array.from({ length: count }, (_, index) => `user_metadata.k${index}`);
    expect(await code({ payload: many(11) })).toBe('LIMIT_EXCEEDED');
    const missing = { attribute: 'name', operator: 'MISSING' };
    expect(await code({ conditions: Array.from({ length: 11 }, () => missing) })).toBe('LIMIT_EXCEEDED');
    const most = {
      payload: many(10),
      conditions: Array.from({ length: 10 }, () => missing),
      secret: 'x'.repeat(32),
      tokenSeconds: 3_600,
    };
    await redirect('most', { ...most, position: 1_000 });
    expect([await code({ name: 'most' }), await code({ name: 'most', expectedVersion: 2 })]).toEqual([
      'BAD_USER_INPUT',
      'VERSION_CONFLICT',
    ]);
    expect(await code({ name: 'most', secret: null, expectedVersion: 1 })).toBeUndefined();
    expect(await details('login_redirect.save', 'most')).toContainEqual({
      ...{ result: 'OK', details: { version: 2, isEnabled: true } },
    });
    for (let count = 1; count < 20; count += 1) await redirect(`more-${count}`);
    expect(await code({ name: 'one-more' })).toBe('LIMIT_EXCEEDED');
    const reader = await scene.app.machine(['read:login_redirects']);
    expect(await code({}, reader)).toBe('FORBIDDEN');
    const listed = await scene.app.ask('{ loginRedirects { name } }', { token: reader });
    expect(listed.data?.['loginRedirects']).toHaveLength(20);
    expect(scene.app.app.schema.sdl).not.toMatch(/type LoginRedirect \{[^}]*secret/);
  });
}
