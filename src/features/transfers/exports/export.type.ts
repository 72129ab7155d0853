import { Field, Int, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { JobType } from '#src/features/jobs/job.type';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import { ExportFormatEnum } from './export.input';
import type { ExportFormat } from './export-fields';

@ObjectType('ExportApproval', { description: 'What an export with credentials waits for.' })
@WithParent()
export class ExportApprovalType {
  @Field(() => String, {
    description: 'SHA-256 thumbprint of the key that the file is encrypted for (RFC 7638).',
  })
  keyThumbprint!: string;

  @Field(() => DateTimeScalar, {
    description: 'Until when somebody else may approve it; then the job fails.',
  })
  approvableUntil!: Instant;

  @Field(() => String, { nullable: true, description: 'Id of who approved it; null: nobody yet.' })
  approvedBy!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was approved.' })
  approvedAt!: Instant | null;
}

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

@ObjectType('ApproveExportPayload', { description: 'The job that was approved.' })
@WithParent()
export class ApproveExportPayload {
  @Field(() => JobType, { nullable: true, description: 'The job; ask again for how far it is.' })
  job!: JobType;
}
