import { z } from 'zod';
import { sourceWrites } from './migration-source';
import { foreignQueryProblem } from '#src/storage/foreign-database';
import { commonErrors } from '#src/shared/errors';

const text = (most: number) => z.string().min(1).max(most);
const url = text(2_048).refine(isUrl, 'is no URL of http or https without credentials and query.');

/** By which the operator's configuration names a database or a script. */
const operatorName = z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/i);

/** How a source knows that it is this gateway that calls. */
const authentication = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('BEARER'), token: text(4_096) }),
    z.strictObject({ kind: z.literal('BASIC'), username: text(255), password: text(4_096) }),
    z.strictObject({ kind: z.literal('HMAC'), key: z.string().min(32).max(4_096) }),
  ])
  .nullable()
  .default(null);

/** What every kind of source has. */
const shared = {
  timeoutMs: z.int().min(100).max(10_000).nullable().default(null),
  /** Whether ids get the connection's name in front, so that two sources may use the same ids. */
  prefixIds: z.boolean().default(true),
  /** Whether a user who was deleted here may come back. */
  allowReimport: z.boolean().default(false),
  /** Which changes here it is told of. */
  writeBack: z.array(z.enum(sourceWrites)).max(sourceWrites.length).default([]),
};

export const sourceSettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('HTTP'), url, authentication, ...shared }),
  z.strictObject({ kind: z.literal('WEBHOOK'), url, authentication, ...shared }),
  z.strictObject({
    kind: z.literal('SQL'),
    database: operatorName,
    query: z.string().superRefine((value, context) => {
      const problem = foreignQueryProblem(value);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    }),
    hashColumn: text(63).default('password_hash'),
    ...shared,
  }),
  z.strictObject({
    kind: z.literal('SCRIPT'),
    script: operatorName,
    hosts: z
      .array(
        z.string().regex(/^[a-z0-9.-]{1,253}(?::\d{1,5})?$/, 'is no list of host names in small letters.'),
      )
      .max(20)
      .default([]),
    configuration: z.record(z.string().regex(/^[A-Za-z_]\w{0,63}$/), z.string().max(4_096)).default({}),
    /** Whether its functions take a context before the callback. */
    passContext: z.boolean().default(false),
    ...shared,
  }),
  z.strictObject({ kind: z.literal('OKTA'), url, token: text(4_096), ...shared }),
  z.strictObject({
    kind: z.literal('COGNITO'),
    region: z.string().regex(/^[a-z]{2}(?:-[a-z0-9]+)+-\d$/),
    userPoolId: text(128),
    clientId: text(128),
    clientSecret: text(4_096).nullable().default(null),
    accessKeyId: text(128),
    secretAccessKey: text(4_096),
    /** Where the service is called; null: at the public address of the region. */
    url: url.nullable().default(null),
    ...shared,
  }),
]);

export type SourceSettings = z.output<typeof sourceSettings>;
export type SettingsOf<Kind extends SourceSettings['kind']> = Extract<
  SourceSettings,
  { readonly kind: Kind }
>;

/** Checks settings; VALIDATION_FAILED names the member. No message holds what was given. */
export function checkSettings(value: unknown): SourceSettings {
  const { data, error } = sourceSettings.safeParse(value);
  if (data) {
    if (data.writeBack.length === 0 || data.kind === 'WEBHOOK' || data.kind === 'SCRIPT') return data;
    throw commonErrors.VALIDATION_FAILED({
      message: 'writeBack is for a webhook and a script: no other source can be told of changes.',
      extensions: { field: 'writeBack' },
    });
  }
  const [issue] = error.issues;
  const place = (issue?.path ?? []).map(String).join('.') || 'source';
  const problem =
    issue?.code === 'custom' ? issue.message : 'is missing, too long, too short or of a wrong kind.';
  throw commonErrors.VALIDATION_FAILED({
    message: `${place.slice(0, 100)} ${problem}`,
    extensions: { field: place.slice(0, 100) },
  });
}

function isUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, search, hash } = new URL(value);
  return ['https:', 'http:'].includes(protocol) && username + password + search + hash === '';
}
