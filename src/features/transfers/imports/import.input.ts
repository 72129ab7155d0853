import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { importFormats, type ImportFormat } from '#src/features/transfers/formats/import-format';
import { JsonScalar } from '#src/graphql/scalars';
import { importKeys, metadataModes, type ImportKey, type ImportMetadataMode } from './import-options';

export const ImportFormatEnum = Object.fromEntries(importFormats.map((name) => [name, name]));
registerEnumType(ImportFormatEnum, {
  name: 'ImportFormat',
  description: 'What kind of rows an import brings.',
  valuesConfig: {
    AUTO: { description: 'Told from the beginning.' },
    NATIVE: { description: 'The schema of Auth0’s bulk import, with a few members more.' },
    OKTA: { description: 'Objects of Okta’s users API, with or without `credentials.password.hash`.' },
    GIGYA: { description: 'Accounts of Gigya (SAP Customer Data Cloud).' },
    STORMPATH: { description: 'Accounts of a Stormpath export.' },
    KEYCLOAK: { description: 'A realm export of Keycloak with users, or its list of users.' },
    FIREBASE_JSON: { description: '`firebase auth:export` in JSON.' },
    FIREBASE_CSV: { description: '`firebase auth:export` in CSV.' },
    COGNITO_CSV: { description: 'A user import file of Amazon Cognito.' },
    COGNITO_JSON: { description: 'The answer of Cognito’s list-users.' },
    SCIM: { description: 'SCIM 2.0 users: one, a list or a ListResponse.' },
    CSV: {
      description: 'A CSV file whose first line names paths of the native schema, or columns of `mapping`.',
    },
  },
});

export const ImportKeyEnum = Object.fromEntries(importKeys.map((name) => [name, name]));
registerEnumType(ImportKeyEnum, {
  name: 'ImportKey',
  description: 'By what a row finds the user that it changes.',
  valuesConfig: {
    EMAIL: { description: 'E-mail address, without case.' },
    USER_ID: { description: 'Id of the user.' },
    USERNAME: { description: 'User name.' },
    EXTERNAL_ID: { description: '`app_metadata.external_id`.' },
  },
});

export const ImportMetadataModeEnum = Object.fromEntries(metadataModes.map((name) => [name, name]));
registerEnumType(ImportMetadataModeEnum, {
  name: 'ImportMetadataMode',
  description: 'How the metadata of a row meets what is stored.',
  valuesConfig: {
    REPLACE: { description: 'It becomes the store.' },
    SHALLOW_MERGE: { description: 'Top-level members are replaced, null removes one.' },
    DEEP_MERGE: { description: 'JSON Merge Patch (RFC 7396).' },
  },
});

@InputType('FirebaseHashConfigInput', {
  description:
    'The hash settings of a Firebase project, as its console shows them. They are sealed with the hashes.',
})
export class FirebaseHashConfigInput {
  @Field(() => String, { description: 'base64_signer_key.' })
  base64SignerKey!: string;

  @Field(() => String, { description: 'base64_salt_separator.' })
  base64SaltSeparator!: string;

  @Field(() => Int, { description: 'rounds, 1 to 8.' })
  rounds!: number;

  @Field(() => Int, { description: 'mem_cost, 1 to 17.' })
  memCost!: number;
}

/** How an import is done, whatever brings the rows. */
@InputType()
export abstract class ImportOptionsInput {
  @Field(() => String, {
    nullable: true,
    description: 'Name of the database connection that they come into; `main` when absent.',
  })
  connection?: string | null;

  @Field(() => ImportFormatEnum, { nullable: true, defaultValue: 'AUTO', description: 'What the rows are.' })
  format?: ImportFormat | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Change users that exist; otherwise such a row fails. Needs `update:users`.',
  })
  upsert?: boolean | null;

  @Field(() => [ImportKeyEnum], {
    nullable: true,
    description: 'By what existing users are found, the first that fits; by e-mail address when absent.',
  })
  matchOn?: ImportKey[] | null;

  @Field(() => ImportMetadataModeEnum, {
    nullable: true,
    defaultValue: 'REPLACE',
    description: 'How metadata of existing users is changed.',
  })
  metadataMode?: ImportMetadataMode | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Leave users alone whose `updated_at` is not older than that of the row.',
  })
  onlyIfNewer?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Do everything and undo it: the report is that of the real import.',
  })
  dryRun?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Take nothing beyond Auth0’s own schema.',
  })
  strictAuth0?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Mail to the administrators when it is over.',
  })
  sendCompletionEmail?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Put in front of the ids of another product, with a bar; its name when absent, empty for none.',
  })
  idPrefix?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Count addresses as verified where the source does not say.',
  })
  assumeEmailVerified?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Keep members without a place of their own under `app_metadata`.',
  })
  keepUnmapped?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Import accounts of Gigya that never finished their registration.',
  })
  includeLite?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Make the roles of the deployment that rows name and that do not exist; needs `create:roles`.',
  })
  createMissing?: boolean | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'For CSV: an object of column names and the paths that they fill.',
  })
  mapping?: unknown;

  @Field(() => FirebaseHashConfigInput, {
    nullable: true,
    description: 'For Firebase: without it users come without passwords.',
  })
  firebase?: FirebaseHashConfigInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'The caller’s own name for the job, answered with it.',
  })
  externalId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Within 24 hours the same key answers the same job; 1 to 200 characters.',
  })
  idempotencyKey?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Wait for a place when too many imports run; otherwise TOO_MANY_TRANSFERS.',
  })
  queue?: boolean | null;
}

@InputType('ImportUsersInput', {
  description:
    'Users to bring in. More rows than a mutation takes are sent as a file, to `POST /imports` or to a slot of `createUploadSlot`.',
})
export class ImportUsersInput extends ImportOptionsInput {
  @Field(() => [JsonScalar], { description: 'At most 1,000 rows, as `format` says.' })
  rows!: unknown[];
}

@InputType('RetryFailedRowsInput', { description: 'Whose failed rows to try again.' })
export class RetryFailedRowsInput {
  @Field(() => ID, { description: 'Id of a job that is over.' })
  id!: string;
}
