import { Arg, Ctx, ID, Resolver, Subscription } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { argumentOf, type LiveField } from '#src/graphql/feature';
import type { RequestContext } from '#src/graphql/request-context';
import { jobById } from './job.loader';
import { JobType } from './job.type';
import type { JobView } from './job-view';

@Resolver(() => JobType)
export class JobProgressResolver {
  @Auth()
  @Subscription(() => JobType, {
    topics: 'jobProgress',
    nullable: true,
    description:
      'How far a job is: at once, then at most once a second when something changed, until it is over. Over `POST /graphql/stream`.',
  })
  jobProgress(
    @Arg('id', () => ID, { description: 'Id of the job.' }) id: string,
    @Ctx() context: RequestContext,
  ): JobView | null | Promise<JobView | null> {
    return context.load(jobById).load(id);
  }
}

const unfinished: ReadonlySet<string> = new Set(['PENDING', 'PROCESSING']);

/** A stream of a job ends with the job; one that the caller does not reach ends at once. */
export const jobProgress: LiveField = {
  name: 'jobProgress',
  async isOver(context, variables, operation) {
    const id = argumentOf(operation, variables, 'id');
    const job = typeof id === 'string' ? await context.load(jobById).load(id) : null;
    return job === null || !unfinished.has(job.status);
  },
};
