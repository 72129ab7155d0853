import { benchModule } from '#test/bench/bench-module';

interface Options {
  readonly database: string;
  readonly users: number;
  readonly seconds: number;
  readonly only: readonly string[];
  readonly sizes: readonly number[];
  readonly searchOnly?: readonly string[];
}

const { readOptions, operationNames } = benchModule<{
  readOptions(argv: readonly string[]): Options;
  operationNames: readonly string[];
}>('options');

describe('options of the benchmark', () => {
  it('are all nine operations on 100,000 users of the embedded database by default', () => {
    expect(readOptions([])).toMatchObject({ database: 'sqlite', users: 100_000, only: operationNames });
    expect(operationNames).toHaveLength(9);
  });

  it('name database, size, operations and length', () => {
    const argv = ['--db', 'postgres', '--users', '500', '--only', 'point, list', '--seconds', '4'];
    expect(readOptions(argv)).toMatchObject({
      database: 'postgres',
      users: 500,
      only: ['point', 'list'],
      seconds: 4,
    });
  });

  it('name several sizes and kinds of search', () => {
    const argv = ['--search', '--users', '1000,100', '--only', 'deep,metadata text, one user,no condition'];
    expect(readOptions(argv)).toMatchObject({
      sizes: [100, 1000],
      searchOnly: ['metadata text, one user', 'no condition', 'deep'],
    });
    expect(readOptions(['--search'])).toMatchObject({ sizes: [100_000], searchOnly: undefined });
  });

  it.each([
    [['--db', 'oracle'], /--db/],
    [['--users', '0'], /--users/],
    [['--users', '1e5'], /--users/],
    [['--seconds', '-1'], /--seconds|ambiguous/],
    [['--only', 'points'], /no operation "points"/],
    [['--unknown'], /unknown/i],
    [['--users', '10,20'], /--users/],
    [['--search', '--users', '10,x'], /--users/],
    [['--search', '--only', 'deep,nothing'], /no search "nothing"/],
  ])('are refused: %j', (argv, message) => {
    expect(() => readOptions(argv)).toThrow(message);
  });
});
