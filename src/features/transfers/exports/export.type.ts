import { Field, Int, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { JobType } from '#src/features/jobs/job.type';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import { ExportFormatEnum } from './export.input';
import type { ExportFormat } from './export-fields';

@ObjectType('UserExport', { description: 'What a job of type USERS_EXPORT was asked, and its file.' })
@WithParent()
export class UserExportType {
  /** Not shown: links are made for it. */
  jobId!: string;

  @Field(() => String, { nullable: true, description: 'Name of the connection; null: all.' })
  connection!: string | null;

  @Field(() => ExportFormatEnum, { nullable: true, description: 'How the file is written.' })
  format!: ExportFormat;

  @Field(() => Int, { nullable: true, description: 'Users in the file so far.' })
  rowCount!: number;

  @Field(() => String, { nullable: true, description: 'The caller’s own name for the job.' })
  externalId!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when the file is kept.' })
  expiresAt!: Instant;
}

@ObjectType('SignedUrl', { description: 'An address that opens to whoever has it, for a short time.' })
@WithParent()
export class SignedUrlType {
  @Field(() => String, { description: 'The address.' })
  url!: string;

  @Field(() => DateTimeScalar, { description: 'Until when it opens.' })
  expiresAt!: Instant;
}

@ObjectType('ExportUsersPayload', { description: 'The job that exports.' })
@WithParent()
export class ExportUsersPayload {
  @Field(() => JobType, { nullable: true, description: 'The job; ask again for how far it is.' })
  job!: JobType;
}
