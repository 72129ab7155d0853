import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import { viewOfJob, type JobView } from '#src/features/jobs/job-view';
import { JobType } from '#src/features/jobs/job.type';
import type { RequestContext } from '#src/graphql/request-context';
import type { JobRow } from '#src/jobs/job.repository';
import type { Jobs } from '#src/jobs/jobs';
import type { Instant } from '#src/shared/clock';
import { ApproveExportInput, ExportUsersInput } from './export.input';
import { exportByJob } from './export.loader';
import type { ExportDesk } from './export-desk';
import type { ExportService } from './export.service';
import type { UserExportRow } from './user-export.repository';
import {
  ApproveExportPayload,
  ExportUsersPayload,
  SignedUrlType,
  UserExportType,
  ExportApprovalType,
} from './export.type';

type ExportView = Pick<UserExportType, 'jobId'>;
type Approvable = Pick<UserExportRow, 'keyThumbprint' | 'approvableUntil' | 'approvedBy' | 'approvedAt'>;

@Resolver(() => JobType)
export class ExportResolver {
  constructor(
    private readonly service: ExportService,
    private readonly worker: Pick<Jobs, 'runNow'>,
  ) {}

  @Auth({ permissions: [['read:users']] })
  @Mutation(() => ExportUsersPayload, {
    description:
      'Writes users into a file in the background. Only what the caller may read and export is in it, asked again for each user.',
  })
  async exportUsers(
    @Arg('input', () => ExportUsersInput) input: ExportUsersInput,
    @Ctx() context: RequestContext,
  ): Promise<{ job: JobView }> {
    const job: JobRow = await this.service.start(context, input);
    return { job: viewOfJob((await this.worker.runNow(job.id)) ?? job) };
  }

  @Auth({ permissions: [['export:credentials']] })
  @Mutation(() => ApproveExportPayload, {
    description:
      'Lets an export with credentials begin. By another person than who asked for it, who reads the job (`read:jobs`). SECOND_PERSON_NEEDED, EXPORT_NOT_APPROVABLE.',
  })
  async approveExport(
    @Arg('input', () => ApproveExportInput) input: ApproveExportInput,
    @Ctx() context: RequestContext,
  ): Promise<{ job: JobView }> {
    const job = await this.service.approve(context, input);
    return { job: viewOfJob((await this.worker.runNow(job.id)) ?? job) };
  }

  @WithParent()
  @FieldResolver(() => UserExportType, {
    nullable: true,
    description: 'For a job of type USERS_EXPORT: what it was asked, and its file.',
  })
  userExport(
    @Root() job: JobView,
    @Ctx() context: RequestContext,
  ): Promise<ExportView | null> | ExportView | null {
    return job.type === 'USERS_EXPORT' ? context.load(exportByJob).load(job.id) : null;
  }
}

@Resolver(() => UserExportType)
export class ExportDownloadResolver {
  constructor(
    private readonly desk: ExportDesk,
    private readonly issuer: string,
  ) {}

  @WithParent()
  @FieldResolver(() => ExportApprovalType, {
    nullable: true,
    description: 'Of a file with credentials; null: it has none.',
  })
  approval(
    @Root() { keyThumbprint, approvableUntil, approvedBy, approvedAt }: Approvable,
  ): ExportApprovalType | null {
    if (keyThumbprint === null || approvableUntil === null) return null;
    return { keyThumbprint, approvableUntil, approvedBy, approvedAt };
  }

  @WithParent()
  @FieldResolver(() => SignedUrlType, {
    nullable: true,
    description: 'A new link to the file, for whoever asked for the export and nobody else.',
  })
  async download(
    @Root() asked: ExportView,
    @Ctx() context: RequestContext,
    @Arg('ttlSec', () => Int, {
      nullable: true,
      description: 'How long the link is good, in seconds: 1 to 60, which is the default.',
    })
    ttlSec: number | null,
  ): Promise<{ url: string; expiresAt: Instant }> {
    const { path, expiresAt } = await this.desk.link(context, asked.jobId, ttlSec);
    return { url: new URL(path, this.issuer).href, expiresAt };
  }
}
