import { SessionEntity } from '#src/features/sessions/session.entity';
import { everythingStored } from '#test/support/stored-text';
import { password, type lazyScene } from '#test/features/lazy-migration/support/lazy-scene';

type Scene = ReturnType<typeof lazyScene>;

const people = ['ada', 'bea', 'cleo', 'dora', 'eva'];
/** These have a session in an application that wants to hear of deletions. */
const signedIn = ['bea', 'dora'];
/** Nobody listens there: the notices stay in the table of jobs. */
const nobody = 'http://127.0.0.1:9/logout';
/** Their sessions rest on another connection, so that switching off their own leaves them. */
const elsewhere = [{ name: 'pwd', timestamp: 1, connection: 'main' }];

/** Users of a connection that has a source are deleted: one by one, and all together with their connection. */
export function removalCases(scene: Scene): void {
  const ok = async (query: string, input: object): Promise<Record<string, unknown>> => {
    const { data, errors } = await scene.ask(query, input);
    expect(errors).toEqual([]);
    return Object.values(data ?? {})[0] as Record<string, unknown>;
  };
  const mutation = (name: string, answer: string): string =>
    `mutation ($input: ${name[0]?.toUpperCase() ?? ''}${name.slice(1)}Input!) { ${name}(input: $input) { ${answer} } }`;

  /** Answers the id of the connection, and those of its users. */
  const crowd = async (name: string, roleId: string, clientId: string) => {
    const served = scene.served();
    const made = await ok(mutation('createConnection', 'connection { id }'), { name, strategy: 'auth0' });
    await scene.setSource({
      ...{ connectionId: name, webhook: { url: `${scene.source().url}/hook` }, writeBack: ['DELETE'] },
    });
    const ids = [];
    for (const person of people) {
      const email = `${person}@${name}.example`;
      const metadata = { userMetadata: { theme: 'dark' }, appMetadata: { plan: 'free' } };
      const id = await served.givenUser({ connection: name, email, name: person, ...metadata });
      await served.app.product.roles.assignments.addRoles(served.call(), { id, roleIds: [roleId] });
      ids.push(id);
      if (!signedIn.includes(person)) continue;
      scene.source().users.set(email, { password, profile: { user_id: `old-${person}`, email } });
      await ok(mutation('signIn', 'session { id }'), {
        ...{ identifier: email, password, connection: name, clientId },
      });
      await served.app.storage
        .open()
        .transaction((store) =>
          store.update(SessionEntity, { userId: id }, { authenticationMethods: elsewhere }),
        );
    }
    await ok(mutation('setImportMode', '__typename'), { connectionId: name, isOn: false });
    return { id: (made['connection'] as { id: string }).id, ids };
  };

  /** Every row that names one of the users, without what is different each time; and what the source was told. */
  const tracesOf = async (name: string, ids: readonly string[]) => {
    scene.source().told.length = 0;
    await scene.served().app.jobs.runUntilIdle();
    const told = scene
      .source()
      .told.map((notice) => JSON.stringify(notice).replaceAll(/[0-9a-f]{20,}/g, 'ID'))
      .sort();
    const plain = (line: string): string =>
      ids
        .reduce((text, id) => text.replaceAll(id, 'USER'), line)
        .replaceAll(name, 'CROWD')
        .replaceAll(/\b[a-z]{2,5}_\w{20,}/g, 'ID')
        .replaceAll(/cli-[\w-]{12}|[\w-]{20,}/g, 'ID')
        .replaceAll(/\d+/g, '#');
    const keys = [...ids, ...ids.map((id) => id.slice(id.indexOf('|') + 1))];
    const rows = (await everythingStored(scene.served().app.storage))
      .split('\n')
      .filter((line) => keys.some((key) => line.includes(key)));
    return { rows: rows.map(plain).sort(), told };
  };

  it('4.2 users who are deleted with their connection leave behind what they leave one by one, but for the record of each', async () => {
    const roleId = await scene.served().givenRole('Crowd');
    const application = await ok(mutation('createApplication', 'application { id }'), {
      ...{ name: 'Crowd', type: 'REGULAR_WEB' },
    });
    const clientId = (application['application'] as { id: string }).id;
    await ok(mutation('updateApplicationSessionSettings', '__typename'), {
      ...{ applicationId: clientId, backchannelLogoutUri: nobody },
      backchannelInitiators: ['ACCOUNT_DELETED'],
    });
    const single = await crowd('crowdone', roleId, clientId);
    const together = await crowd('crowdall', roleId, clientId);
    for (const id of single.ids) await ok(mutation('deleteUser', 'deletedId'), { id });
    const expected = await tracesOf('crowdone', single.ids);
    await ok(mutation('deleteConnection', 'job { id }'), { id: together.id, deleteUsers: true });
    const left = await tracesOf('crowdall', together.ids);
    const isRecord = (row: string): boolean => row.includes('user.delete');
    expect(expected.rows.filter(isRecord)).toHaveLength(people.length);
    expect(expected.told).toHaveLength(people.length);
    expect(expected.rows.filter((row) => row.includes('backchannel_logout'))).toHaveLength(signedIn.length);
    expect(left).toEqual({ ...expected, rows: expected.rows.filter((row) => !isRecord(row)) });
  });
}
