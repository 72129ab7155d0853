import type { TestBrowser } from '#test/support/browser';
import type { HostileProvider } from '#test/support/openid-provider';

interface Scene {
  readonly hostile: HostileProvider;
  /** Where people go who asked for nothing else. */
  readonly home: string;
  browser(): TestBrowser;
  /** Begins a sign-in that is to end at an address; answers the address of the provider's answer. */
  hostileAnswer(visitor: TestBrowser, returnTo: string): Promise<string>;
}

const evil = [
  ...['//evil.example', '/\\evil.example', '/%09/evil.example', 'https:evil.example', '／／evil.example'],
  ...['https://shop.example@evil.example/cb', 'https://shop.example.evil.example/cb', 'javascript:alert(1)'],
  ...['https://evil.example/cb', 'https://shop.example/cb/', '/\r\nlocation: https://evil.example'],
];

/** Where a sign-in at a provider may end. */
export function returnCases(scene: () => Scene): void {
  it('6.5-1 WEB-01 goes to the default instead of anywhere else, after a sign-in that works and one that does not', async () => {
    const { hostile, home, browser, hostileAnswer } = scene();
    for (const returnTo of evil) {
      const visitor = browser();
      const address = await hostileAnswer(visitor, returnTo);
      expect([returnTo, (await visitor.visit(address, 'https://')).url]).toEqual([returnTo, home]);
    }
    const visitor = browser();
    const address = await hostileAnswer(visitor, '//evil.example');
    hostile.lies = { claims: { nonce: 'other' } };
    const failed = await visitor.visit(`${address}&return_to=//evil.example`);
    expect([failed.status, failed.headers.get('location')]).toEqual([403, null]);
    expect(failed.body).not.toContain('evil');
  });
}
