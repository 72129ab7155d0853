import type { TestApp } from '#test/support/app';
import type { Directory, DirectoryEntry } from '#test/support/directory';

interface Scene {
  readonly app: TestApp;
  readonly administrator: string;
  readonly directory: Directory;
  /** Of `ada`, who is in the directory's group `engineers`. */
  readonly password: string;
}

/** Groups of a directory, connections `corp` (which reads groups) and `plain` (which does not). */
export function directoryGroupCases(scene: () => Scene): void {
  it('3.3-4 3.3-6 puts people into the groups that the directory names, and tokens say what the switches say', async () => {
    const { app, administrator, directory, password } = scene();
    const change = async (name: string, type: string, input: object, selection: string) => {
      const { data, errors } = await app.ask(
        `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
        { token: administrator, variables: { input } },
      );
      expect([name, errors]).toEqual([name, []]);
      return data?.[name] as Record<string, { id: string }>;
    };
    const made = await change(
      'createApplication',
      'CreateApplicationInput',
      { name: 'Shop', type: 'SINGLE_PAGE' },
      'application { id }',
    );
    const clientId = made['application']?.id;
    const group = (
      await change('createGroup', 'CreateGroupInput', { name: 'Builders', description: 'x' }, 'group { id }')
    )['group']?.id;
    const mapping = { groupId: group, connection: 'corp', groupName: 'engineers' };
    await change('createGroupMapping', 'CreateGroupMappingInput', mapping, '__typename');
    const switches = {
      groupsInToken: true,
      groupsPassthrough: true,
      rolesInToken: true,
      persistGroups: true,
    };
    await change('updateAuthorizationConfig', 'UpdateAuthorizationConfigInput', switches, '__typename');
    const enterFor = async (connection: string) => {
      const { data, errors } = await app.ask(
        `mutation ($input: SignInInput!) { signIn(input: $input) {
          user { id } result { ... on LoggedIn { tokens { accessToken refreshToken } } } } }`,
        {
          variables: {
            input: { identifier: 'ada', password, connection, clientId, tokens: 'OFFLINE' },
          },
        },
      );
      expect(errors).toEqual([]);
      const { user, result } = data?.['signIn'] as {
        user: { id: string };
        result: { tokens: { accessToken: string; refreshToken: string } };
      };
      return { id: user.id, ...result.tokens };
    };
    const said = (token: string): unknown => {
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;
      return Object.fromEntries(Object.entries(claims).filter(([name]) => name.startsWith('urn:gatehouse:')));
    };
    const stored = async (id: string): Promise<unknown> =>
      (await app.ask(`{ user(id: "${id}") { metadata { app } } }`, { token: administrator })).data?.['user'];
    const first = await enterFor('corp');
    const both = { 'urn:gatehouse:groups': ['Builders', 'engineers'], 'urn:gatehouse:roles': [] };
    expect(said(first.accessToken)).toEqual(both);
    const written = { metadata: { app: { authorization: { groups: ['Builders', 'engineers'] } } } };
    expect(await stored(first.id)).toEqual(written);
    // Another connection of the same directory says nothing of groups here, and its user is another one.
    const elsewhere = await enterFor('plain');
    expect(said(elsewhere.accessToken)).toEqual({ 'urn:gatehouse:groups': [], 'urn:gatehouse:roles': [] });
    // What changes here is in the next token; what the directory says counts until the next sign-in.
    await change('deleteGroup', 'DeleteGroupInput', { id: group }, '__typename');
    const exchanged = await app.ask(
      'mutation ($input: ExchangeRefreshTokenInput!) { exchangeRefreshToken(input: $input) { accessToken } }',
      { variables: { input: { refreshToken: first.refreshToken, clientId } } },
    );
    const { accessToken } = exchanged.data?.['exchangeRefreshToken'] as { accessToken: string };
    expect(said(accessToken)).toEqual({ ...both, 'urn:gatehouse:groups': ['engineers'] });
    const at = directory.entries.findIndex(({ dn }) => dn.startsWith('cn=engineers'));
    const [engineers] = directory.entries.splice(at, 1) as [DirectoryEntry];
    expect(said((await enterFor('corp')).accessToken)).toEqual({ ...both, 'urn:gatehouse:groups': [] });
    directory.entries.splice(at, 0, engineers);
    const off = { groupsInToken: false, groupsPassthrough: false, rolesInToken: false, persistGroups: false };
    await change('updateAuthorizationConfig', 'UpdateAuthorizationConfigInput', off, '__typename');
    expect(said((await enterFor('corp')).accessToken)).toEqual({});
  });
}
