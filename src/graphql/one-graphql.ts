import { dirname } from 'node:path';

/** Packages that bring schema elements together; with a second copy of graphql each would take the others' types for foreign. */
const users = [
  '@apollo/server',
  '@apollo/subgraph',
  'type-graphql',
  'graphql-jit',
  'graphql-scalars',
  '@graphql-tools/utils',
];

/** Throws, naming both places, when one of these packages would load another copy of graphql than the gateway does. */
export function requireOneGraphql(resolve: Resolve = resolveFrom): void {
  const own = resolve('graphql', null);
  for (const user of users) {
    const theirs = resolve('graphql', user);
    if (theirs !== own) {
      throw new Error(
        `${user} loads another copy of graphql (${theirs}) than the gateway (${own}). Run \`npm ci\`, or \`npm dedupe graphql\` after changing dependencies.`,
      );
    }
  }
}

/** Where a package is loaded from: by the gateway itself, or by another package. */
export type Resolve = (name: string, by: string | null) => string;

const resolveFrom: Resolve = (name, by) =>
  by === null ? require.resolve(name) : require.resolve(name, { paths: [dirname(require.resolve(by))] });
