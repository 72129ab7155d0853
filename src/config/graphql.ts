import { z } from 'zod';
import { flag, integer } from './setting';

export const graphqlSection = z.strictObject({
  introspection: flag({
    environment: 'GATEHOUSE_INTROSPECTION',
    derive: ({ profile }) => profile === 'development',
    defaultText: 'true in development, false in production',
    description: 'Whether the schema can be read by introspection and errors suggest names.',
  }),
  introspectionByCaller: flag({
    environment: 'GATEHOUSE_INTROSPECTION_BY_CALLER',
    derive: ({ profile }) => profile === 'production',
    defaultText: 'false in development, true in production',
    description:
      'Whether introspection, where it is on, shows each caller only what it may use, and errors suggest no names.',
  }),
  graphiql: flag({
    environment: 'GATEHOUSE_GRAPHIQL',
    derive: ({ profile }) => profile === 'development',
    defaultText: 'true in development, false in production',
    description: 'Whether browsers get the GraphiQL page.',
  }),
  maxTokens: integer({
    default: 2_000,
    min: 100,
    max: 100_000,
    description: 'Lexical tokens of one document.',
  }),
  maxDepth: integer({ default: 12, min: 3, max: 50, description: 'Nesting of selections in one operation.' }),
  maxAliases: integer({
    default: 50,
    min: 0,
    max: 1_000,
    description: 'Aliases in one document for signed-in callers.',
  }),
  maxAliasesAnonymous: integer({
    default: 15,
    min: 0,
    max: 1_000,
    description: 'Aliases in one document for anonymous callers.',
  }),
  maxDirectives: integer({ default: 50, min: 0, max: 1_000, description: 'Directives in one document.' }),
  maxRootFields: integer({ default: 20, min: 1, max: 1_000, description: 'Root fields of one operation.' }),
  maxCost: integer({
    default: 5_000,
    min: 10,
    max: 1_000_000,
    description: 'Estimated cost of one operation for signed-in callers.',
  }),
  maxCostAnonymous: integer({
    default: 1_000,
    min: 10,
    max: 1_000_000,
    description: 'Estimated cost of one operation for anonymous callers.',
  }),
  maxPageSize: integer({
    default: 100,
    min: 1,
    max: 1_000,
    description: 'Largest `first` or `last` of a list.',
  }),
  defaultPageSize: integer({
    default: 50,
    min: 1,
    max: 1_000,
    description: 'Page size when neither is given.',
  }),
  maxIds: integer({ default: 100, min: 1, max: 1_000, description: 'Ids in one argument or input field.' }),
  maxRepresentations: integer({
    default: 1_000,
    min: 1,
    max: 10_000,
    description: 'Representations in one federation request for entities.',
  }),
  documentCacheSize: integer({
    default: 1_000,
    min: 10,
    max: 100_000,
    description: 'Parsed and checked documents kept in memory.',
  }),
});

export type GraphqlConfig = Readonly<z.output<typeof graphqlSection>>;
