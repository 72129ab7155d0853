import type { ChunkResult, JobChunk } from '#src/jobs/job';
import { createJobs, type Jobs } from '#src/jobs/jobs';
import type { Answer, TestApp } from '#test/support/app';

type Chunk = JobChunk<object, object>;

interface RemovalScene {
  readonly app: TestApp;
  readonly ask: (query: string, variables: Record<string, unknown>, as?: string) => Promise<Answer>;
  readonly made: (input: Record<string, unknown>) => Promise<{ readonly id: string; readonly name: string }>;
}

const create =
  'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }';
const update =
  'mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) { connection { id } } }';

/** Deleting a connection together with the users who come from it. */
export function removalCases(current: () => RemovalScene): void {
  let app: TestApp;
  let count = 0;
  const ask: RemovalScene['ask'] = (...given) => current().ask(...given);
  const made: RemovalScene['made'] = (input) => current().made(input);
  beforeEach(() => {
    app = current().app;
    count += 1;
  });

  describe('deleting a connection with its users', () => {
    const removeUsers =
      'mutation ($id: ID!) { deleteConnection(input: { id: $id, deleteUsers: true }) { deletedId job { id type status } } }';
    const admin = async (query: string, variables: Record<string, unknown>) => {
      const answer = await ask(query, variables, await app.administrator());
      expect(answer.errors).toEqual([]);
      return answer.data as Record<string, Record<string, unknown> | null>;
    };
    const linkTo = (userId: string, secondaryUserId: string) =>
      admin('mutation ($input: LinkIdentityInput!) { linkIdentity(input: $input) { linkedUserId } }', {
        input: { userId, secondaryUserId },
      });
    const login = async (connection: string, sub: string, claims = {}): Promise<string> => {
      const { recordLogin } = await admin(
        'mutation ($input: RecordLoginInput!) { recordLogin(input: $input) { user { id } } }',
        { input: { connection, claims: { sub, ...claims } } },
      );
      return (recordLogin as { user: { id: string } }).user.id;
    };
    const userOf = async (id: string) =>
      (
        await admin('query ($id: ID!) { user(id: $id) { id email identities { connection isPrimary } } }', {
          id,
        })
      )['user'];
    const recordsOf = async (id: string) => {
      const { auditEvents } = await admin(
        'query { auditEvents(first: 100) { nodes { action targetId details } } }',
        {},
      );
      const { nodes } = auditEvents as { nodes: { action: string; targetId: string; details: unknown }[] };
      return nodes.filter(({ targetId }) => targetId === id).map(({ action, details }) => [action, details]);
    };

    it('deletes who comes from nowhere else, leaves the others their other identities, and writes one record', async () => {
      const { id, name } = await made({ strategy: 'oidc', emailVerifiedPolicy: 'TRUST_CLAIM' });
      const only = await Promise.all([1, 2, 3].map((each) => login(name, `only-${each}`)));
      const local = await app.givenUser({ email: `second-${count}@x.io` });
      await linkTo(local, await login(name, 'second'));
      const first = await login(name, 'first', { email: `a-${count}@x.io`, email_verified: true });
      const other = await app.givenUser({ email: `b-${count}@x.io`, emailVerified: true, name: 'Bea' });
      await linkTo(first, other);
      const weak = await ask(removeUsers, { id });
      expect(weak.errors[0]?.extensions.code).toBe('FORBIDDEN_ARGUMENT');
      const { deleteConnection } = await admin(removeUsers, { id });
      expect(deleteConnection).toMatchObject({
        deletedId: id,
        job: { type: 'CONNECTION_REMOVAL', status: 'PENDING' },
      });
      const { connection } = await admin(
        'query ($id: ID!) { connection(id: $id) { isEnabled deletingAt } }',
        { id },
      );
      expect(connection).toEqual({ isEnabled: false, deletingAt: expect.any(String) as string });
      const late = await ask(update, { input: { id, isEnabled: true } });
      expect(late.errors[0]?.extensions.code).toBe('CONFLICT');
      const again = await ask(removeUsers, { id }, await app.administrator());
      expect(again.errors[0]?.extensions.code).toBe('CONFLICT');
      const taken = await ask(create, { input: { name, strategy: 'oidc' } });
      expect(taken.errors[0]?.extensions.code).toBe('CONFLICT');
      await app.app.jobs.runUntilIdle();
      for (const gone of only) expect(await userOf(gone)).toBeNull();
      expect(await userOf(local)).toMatchObject({ identities: [{ connection: 'main', isPrimary: true }] });
      expect(await userOf(first)).toEqual({
        ...{ id: first, email: `b-${count}@x.io` },
        identities: [{ connection: 'main', isPrimary: true }],
      });
      expect(await recordsOf(id)).toEqual(
        expect.arrayContaining([
          ['connection.delete', { name, strategy: 'oidc', users: 3, identities: 2, kept: 0 }],
        ]),
      );
      for (const gone of only) expect(await recordsOf(gone)).not.toContainEqual(['user.delete', null]);
      expect((await ask(create, { input: { name, strategy: 'oidc' } })).errors).toEqual([]);
    });

    it('leaves twelve users who have other identities all of these', async () => {
      const { id, name } = await made({ strategy: 'oidc', emailVerifiedPolicy: 'TRUST_CLAIM' });
      const linked: string[] = [];
      for (let each = 0; each < 12; each += 1) {
        const local = await app.givenUser({ email: `many-${count}-${each}@x.io` });
        await linkTo(local, await login(name, `linked-${each}`));
        linked.push(local);
      }
      const alone = await Promise.all([1, 2].map((each) => login(name, `alone-${each}`)));
      await admin(removeUsers, { id });
      await app.app.jobs.runUntilIdle();
      for (const gone of alone) expect(await userOf(gone)).toBeNull();
      for (const local of linked)
        expect(await userOf(local)).toMatchObject({ identities: [{ connection: 'main', isPrimary: true }] });
      expect(await recordsOf(id)).toEqual(
        expect.arrayContaining([
          ['connection.delete', { name, strategy: 'oidc', users: 2, identities: 12, kept: 0 }],
        ]),
      );
    });

    /** Another process on the same database, which does this job alone, `each` chunk in its own way. */
    const processWith = (
      each: (
        chunk: Chunk,
        go: (chunk: Chunk) => Promise<ChunkResult<object>>,
      ) => Promise<ChunkResult<object>>,
      laterMs = 0,
    ): Jobs => {
      const { platform, product } = app.app;
      const handlings = product.parts.flatMap(({ jobs = [] }) => jobs);
      const own = handlings.filter(({ definition }) => definition.name === 'connection_removal');
      const clock = { now: () => platform.clock.now() + laterMs };
      const jobs = createJobs({ ...platform, clock, config: platform.config.jobs });
      jobs.register(
        own.map(({ definition, handler }) => ({
          definition,
          handler: {
            chunk: (chunk, prepared) => each(chunk, async (changed) => handler.chunk(changed, prepared)),
          },
        })),
      );
      return jobs;
    };

    it('ends a transaction when its time is up, and goes on behind a process that died in the middle, with nobody left out or counted twice', async () => {
      const { id, name } = await made({ strategy: 'oidc', emailVerifiedPolicy: 'TRUST_CLAIM' });
      const linked: string[] = [];
      for (let each = 0; each < 3; each += 1) {
        const local = await app.givenUser({ email: `killed-${count}-${each}@x.io` });
        await linkTo(local, await login(name, `linked-${each}`));
        linked.push(local);
      }
      const alone = await Promise.all([1, 2, 3].map((each) => login(name, `alone-${each}`)));
      await admin(removeUsers, { id });
      let begun = 0;
      const dying = processWith(async (chunk, go) => {
        begun += 1;
        // Not even one user fits into the time: each transaction takes one.
        const done = await go({ ...chunk, isTimeUp: () => true });
        if (begun < 5) return done;
        throw new Error('The process dies before the fifth transaction is committed.');
      });
      await dying.runUntilIdle();
      const users = async () => Promise.all([...linked, ...alone].map((one) => userOf(one)));
      const there = (await users()).map(
        (user) => (user as { identities: unknown[] } | null)?.identities.length,
      );
      expect(there).toEqual([1, 1, 1, undefined, 1, 1]);
      expect((await recordsOf(id)).map(([action]) => action)).not.toContain('connection.delete');
      expect((await ask(create, { input: { name, strategy: 'oidc' } })).errors[0]?.extensions.code).toBe(
        'CONFLICT',
      );
      await processWith((chunk, go) => go(chunk), 3_600_000).runUntilIdle();
      expect((await users()).map((user) => user === null)).toEqual([false, false, false, true, true, true]);
      expect(await recordsOf(id)).toEqual(
        expect.arrayContaining([
          ['connection.delete', { name, strategy: 'oidc', users: 3, identities: 3, kept: 0 }],
        ]),
      );
    });

    it('stays, switched off, for users whom none of their other identities can carry', async () => {
      const { id, name } = await made({ strategy: 'oidc', emailVerifiedPolicy: 'TRUST_CLAIM' });
      const kept = await login(name, 'kept', { email: `kept-${count}@x.io`, email_verified: true });
      await linkTo(kept, await app.givenUser({ username: `kept${count}` }));
      const gone = await login(name, 'gone');
      await admin(removeUsers, { id });
      await app.app.jobs.runUntilIdle();
      expect(await userOf(gone)).toBeNull();
      expect(await userOf(kept)).toMatchObject({
        identities: [{ connection: name, isPrimary: true }, { connection: 'main' }],
      });
      const { connection } = await admin(
        'query ($id: ID!) { connection(id: $id) { isEnabled deletingAt } }',
        { id },
      );
      expect(connection).toEqual({ isEnabled: false, deletingAt: null });
      expect(await recordsOf(id)).toEqual(
        expect.arrayContaining([
          ['connection.delete_refused', { name, strategy: 'oidc', users: 1, identities: 0, kept: 1 }],
        ]),
      );
      await admin('mutation ($id: ID!) { deleteUser(input: { id: $id }) { deletedId } }', { id: kept });
      expect((await ask(removeUsers, { id }, await app.administrator())).data).toMatchObject({
        deleteConnection: { deletedId: id, job: null },
      });
    });

    it('deletes a database connection with the addresses that are reserved in it, and never the default one', async () => {
      const { id, name } = await made({ strategy: 'auth0' });
      const email = `same-${count}@x.io`;
      await app.givenUser({ connection: name, email });
      const other = await app.givenUser({ email: `other-${count}@x.io` });
      await linkTo(other, await app.givenUser({ connection: name, email: `linked-${count}@x.io` }));
      await admin(removeUsers, { id });
      await app.app.jobs.runUntilIdle();
      expect(await userOf(other)).toMatchObject({ identities: [{ connection: 'main' }] });
      const { connection } = await admin('query ($id: ID!) { connection(id: $id) { id } }', { id });
      expect(connection).toBeNull();
      const { connections } = await admin('{ connections(first: 100) { nodes { id name } } }', {});
      const { nodes } = connections as { nodes: { id: string; name: string }[] };
      const main = nodes.find((node) => node.name === 'main')?.id;
      const refused = await ask(removeUsers, { id: main }, await app.administrator());
      expect(refused.errors[0]?.extensions.code).toBe('CONFLICT');
    });
  });
}
