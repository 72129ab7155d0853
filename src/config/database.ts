import { z } from 'zod';
import { flag, integer, secretText } from './setting';

export const databaseSection = z.strictObject({
  url: secretText({
    environment: 'GATEHOUSE_DATABASE_URL',
    default: 'sqlite:./data/gatehouse.db',
    allowed: 'sqlite:<file> or postgres://user:password@host:port/database',
    check: (value) =>
      /^(sqlite:.+|postgres(ql)?:\/\/.+)$/i.test(value) ? null : 'names no database that is known',
    description:
      'The database: a file for the embedded one, a URL for a server that several nodes may share.',
  }),
  migrateOnStart: flag({
    derive: ({ profile }) => profile === 'development',
    defaultText: 'true in development, false in production',
    description:
      'Whether `serve` applies outstanding migrations itself. Without it `gatehouse migrate` does.',
  }),
  poolSize: integer({
    default: 10,
    min: 1,
    max: 200,
    description: 'Connections kept to a database server.',
  }),
  readConnections: integer({
    default: 4,
    min: 1,
    max: 32,
    description: 'Read-only connections to the embedded database, beside its one writer.',
  }),
  connectTimeoutMs: integer({
    default: 5_000,
    min: 100,
    max: 60_000,
    description: 'Milliseconds to wait for a connection.',
  }),
  statementTimeoutMs: integer({
    default: 15_000,
    min: 100,
    max: 600_000,
    description: 'Milliseconds after which a database server cancels a statement.',
  }),
  lockTimeoutMs: integer({
    default: 5_000,
    min: 100,
    max: 60_000,
    description: 'Milliseconds to wait for a lock that another writer holds.',
  }),
});

export type DatabaseConfig = Readonly<z.output<typeof databaseSection>> & {
  /** No setting: set by a command that knows better. See `StorageSettings`. */
  readonly writerCacheKb?: number;
};
