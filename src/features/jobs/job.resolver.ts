import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';
import { CancelJobInput, JobListArgs } from './job.input';
import { jobById } from './job.loader';
import type { JobService } from './job.service';
import { CancelJobPayload, JobConnectionType, JobType } from './job.type';
import type { JobView } from './job-view';

@Resolver(() => JobType)
export class JobResolver {
  constructor(private readonly service: JobService) {}

  @Auth()
  @Query(() => JobType, {
    nullable: true,
    description:
      'One job; null when there is none within reach. Everybody reaches their own, holders of `read:jobs` all.',
  })
  job(
    @Arg('id', () => ID, { description: 'Id of the job.' }) id: string,
    @Ctx() context: RequestContext,
  ): JobView | null | Promise<JobView | null> {
    return context.load(jobById).load(id);
  }

  @Auth()
  @Query(() => JobConnectionType, {
    nullable: true,
    description: 'Jobs, newest first: the caller’s own, or with `read:jobs` everybody’s.',
  })
  async jobs(
    @Args(() => JobListArgs) { type, status, ...page }: JobListArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<JobView>> {
    const filter = { type: type?.toLowerCase() ?? null, status: status ?? null };
    return toConnection(await this.service.list(context, filter, page), () =>
      this.service.count(context, filter),
    );
  }

  @Auth()
  @Mutation(() => CancelJobPayload, {
    description: 'Stops a job of the caller, or with `update:jobs` any; what it did until then stays.',
  })
  async cancelJob(
    @Arg('input', () => CancelJobInput) { id }: CancelJobInput,
    @Ctx() context: RequestContext,
  ): Promise<{ job: JobView }> {
    const job = await this.service.cancel(context, id);
    context.load(jobById).clear(id);
    return { job };
  }
}
