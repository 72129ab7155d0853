import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { exportFormats, type ExportFormat } from './export-fields';

export const ExportFormatEnum = Object.fromEntries(exportFormats.map((name) => [name, name]));
registerEnumType(ExportFormatEnum, {
  name: 'ExportFormat',
  description: 'How a file of users is written.',
  valuesConfig: {
    NDJSON: { description: 'One JSON object on each line; can be imported again.' },
    JSON_ARRAY: { description: 'One JSON array; can be imported again.' },
    CSV: {
      description: 'A line for each user under a line of names. Every text has an apostrophe in front of it.',
    },
    SCIM: { description: 'A SCIM 2.0 ListResponse.' },
  },
});

@InputType('ExportFieldInput', { description: 'One column of a file.' })
export class ExportFieldInput {
  @Field(() => String, {
    nullable: true,
    description: 'Path of the attribute: `email`, `user_metadata.address.city`, `identities[0].connection`.',
  })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Its name in the file; the path when absent.' })
  exportAs?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Instead of `name`: paths separated by `||`, of which the first that holds something is taken.',
  })
  expression?: string | null;
}

@InputType('CredentialExportInput', { description: 'Whom a file with credentials is for.' })
export class CredentialExportInput {
  @Field(() => String, {
    description:
      'Public key in PEM: RSA from 3,072 bits, the curves P-256, P-384 and P-521, or X25519. Only its private key opens the file.',
  })
  publicKey!: string;
}

@InputType('ExportUsersInput', { description: 'Which users to write into a file, and what of them.' })
export class ExportUsersInput {
  @Field(() => String, { nullable: true, description: 'Only users of this connection.' })
  connection?: string | null;

  @Field(() => ExportFormatEnum, {
    nullable: true,
    defaultValue: 'NDJSON',
    description: 'How to write them.',
  })
  format?: ExportFormat | null;

  @Field(() => [ExportFieldInput], {
    nullable: true,
    description:
      'The columns: at most 30 for CSV, 100 otherwise. FIELD_NOT_ALLOWED for what the caller may not export. Absent: the usual ones that the caller may.',
  })
  fields?: ExportFieldInput[] | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'With `fields`: the usual columns come first.',
  })
  includeDefaults?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Only users that this query finds; see `users(q:)`.' })
  query?: string | null;

  @Field(() => Int, { nullable: true, description: 'At most so many users, the oldest first.' })
  limit?: number | null;

  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'Deliver the file packed.' })
  gzip?: boolean | null;

  @Field(() => CredentialExportInput, {
    nullable: true,
    description:
      'Adds password hashes and seeds of second factors, and encrypts the file. Needs `export:credentials`, NDJSON without `fields`, a signed-in person, and the approval of another one.',
  })
  includeCredentials?: CredentialExportInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'The caller’s own name for the job, answered with it.',
  })
  externalId?: string | null;
}

@InputType('ApproveExportInput', { description: 'Which export may begin.' })
export class ApproveExportInput {
  @Field(() => ID, { description: 'Id of the job.' })
  id!: string;

  @Field(() => String, {
    description:
      'Thumbprint of the key that the file is to be encrypted for, as whoever keeps the private key told it.',
  })
  keyThumbprint!: string;
}
