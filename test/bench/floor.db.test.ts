import { seedUsers } from '#src/cli/seed/seed-users';
import { benchModule } from '#test/bench/bench-module';
import { eachDatabase } from '#test/support/databases';

type Operation = (input: object) => Promise<unknown>;
type Operations = Readonly<Record<string, Operation>>;

interface Database {
  close(): Promise<unknown>;
}

interface Case {
  readonly input: object;
  readonly cookie?: string;
}

const { openDatabase } = benchModule<{ openDatabase(url: string): Database }>('drivers');
const { takeSamples } = benchModule<{ takeSamples(database: Database): Promise<object> }>('samples');
const { operations } = benchModule<{ operations(samples: object): Record<string, readonly Case[]> }>(
  'operations',
);
const { normalize } = benchModule<{ normalize(value: unknown): unknown }>('agreement');
const { batchedOperations } = benchModule<{ batchedOperations(database: Database): Operations }>(
  'floor/batched',
);
const { jsonOperations } = benchModule<{ jsonOperations(database: Database): Operations }>('floor/json');
const { updateMetadata } = benchModule<{
  updateMetadata(database: Database, input: object): Promise<unknown>;
}>('floor/write');

eachDatabase('the hand-written floor of the benchmark', (database) => {
  let opened: Database;
  let cases: Record<string, readonly Case[]>;

  beforeAll(async () => {
    const storage = await database.open();
    await seedUsers(storage, { users: 300, seed: 'bench', now: Date.UTC(2026, 6, 15) });
    opened = openDatabase(database.url());
    cases = operations(await takeSamples(opened));
  }, 60_000);

  afterAll(() => opened.close());

  const reads = [
    'point',
    'list',
    'deep',
    'search-exact',
    'search-prefix',
    'search-metadata',
    'me',
    'entities',
  ];

  it.each(reads)('answers "%s" alike in both of its ways, and never with nothing', async (name) => {
    const batched = batchedOperations(opened)[name] as Operation;
    const json = jsonOperations(opened)[name] as Operation;
    for (const { input, cookie } of (cases[name] ?? []).slice(0, 10)) {
      const given = cookie === undefined ? input : { ...input, cookie };
      const answer = normalize(await batched(given));
      expect(answer).not.toBeNull();
      expect(normalize(JSON.parse((await json(given)) as string))).toEqual(answer);
    }
  });

  it('writes metadata that its own search then finds', async () => {
    const { input } = cases['write']?.[0] as { input: { userId: string; patch: Record<string, string> } };
    const patch = { ...input.patch, last_seen: 'a page of its own' };
    expect(await updateMetadata(opened, { ...input, patch })).toEqual({ user: { id: input.userId } });
    const search = batchedOperations(opened)['search-metadata'] as Operation;
    const found = await search({ store: 'user', path: 'last_seen', text: 'a page of its own' });
    expect(found).toMatchObject({ nodes: [{ id: input.userId }] });
  });
});
