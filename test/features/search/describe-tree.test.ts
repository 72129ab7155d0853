import { describeTree } from '#src/features/search/describe-tree';
import { parseQuery } from '#src/features/search/lucene/parse';

const jane = { field: 'name', equals: 'jane', quoted: false };

test.each<[query: string, tree: object]>([
  ['', { all: true }],
  ['name:jane', jane],
  ['jane', { field: null, equals: 'jane', quoted: false }],
  ['givenName:"jane"', { field: 'given_name', equals: 'jane', quoted: true }],
  ['name:jan*smi\\*', { field: 'name', pattern: ['jan', 'smi*'] }],
  ['email:*', { field: 'email', exists: true }],
  ['_exists_:userMetadata.a', { field: 'user_metadata.a', exists: true }],
  [
    'logins_count:{5 TO *]',
    { field: 'logins_count', range: { from: { value: '5', quoted: false, inclusive: false }, to: null } },
  ],
  [
    'created_at:<=2026',
    { field: 'created_at', range: { from: null, to: { value: '2026', quoted: false, inclusive: true } } },
  ],
  [
    'NOT name:jane AND (a OR shoe:b)',
    {
      and: [
        { not: jane },
        {
          or: [
            { field: null, equals: 'a', quoted: false },
            { field: 'shoe', equals: 'b', quoted: false },
          ],
        },
      ],
    },
  ],
  ['+name:jane -name:jane name:jane', { or: [jane], required: [jane], prohibited: [jane] }],
])('%s', (query, tree) => {
  expect(describeTree(parseQuery(query))).toEqual(tree);
});
