import { benchModule } from '#test/bench/bench-module';

interface Options {
  readonly database: string;
  readonly users: number;
  readonly seconds: number;
  readonly only: readonly string[];
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

  it.each([
    [['--db', 'oracle'], /--db/],
    [['--users', '0'], /--users/],
    [['--users', '1e5'], /--users/],
    [['--seconds', '-1'], /--seconds|ambiguous/],
    [['--only', 'points'], /no operation "points"/],
    [['--unknown'], /unknown/i],
  ])('are refused: %j', (argv, message) => {
    expect(() => readOptions(argv)).toThrow(message);
  });
});
