import { createHash } from 'node:crypto';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import { viewOfJob, type JobView } from '#src/features/jobs/job-view';
import { JobType } from '#src/features/jobs/job.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import type { RequestContext } from '#src/graphql/request-context';
import { ImportUsersInput, RetryFailedRowsInput } from './import.input';
import { importByJob } from './import.loader';
import type { ImportDesk, RowReport } from './import-desk';
import type { ImportView } from './import-view';
import {
  ImportUsersPayload,
  RetryFailedRowsPayload,
  RowReportConnectionType,
  UserImportType,
} from './import.type';

@ArgsType()
export class ReportArgs extends ForwardPageArgs {
  @Field(() => [String], { nullable: true, description: 'Only rows with one of these codes; at most 20.' })
  codes?: string[] | null;
}

@Resolver(() => JobType)
export class ImportResolver {
  constructor(private readonly desk: ImportDesk) {}

  @Auth({ permissions: [['create:users']] })
  @Mutation(() => ImportUsersPayload, {
    description:
      'Imports users in the background. Everything is stored before this answers; wrong rows do not stop good ones. Files go to `POST /imports`.',
  })
  async importUsers(
    @Arg('input', () => ImportUsersInput) input: ImportUsersInput,
    @Ctx() context: RequestContext,
  ): Promise<{ job: JobView }> {
    const text = JSON.stringify(input.rows);
    const contentHash = createHash('sha256').update(text).digest('hex');
    return { job: viewOfJob(await this.desk.importRows(context, input, { text, contentHash })) };
  }

  @Auth({ permissions: [['create:users']] })
  @Mutation(() => RetryFailedRowsPayload, {
    description:
      'Tries the failed rows of a job of the caller (or with `update:jobs` of anybody) again, with its options. Their content is kept for 24 hours.',
  })
  async retryFailedRows(
    @Arg('input', () => RetryFailedRowsInput) { id }: RetryFailedRowsInput,
    @Ctx() context: RequestContext,
  ): Promise<{ job: JobView }> {
    return { job: viewOfJob(await this.desk.retry(context, id)) };
  }

  @WithParent()
  @FieldResolver(() => UserImportType, {
    nullable: true,
    description: 'For a job of type USERS_IMPORT: what it was asked, and its report.',
  })
  userImport(
    @Root() job: JobView,
    @Ctx() context: RequestContext,
  ): Promise<ImportView | null> | ImportView | null {
    return job.type === 'USERS_IMPORT' ? context.load(importByJob).load(job.id) : null;
  }
}

@Resolver(() => UserImportType)
export class ImportReportResolver {
  constructor(private readonly desk: ImportDesk) {}

  @WithParent()
  @FieldResolver(() => RowReportConnectionType, {
    nullable: true,
    description: 'Rows that failed, in their order.',
  })
  errors(
    @Root() asked: ImportView,
    @Args(() => ReportArgs) { codes, ...page }: ReportArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<RowReport>> {
    return this.report(context, asked, 'errors', codes, page);
  }

  @WithParent()
  @FieldResolver(() => RowReportConnectionType, {
    nullable: true,
    description: 'Rows with warnings, in their order.',
  })
  warnings(
    @Root() asked: ImportView,
    @Args(() => ReportArgs) { codes, ...page }: ReportArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<RowReport>> {
    return this.report(context, asked, 'warnings', codes, page);
  }

  private async report(
    context: RequestContext,
    asked: ImportView,
    kind: 'errors' | 'warnings',
    codes: string[] | null | undefined,
    page: ForwardPageArgs,
  ): Promise<Connection<RowReport>> {
    const { rows, count } = await this.desk.report(context, asked, { kind, codes: codes ?? null }, page);
    return toConnection(rows, count);
  }
}
