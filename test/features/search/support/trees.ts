import fc from 'fast-check';
import { patternProblem } from '#src/features/search/lucene/values';
import type { ClausePlace, OrItem, QueryTree, QueryValue } from '#src/features/search/lucene/syntax-tree';

export const nowhere: ClausePlace = { field: { position: 0, token: '' }, value: { position: 0, token: '' } };

/** The tree with every place left out, for comparison. */
export function withoutPlaces(tree: QueryTree): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === 'at' ? undefined : value)));
}

export interface TreeLeaves {
  readonly path: fc.Arbitrary<readonly string[]>;
  readonly text: fc.Arbitrary<string>;
}

const occurs = fc.constantFrom<OrItem['occurs']>('optional', 'optional', 'required', 'prohibited');

/** Trees as the parser makes them: an `and` or `or` has at least two members. */
export function arbitraryTree(leaf: fc.Arbitrary<QueryTree>): fc.Arbitrary<QueryTree> {
  const { tree } = fc.letrec<{ tree: QueryTree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      { weight: 1, arbitrary: tie('tree').map((operand): QueryTree => ({ kind: 'not', operand })) },
      {
        weight: 2,
        arbitrary: fc
          .array(tie('tree'), { minLength: 2, maxLength: 3 })
          .map((operands): QueryTree => ({ kind: 'and', operands })),
      },
      {
        weight: 2,
        arbitrary: fc
          .array(fc.record({ occurs, tree: tie('tree') }), { minLength: 2, maxLength: 3 })
          .map((items): QueryTree => ({ kind: 'or', items })),
      },
    ),
  }));
  return tree;
}

export function arbitraryValue(text: fc.Arbitrary<string>): fc.Arbitrary<QueryValue> {
  return fc.oneof(
    text.map((value): QueryValue => ({ kind: 'phrase', text: value })),
    text.filter((value) => value !== '').map((value): QueryValue => ({ kind: 'term', text: value })),
    arbitraryPattern(text),
  );
}

function arbitraryPattern(text: fc.Arbitrary<string>): fc.Arbitrary<QueryValue> {
  const prefix = text.filter((value) => value !== '').map((value) => [value, '']);
  const inner = fc.array(
    text.filter((value) => [...value].length >= 3),
    { maxLength: 2 },
  );
  const end = text.filter((value) => value === '' || [...value].length >= 3);
  const any = fc.tuple(end, inner, end).map(([first, middle, last]) => [first, ...middle, last]);
  return fc
    .oneof(prefix, any)
    .filter((parts) => !patternProblem(parts))
    .map((parts): QueryValue => ({ kind: 'pattern', parts }));
}

/** Any leaf of the language over the given field paths and texts. */
export function arbitraryLeaf({ path, text }: TreeLeaves): fc.Arbitrary<QueryTree> {
  const bound = fc.option(
    fc.record({
      value: arbitraryValue(text).filter((value) => value.kind !== 'pattern'),
      inclusive: fc.boolean(),
    }),
  );
  return fc.oneof(
    fc.constant<QueryTree>({ kind: 'all' }),
    path.map((names): QueryTree => ({ kind: 'exists', path: names, at: nowhere })),
    fc
      .tuple(path, arbitraryValue(text))
      .map(([names, value]): QueryTree => ({ kind: 'match', path: names, value, at: nowhere })),
    arbitraryValue(text)
      .filter((value) => value.kind !== 'pattern' || value.parts.join('') !== '')
      .map((value): QueryTree => ({ kind: 'match', path: null, value, at: nowhere })),
    fc
      .tuple(path, bound, bound)
      .map(([names, lower, upper]): QueryTree => ({ kind: 'range', path: names, lower, upper, at: nowhere })),
  );
}
