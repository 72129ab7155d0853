import { benchModule } from '#test/bench/bench-module';

interface Found {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  readonly found: number;
}
interface Size {
  readonly users: number;
  readonly searches: readonly Found[];
}
type Classes = readonly { readonly name: string; readonly aim?: number; readonly selective?: boolean }[];

const { missedAims, searchTable } = benchModule<{
  searchTable(sizes: readonly Size[], classes: Classes): string;
  missedAims(sizes: readonly Size[], classes: Classes): string[];
}>('search-table');

const classes = [{ name: 'exact', aim: 50, selective: true }, { name: 'infix', aim: 150 }, { name: 'other' }];
const took = (name: string, p50: number, p95: number): Found => ({ name, p50, p95, found: 25 });
const size = (users: number, ...searches: Found[]): Size => ({ users, searches });

describe('the table of searches', () => {
  it('has a row for each class and a column for each size', () => {
    const sizes = [
      size(10_000, took('exact', 2, 4.5), took('other', 1, 2)),
      size(1_000_000, took('exact', 3, 5), took('infix', 20, 30), took('other', 1, 2)),
    ];
    expect(searchTable(sizes, classes).split('\n')).toEqual([
      '| class | 10,000 | 1,000,000 | users of a page | aim, p95 |',
      '| --- | ---: | ---: | ---: | ---: |',
      '| exact | 2 / 4.5 | 3 / 5 | 25 | 50 |',
      '| other | 1 / 2 | 1 / 2 | 25 |  |',
      '| infix | – | 20 / 30 | 25 | 150 |',
    ]);
  });

  it('says which aims the largest size misses, and by how much', () => {
    const first = size(10, took('exact', 2, 4));
    const pages = [took('all, page 1', 2, 3), took('all, far page', 3, 9), took('negation, page 1', 2, 3)];
    const kept = size(20, took('exact', 4, 50), took('infix', 100, 150), took('other', 900, 900), ...pages);
    expect(missedAims([first, kept], classes)).toEqual([]);
    const slow = [took('exact', 4.1, 50.1), took('infix', 1, 151), took('negation, page 1', 2, 3)];
    expect(missedAims([first, size(20, ...slow, took('negation, far page', 3.1, 3.1))], classes)).toEqual([
      'exact: p95 is 50.1 ms, the aim is 50',
      'exact: p50 is 2.05 times that with the fewest users',
      'infix: p95 is 151 ms, the aim is 150',
      'negation: the far page takes 1.55 times the first',
    ]);
  });
});
