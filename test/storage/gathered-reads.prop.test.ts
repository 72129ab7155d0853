import fc from 'fast-check';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Storage } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';

const selection = columnsOf(ConnectionEntity, 'c', [
  'id',
  'displayName',
  'isEnabled',
  'options',
  'createdAt',
]);
type Row = RowOf<typeof selection>;
interface Key {
  readonly displayName: string;
  readonly strategy: string | null;
}

const build: Read<Key, Row>['build'] = (builder) =>
  builder
    .from(ConnectionEntity, 'c')
    .where('c.displayName = :displayName')
    .andWhere('(CAST( :strategy AS text) IS NULL OR c.strategy = :strategy)')
    .orderBy('c.id', 'DESC');
const alone: Read<Key, Row> = { name: 'test.alone', select: selection, build };
const gathered: Read<Key, Row> = { ...alone, name: 'test.gathered', isGathered: true };

const names = [
  "'",
  '"',
  '\\',
  '',
  '$1',
  '"p1"',
  '?1',
  '{"a":1}',
  '{a,b}',
  'null',
  'NULL',
  '12',
  '\u202e',
  '𝄞',
];
const strategies = ['auth0', 'a,b', null];

eachDatabase('reads that are gathered', (database) => {
  let storage: Storage;

  beforeAll(async () => {
    storage = await database.open();
    const rows = names.flatMap((displayName, at) =>
      Array.from({ length: at % 4 }, (_, copy) => ({
        id: `con_${at}_${copy}`,
        name: `c-${at}-${copy}`,
        strategy: strategies[copy % 2] as string,
        displayName,
        isEnabled: copy === 1,
        options: { at: [at, null, displayName], copy },
        deletingAt: null,
        createdAt: at,
        updatedAt: copy,
      })),
    );
    await storage.open().transaction((store) => store.insert(ConnectionEntity, rows));
  });

  it('answer each request what the read answers alone: its own rows, in their order', async () => {
    const key = fc.record({
      displayName: fc.constantFrom(...names, 'unknown'),
      strategy: fc.constantFrom(...strategies),
    });
    let most = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(key, { minLength: 1, maxLength: 40 }), async (keys) => {
        const expected = await Promise.all(keys.map((one) => storage.open().read(alone, one)));
        const answers = await Promise.all(keys.map((one) => storage.open().read(gathered, one)));
        expect(answers.map((rows) => rows.map((row) => ({ ...row, 'asked at': undefined })))).toEqual(
          expected.map((rows) => rows.map((row) => ({ ...row, 'asked at': undefined }))),
        );
        most = Math.max(most, ...answers.map(({ length }) => length));
      }),
      { numRuns: 60 },
    );
    expect(most).toBe(3);
  });

  it('see inside a transaction what it has written', async () => {
    await storage.open().transaction(async (store) => {
      await store.update(ConnectionEntity, { name: 'c-1-0' }, { displayName: 'renamed' });
      expect(await store.read(gathered, { displayName: 'renamed', strategy: null })).toHaveLength(1);
    });
  });

  it('fail each for itself', async () => {
    const ask = (displayName: string) =>
      storage
        .open()
        .read(gathered, { displayName, strategy: null })
        .then(
          (rows) => rows.length,
          (error: { code?: string }) => error.code,
        );
    expect(await Promise.all([ask('\\'), ask('half \ud800'), ask('"p1"')])).toEqual([
      2,
      'VALIDATION_FAILED',
      1,
    ]);
  });
});
