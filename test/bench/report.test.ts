import { benchModule } from '#test/bench/bench-module';

const { heading, line, toJson } = benchModule<{
  heading(): string;
  line(result: object): string;
  toJson(report: object): string;
}>('report');

const result = {
  name: 'search-metadata',
  ours: { rps: 1234.5678, p50: 10.12345, p99: 99.5, statements: 1 },
  floor: { rps: 2000, p50: 5, p99: 20, way: 'batched' },
  peer: { rps: 1000, p50: 11, p99: 30 },
  toFloor: 0.6173,
  toPeer: 1.2346,
};

describe('the report', () => {
  it('lines its columns up', () => {
    expect(line(result)).toHaveLength(heading().length);
    expect(line(result)).toMatch(/^search-metadata +1235 +10\.1 +99\.5 +1\.0 .*0\.62 +1\.23$/);
  });

  it('has the same numbers for programs', () => {
    const json: unknown = JSON.parse(toJson({ database: 'sqlite', users: 5, operations: [result] }));
    expect(json).toEqual({
      database: 'sqlite',
      users: 5,
      node: process.version,
      operations: [
        {
          name: 'search-metadata',
          ours: { rps: 1234.568, p50: 10.123, p99: 99.5, statements: 1 },
          floor: { rps: 2000, p50: 5, p99: 20, way: 'batched' },
          peer: { rps: 1000, p50: 11, p99: 30 },
          toFloor: 0.617,
          toPeer: 1.235,
        },
      ],
    });
  });
});
