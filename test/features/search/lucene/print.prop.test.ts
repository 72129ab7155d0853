import fc from 'fast-check';
import { parseQuery } from '#src/features/search/lucene/parse';
import { printQuery } from '#src/features/search/lucene/print';
import { unstorable } from '#src/features/search/lucene/tokens';
import { GatehouseError } from '#src/shared/errors';
import { arbitraryLeaf, arbitraryTree, withoutPlaces } from '#test/features/search/support/trees';

/** Mostly the characters that mean something, and the words that do. */
const piece = fc.oneof(
  fc.constantFrom(...'+-=&|><!(){}[]^"~*?:\\/. \t\nabcABC019_é\u00a0%\u{1f600}'),
  fc.constantFrom('AND', 'OR', 'NOT', 'TO', '_exists_', '&&', '||', '>=', '\\"', 'true', '1e1'),
  fc.string({ unit: 'grapheme', maxLength: 2 }).filter((text) => !unstorable.test(text)),
);
const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
const path = fc.array(
  text.filter((name) => name !== ''),
  { minLength: 1, maxLength: 3 },
);

test('reading a printed tree gives the tree again', () => {
  fc.assert(
    fc.property(arbitraryTree(arbitraryLeaf({ path, text })), (tree) => {
      const printed = printQuery(tree);
      fc.pre(printed.length <= 4096);
      expect(withoutPlaces(parseQuery(printed))).toEqual(withoutPlaces(tree));
    }),
    { numRuns: 2000 },
  );
});

test('any text is read or refused with a known code, a place inside the text and a hint', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
      (query) => {
        try {
          const tree = parseQuery(query);
          expect(withoutPlaces(parseQuery(printQuery(tree)))).toEqual(withoutPlaces(tree));
        } catch (error) {
          if (!(error instanceof GatehouseError)) throw error;
          expect(error.code).toBe('INVALID_QUERY_STRING');
          const { position, token, hint } = error.extensions as {
            position: number;
            token: string;
            hint: string;
          };
          expect(query.startsWith(token, position)).toBe(true);
          expect(hint).not.toBe('');
        }
      },
    ),
    { numRuns: 3000 },
  );
});
