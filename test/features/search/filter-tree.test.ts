import { filterFields, filterTree } from '#src/features/search/filter-tree';
import { lookUpField } from '#src/features/search/searchable-fields';
import { printQuery } from '#src/features/search/lucene/print';

const written = (filter: object) => printQuery(filterTree(filter));

test.each([
  [{}, '*:*'],
  [{ email: { eq: 'a"b' } }, 'email:"a\\"b"'],
  [{ email: { in: ['a', 'b'] } }, 'email:"a" OR email:"b"'],
  [{ email: { in: [] } }, 'NOT *:*'],
  [{ email: {} }, '*:*'],
  [{ emailDomain: { startsWith: 'a*' } }, 'email.domain:a\\**'],
  [{ name: { endsWith: 'abc', contains: 'b c' } }, 'name:*abc AND name:*b\\ c*'],
  [{ name: { gt: 'a', lte: 'b' } }, 'name:{"a" TO *] AND name:[* TO "b"]'],
  [{ name: { exists: true } }, '_exists_:name'],
  [{ name: { exists: false } }, 'NOT _exists_:name'],
  [{ loginsCount: { gte: 5, lt: -5 } }, 'logins_count:[5 TO *] AND logins_count:[* TO \\-5}'],
  [{ createdAt: { gt: 0 } }, 'created_at:{1970-01-01T00\\:00\\:00.000Z TO *]'],
  [{ blocked: false, connection: 'main' }, 'blocked:false AND identities.connection:"main"'],
  [
    { and: [{ blocked: true }, { or: [{ role: 'a' }, { roleId: 'b' }] }] },
    'blocked:true AND (role:"a" OR role_id:"b")',
  ],
  [{ not: { blocked: true, role: 'a' } }, 'NOT (blocked:true AND role:"a")'],
  [{ or: [] }, 'NOT *:*'],
  [{ metadata: [{ store: 'USER', path: 'a.b c', eq: 'x' }] }, 'user_metadata.a.b\\ c:"x"'],
  [
    { metadata: [{ store: 'APP', path: 'a', eq: 1.5, contains: true, in: ['x'] }] },
    'app_metadata.a:1.5 AND app_metadata.a:true AND app_metadata.a:"x"',
  ],
  [
    {
      metadata: [
        { store: 'APP', path: 'a', startsWith: 'x' },
        { store: 'USER', path: 'b', exists: true },
      ],
    },
    'app_metadata.a:x* AND _exists_:user_metadata.b',
  ],
])('%j is %s', (filter, query) => {
  expect(written(filter)).toBe(query);
});

test.each([
  [{ email: null }, 'filter.email'],
  [{ email: { eq: null } }, 'filter.email.eq'],
  [{ and: null }, 'filter.and'],
  [{ or: [{ not: { email: { in: ['a', null] } } }] }, 'filter.or.0.not.email.in.1'],
  [{ email: { contains: 'ab' } }, 'filter.email.contains'],
  [{ email: { endsWith: '' } }, 'filter.email.endsWith'],
  [{ email: { startsWith: '' } }, 'filter.email.startsWith'],
  [{ email: { eq: 'a\0' } }, 'filter.email.eq'],
  [{ email: { eq: '\ud800' } }, 'filter.email.eq'],
  [{ email: { like: 'x' } }, 'filter.email.like'],
  [{ shoe: { eq: 'x' } }, 'filter.shoe'],
  [{ constructor: { eq: 'x' } }, 'filter.constructor'],
  [{ metadata: [{ store: 'APP', path: 'a..b', eq: 1 }] }, 'filter.metadata.0.path'],
  [{ metadata: [{ store: 'APP', path: '', eq: 1 }] }, 'filter.metadata.0.path'],
  [{ metadata: [{ store: 'APP', path: 'a', eq: { b: 1 } }] }, 'filter.metadata.0.eq'],
  [{ metadata: [{ store: 'APP', path: 'a', startsWith: 5 }] }, 'filter.metadata.0.startsWith'],
])('%j is refused at %s', (filter, field) => {
  expect(() => filterTree(filter)).toThrow(
    expect.objectContaining({ code: 'VALIDATION_FAILED', extensions: { field } }),
  );
});

test('100 comparisons pass and 101 do not', () => {
  const values = (count: number) => ({ email: { in: Array<string>(count).fill('x') } });
  expect(filterTree(values(100))).toMatchObject({ items: { length: 100 } });
  expect(() => filterTree({ and: [values(100), values(1)] })).toThrow(
    expect.objectContaining({ code: 'QUERY_TOO_LONG' }),
  );
});

test('16 levels pass and 17 do not', () => {
  const nested = (levels: number): object => (levels === 0 ? { blocked: true } : { not: nested(levels - 1) });
  expect(filterTree(nested(16))).toMatchObject({ kind: 'not' });
  expect(() => filterTree(nested(17))).toThrow(expect.objectContaining({ code: 'QUERY_TOO_LONG' }));
});

test('a text of 4,096 units passes and a longer one does not', () => {
  expect(filterTree({ email: { eq: 'x'.repeat(4096) } })).toMatchObject({ kind: 'match' });
  expect(() => filterTree({ email: { eq: 'x'.repeat(4097) } })).toThrow(
    expect.objectContaining({ code: 'QUERY_TOO_LONG' }),
  );
});

test.each(Object.entries(filterFields))('%s means a field of the query language', (_, { path }) => {
  expect(lookUpField(path).found).toBe('field');
});
