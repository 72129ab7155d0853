import { requireOneGraphql } from '#src/graphql/one-graphql';

test('all packages load the same copy of graphql', () => {
  expect(() => requireOneGraphql()).not.toThrow();
});

test('a second copy stops the start and is named', () => {
  const resolve = (_name: string, by: string | null): string =>
    by === 'graphql-jit' ? '/nested/graphql' : '/graphql';
  expect(() => requireOneGraphql(resolve)).toThrow(
    'graphql-jit loads another copy of graphql (/nested/graphql)',
  );
});
