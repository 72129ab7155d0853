import { z } from 'zod';
import { importFormats } from '#src/features/transfers/formats/import-format';

export const importKeys = ['EMAIL', 'USER_ID', 'USERNAME', 'EXTERNAL_ID'] as const;
export type ImportKey = (typeof importKeys)[number];

export const metadataModes = ['REPLACE', 'SHALLOW_MERGE', 'DEEP_MERGE'] as const;
export type ImportMetadataMode = (typeof metadataModes)[number];

/** How an import is done, beside its rows; every member has a default. Stored with the job. */
export const importOptions = z.strictObject({
  format: z.enum(importFormats).default('AUTO'),
  upsert: z.boolean().default(false),
  matchOn: z.array(z.enum(importKeys)).min(1).max(4).default(['EMAIL']),
  metadataMode: z.enum(metadataModes).default('REPLACE'),
  onlyIfNewer: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  strictAuth0: z.boolean().default(false),
  createMissing: z.boolean().default(false),
  sendCompletionEmail: z.boolean().default(true),
  idPrefix: z
    .string()
    .regex(/^[A-Za-z0-9_-]{0,50}$/)
    .nullable()
    .default(null),
  assumeEmailVerified: z.boolean().default(false),
  keepUnmapped: z.boolean().default(false),
  includeLite: z.boolean().default(false),
  mapping: z.record(z.string(), z.string().max(300)).nullable().default(null),
  csvDelimiter: z.string().length(1).default(','),
  encoding: z.string().max(40).nullable().default(null),
});

export type ImportOptions = Readonly<z.output<typeof importOptions>>;

/** Settings of a Firebase project as hashes refer to them; the signer key is stored elsewhere, sealed. */
const keptFirebase = z.strictObject({
  id: z.string(),
  saltSeparator: z.string(),
  rounds: z.int(),
  memCost: z.int(),
});

/** What is stored with a job: the options, and what they led to. */
export const keptOptions = importOptions.extend({ firebase: keptFirebase.nullable().default(null) });

export type KeptOptions = Readonly<z.output<typeof keptOptions>>;
export type KeptFirebase = NonNullable<KeptOptions['firebase']>;
export type GivenImportOptions = z.input<typeof importOptions>;
