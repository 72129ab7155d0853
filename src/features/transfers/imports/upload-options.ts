import { z } from 'zod';
import { importFormats, type FirebaseHashConfig } from '#src/features/transfers/formats/import-format';
import { commonErrors } from '#src/shared/errors';
import { importKeys, metadataModes, type GivenImportOptions } from './import-options';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

function json(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('must be JSON');
    return z.NEVER;
  }
}

/** Query parameters of `POST /imports`. */
const query = z.strictObject({
  connection: z.string().max(128).optional(),
  format: z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(importFormats))
    .optional(),
  upsert: flag.optional(),
  matchOn: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(importKeys)))
    .optional(),
  metadataMode: z.enum(metadataModes).optional(),
  onlyIfNewer: flag.optional(),
  dryRun: flag.optional(),
  strictAuth0: flag.optional(),
  sendCompletionEmail: flag.optional(),
  idPrefix: z.string().max(50).optional(),
  assumeEmailVerified: flag.optional(),
  keepUnmapped: flag.optional(),
  includeLite: flag.optional(),
  createMissing: flag.optional(),
  mapping: z.string().max(10_000).transform(json).pipe(z.record(z.string(), z.string())).optional(),
  csvDelimiter: z.string().length(1).optional(),
  encoding: z.string().max(40).optional(),
  externalId: z.string().max(200).optional(),
  idempotencyKey: z.string().max(200).optional(),
  queue: flag.optional(),
});

export interface UploadRequest {
  readonly connection: string | undefined;
  readonly externalId: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly queue: boolean;
  readonly options: GivenImportOptions;
}

/** Reads the parameters of an upload; refuses unknown ones, so that a misspelt one does not mean something else. */
export function readUploadOptions(parameters: unknown): UploadRequest {
  const parsed = query.safeParse(parameters);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : (issue?.path.join('.') ?? '');
    throw commonErrors.BAD_USER_INPUT({
      message: `The parameter "${field.slice(0, 50)}" is not valid here.`,
      extensions: { field: field.slice(0, 50) },
    });
  }
  const { connection, externalId, idempotencyKey, queue = false, ...options } = parsed.data;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { connection, externalId, idempotencyKey, queue, options: given };
}

const firebaseSettings = z.object({
  algorithm: z.literal('SCRYPT').optional(),
  base64_signer_key: z.string().max(1_000),
  base64_salt_separator: z.string().max(100),
  rounds: z.int().min(1).max(8),
  mem_cost: z.int().min(1).max(17),
});

/** The hash settings of a Firebase project, as JSON with the names that its console shows. */
export function readFirebaseConfig(text: string): FirebaseHashConfig {
  try {
    const settings = firebaseSettings.parse(JSON.parse(text));
    return {
      base64SignerKey: settings.base64_signer_key,
      base64SaltSeparator: settings.base64_salt_separator,
      rounds: settings.rounds,
      memCost: settings.mem_cost,
    };
  } catch (cause) {
    throw commonErrors.BAD_USER_INPUT({
      message:
        'The hash settings of Firebase must be JSON with base64_signer_key, base64_salt_separator, rounds and mem_cost.',
      cause,
    });
  }
}
