import { issuer, minute } from '#test/features/factors/support/factor-scene';
import type { LoginScene } from '#test/features/login-pages/support/login-scene';
import type { Visitor } from '#test/features/login-pages/support/visitor';

/** What people can do when a provider's answer could not be taken. */
export function startAgainCases(opened: () => LoginScene): void {
  const codeOf = ({ visit }: Visitor): string | undefined => /Code: (\w+)/.exec(visit.body)?.[1];
  const begin = (query = ''): string => `${issuer}/login/corp?client_id=${opened().clientId}${query}`;
  /** At the provider; answers the address of an answer that says that the person cancelled. */
  const leave = async (visitor: Visitor, query = ''): Promise<string> => {
    const sent = await visitor.browser.request(begin(query));
    const state = new URL(sent.headers.get('location') ?? '').searchParams.get('state') ?? '';
    return `${issuer}/login/callback/corp?error=access_denied&state=${state}`;
  };

  it('leads back to the sign-in page with what the application asked for, after a refusal and when it took too long', async () => {
    const scene = opened();
    const visitor = scene.visitor();
    const answer = await leave(visitor, '&return_to=%2Forders%3Fpage%3D2');
    const late = await leave(visitor);
    await visitor.open(answer);
    expect([codeOf(visitor), visitor.visit.status]).toEqual(['LOGIN_DENIED', 403]);
    await visitor.follow('Start again');
    expect([visitor.title, Object.fromEntries(new URL(visitor.visit.url).searchParams)]).toEqual([
      'Sign in',
      { client_id: scene.clientId, return_to: '/orders?page=2' },
    ]);
    await visitor.open(answer);
    expect(codeOf(visitor)).toBe('LOGIN_TRANSACTION_INVALID');
    await visitor.follow('Start again');
    await scene.pass(10 * minute);
    await visitor.open(late);
    expect(codeOf(visitor)).toBe('LOGIN_TRANSACTION_INVALID');
    await visitor.follow('Start again');
    expect([visitor.title, new URL(visitor.visit.url).search]).toEqual([
      'Sign in',
      `?client_id=${scene.clientId}`,
    ]);
  });

  it('tells another browser nothing of a sign-in, and leaves one that an application began to it', async () => {
    const scene = opened();
    const answer = await leave(scene.visitor());
    const stranger = await scene.visitor().open(scene.page());
    await stranger.open(answer);
    expect(codeOf(stranger)).toBe('LOGIN_TRANSACTION_INVALID');
    await expect(stranger.follow('Start again')).rejects.toThrow('no link');
    const cookie = `gid_txn=${stranger.browser.cookie(issuer, 'gid_txn') ?? ''}`;
    const { data } = await scene.app.ask(
      'mutation ($id: ID!) { beginLogin(input: { connection: "corp", clientId: $id }) { url } }',
      { variables: { id: scene.clientId }, headers: { cookie, origin: issuer } },
    );
    const state = new URL((data?.['beginLogin'] as { url: string }).url).searchParams.get('state') ?? '';
    await stranger.open(`${issuer}/login/callback/corp?error=access_denied&state=${state}`);
    expect(codeOf(stranger)).toBe('LOGIN_DENIED');
    await expect(stranger.follow('Start again')).rejects.toThrow('no link');
  });

  it('offers the other ways in where a connection cannot be used, unless nobody can sign in there', async () => {
    const scene = opened();
    const visitor = scene.visitor();
    const at = (connection: string, clientId = scene.clientId): string =>
      `${issuer}/login/${connection}?client_id=${clientId}&return_to=%2Forders`;
    await visitor.open(at('nowhere'));
    expect(codeOf(visitor)).toBe('CONNECTION_NOT_FOUND');
    await visitor.follow('Sign in another way');
    expect([visitor.title, new URL(visitor.visit.url).searchParams.get('return_to')]).toEqual([
      'Sign in',
      '/orders',
    ]);
    await visitor.open(at('corp', 'app_none'));
    expect(codeOf(visitor)).toBe('FORBIDDEN');
    await expect(visitor.follow('Sign in another way')).rejects.toThrow('no link');
  });
}
