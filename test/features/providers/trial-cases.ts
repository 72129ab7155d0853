/** What the cases need of the file that runs them: a provider that knows the gateway. */
export interface TrialScene {
  readonly issuer: string;
  addConnection(
    name: string,
    options: { issuer: string } & Record<string, unknown>,
  ): Promise<Record<string, Record<string, { id: string }>>>;
  mutate(query: string, variables: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** Connections to OpenID providers are tried without anybody signing in. */
export function trialCases(current: () => TrialScene): void {
  it('tries a provider: discovery, keys, and whether it knows the client and its secret', async () => {
    const { issuer, addConnection, mutate } = current();
    const stale = { issuer, clientSecret: 'the secret of last year' };
    const made = [
      await addConnection('tried', { issuer }),
      await addConnection('stale', stale),
      await addConnection('gone', { issuer: 'http://127.0.0.1:9' }),
    ];
    const tried: unknown[] = [];
    for (const { createConnection } of made) {
      const answer = await mutate(
        'mutation ($id: ID!) { testConnection(input: { id: $id }) { isWorking problem warnings } }',
        { id: createConnection?.['connection']?.id },
      );
      tried.push(answer['testConnection']);
    }
    const bad = (problem: string) => ({ isWorking: false, problem, warnings: [] });
    expect(tried).toEqual([
      { isWorking: true, problem: null, warnings: [] },
      bad('The provider does not know this client, or its secret is another.'),
      bad('The provider could not be called: UNREACHABLE.'),
    ]);
  });
}
