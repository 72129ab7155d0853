import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArgs } from '#src/graphql/page-arguments.type';
import { JobStatusEnum, JobTypeEnum } from './job.type';

@ArgsType()
export class JobListArgs extends PageArgs {
  @Field(() => JobTypeEnum, { nullable: true, description: 'Only jobs that do this.' })
  type?: string | null;

  @Field(() => [JobStatusEnum], { nullable: true, description: 'Only jobs that stand like this.' })
  status?: JobStatusEnum[] | null;
}

@InputType('CancelJobInput', { description: 'Which job to cancel.' })
export class CancelJobInput {
  @Field(() => ID, { description: 'Id of the job.' })
  id!: string;
}
