import { Field, Int, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { JobType } from '#src/features/jobs/job.type';
import { connectionType } from '#src/graphql/connection';
import { JsonScalar } from '#src/graphql/scalars';
import { ImportFormatEnum } from './import.input';
import type { ImportFormat } from '#src/features/transfers/formats/import-format';

@ObjectType('ImportSummary', { description: 'What came of the rows of an import so far.' })
@WithParent()
export class ImportSummaryType {
  @Field(() => Int, { description: 'Rows handled: the sum of the others.' })
  total!: number;

  @Field(() => Int, { description: 'Users that were made.' })
  inserted!: number;

  @Field(() => Int, { description: 'Users that were changed.' })
  updated!: number;

  @Field(() => Int, {
    description: 'Rows that changed nothing, or are left out by the rules of their format.',
  })
  skipped!: number;

  @Field(() => Int, { description: 'Rows that could not be imported.' })
  failed!: number;
}

@ObjectType('RowFinding', { description: 'What there is to say of a row. It never holds a secret.' })
@WithParent()
export class RowFindingType {
  @Field(() => String, { description: 'Stable code.' })
  code!: string;

  @Field(() => String, { description: 'What is to say of the row, for people.' })
  message!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Member of the row, such as `app_metadata.plan`; null: the row.',
  })
  path!: string | null;
}

@ObjectType('RowReport', { description: 'A row of an import that failed, or came in with warnings.' })
@WithParent()
export class RowReportType {
  @Field(() => Int, { description: 'Which row, from zero.' })
  index!: number;

  @Field(() => Int, { nullable: true, description: 'Line of the file at which it begins, from one.' })
  line!: number | null;

  @Field(() => [RowFindingType], { description: 'Why it failed; empty when it came in.' })
  errors!: RowFindingType[];

  @Field(() => [RowFindingType], { description: 'What was left out or done otherwise.' })
  warnings!: RowFindingType[];

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'The row as far as the caller may read it, hashes, salts and secrets replaced by "*****".',
  })
  user!: unknown;
}

export const RowReportConnectionType = connectionType(RowReportType, 'RowReport');

@ObjectType('MappedField', { description: 'Where a field of the source goes.' })
@WithParent()
export class MappedFieldType {
  @Field(() => String, {
    description: 'The field, such as `profile.firstName`; `[]` stands for every element of a list.',
  })
  source!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'What it has an effect on, such as `given_name`, `password` or `app_metadata.plan`; `(row)`: whether the row is imported at all; null: nothing, it is dropped.',
  })
  target!: string | null;

  @Field(() => Int, { description: 'In how many of the rows.' })
  rows!: number;
}

@ObjectType('ImportFieldMap', { description: 'What becomes of the fields of a source.' })
@WithParent()
export class ImportFieldMapType {
  @Field(() => Int, { description: 'Rows that were looked at: the first 500, fewer if they are very large.' })
  rows!: number;

  @Field(() => [MappedFieldType], {
    description: 'A line for each effect of a field; at most 300 fields, 100 of a row.',
  })
  fields!: MappedFieldType[];
}

@ObjectType('ImportedPasswordKind', { description: 'New users of an import by what their password is.' })
@WithParent()
export class ImportedPasswordKindType {
  @Field(() => String, { description: 'Kind of the hash, such as `bcrypt`; `none`: without a password.' })
  kind!: string;

  @Field(() => Int, { description: 'New users with it.' })
  users!: number;
}

@ObjectType('UserImport', { description: 'What a job of type USERS_IMPORT was asked, and what came of it.' })
@WithParent()
export class UserImportType {
  /** Not shown: the resolvers find the report by it. */
  jobId!: string;

  @Field(() => String, { nullable: true, description: 'Name of the connection.' })
  connection!: string;

  @Field(() => ImportFormatEnum, { nullable: true, description: 'What the rows are.' })
  format!: ImportFormat;

  @Field(() => Boolean, { nullable: true, description: 'Whether nothing is written.' })
  dryRun!: boolean;

  @Field(() => String, { nullable: true, description: 'The caller’s own name for the job.' })
  externalId!: string | null;

  @Field(() => ImportSummaryType, { nullable: true, description: 'What came of the rows so far.' })
  summary!: ImportSummaryType;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds until it is over, if it goes on like this; null: unknown.',
  })
  timeLeftSeconds!: number | null;

  @Field(() => ImportFieldMapType, {
    nullable: true,
    description: 'Of a dry run: which field of the source goes where, and what is dropped. Null: no dry run.',
  })
  fieldMap!: ImportFieldMapType | null;

  @Field(() => [ImportedPasswordKindType], {
    nullable: true,
    description: 'New users so far by the kind of their hash.',
  })
  passwordKinds!: ImportedPasswordKindType[];

  @Field(() => Int, {
    nullable: true,
    description: 'New users so far who have to set a new password.',
  })
  resetRequired!: number;
}

@ObjectType('ImportUsersPayload', { description: 'The job that imports.' })
@WithParent()
export class ImportUsersPayload {
  @Field(() => JobType, { nullable: true, description: 'The job; ask again for how far it is.' })
  job!: JobType;
}

@ObjectType('RetryFailedRowsPayload', { description: 'The job that tries failed rows again.' })
@WithParent()
export class RetryFailedRowsPayload {
  @Field(() => JobType, { nullable: true, description: 'The new job.' })
  job!: JobType;
}
