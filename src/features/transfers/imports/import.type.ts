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
