import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { connectionType } from '#src/graphql/connection';
import { NodeType } from '#src/graphql/node';
import { DateTimeScalar } from '#src/graphql/scalars';
import { jobDefinitions } from '#src/jobs/define-job';
import type { Instant } from '#src/shared/clock';

export enum JobStatusEnum {
  PENDING = 'PENDING',
  PROCESSING = 'PROCESSING',
  COMPLETED = 'COMPLETED',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
  EXPIRED = 'EXPIRED',
}
registerEnumType(JobStatusEnum, {
  name: 'JobStatus',
  description: 'Where a job stands.',
  valuesConfig: {
    PENDING: { description: 'It waits: to begin, or for its next try.' },
    PROCESSING: { description: 'A worker is at it.' },
    COMPLETED: { description: 'It is done.' },
    FAILED: { description: 'It was given up; `statusDetails` says why.' },
    CANCELLED: { description: 'Somebody stopped it; what was done until then stays.' },
    EXPIRED: { description: 'It is over, and its report or file is not kept any more.' },
  },
});

/** Filled from the definitions: adding a job is an edit in one folder. */
export const JobTypeEnum: Record<string, string> = {};
const typeDescriptions: Record<string, { description: string }> = {};
registerEnumType(JobTypeEnum, {
  name: 'JobType',
  description: 'What a job does.',
  valuesConfig: typeDescriptions,
});

/** Makes an enum value of every kind of job that is defined by now; before the schema is built. */
export function publishJobTypes(): void {
  const sorted = [...jobDefinitions()].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, { description }] of sorted) {
    JobTypeEnum[name.toUpperCase()] = name.toUpperCase();
    typeDescriptions[name.toUpperCase()] = { description };
  }
}

@ObjectType('JobFault', { description: 'Why a job failed, or waits for another try.' })
@WithParent()
export class JobFaultType {
  @Field(() => String, { description: 'Stable code, as in errors.' })
  code!: string;

  @Field(() => String, { description: 'What went wrong and what to do, for people.' })
  message!: string;
}

@ObjectType('JobCounts', { description: 'How far a job came; exact after every chunk.' })
@WithParent()
export class JobCountsType {
  @Field(() => Int, { nullable: true, description: 'Rows to handle in all; null while that is not known.' })
  total!: number | null;

  @Field(() => Int, { description: 'Rows handled.' })
  processed!: number;

  @Field(() => Int, { description: 'Of these, rows that were changed, made or removed.' })
  changed!: number;

  @Field(() => Int, { description: 'Of these, rows with nothing to do.' })
  skipped!: number;

  @Field(() => Int, { description: 'Of these, rows that could not be handled.' })
  failed!: number;
}

/** Whoever may reach a job (its maker, or a holder of `read:jobs`) reads all of it. */
@ObjectType('Job', { implements: NodeType, description: 'Work that goes on in the background.' })
@WithParent()
export class JobType extends NodeType {
  @Field(() => JobTypeEnum, { nullable: true, description: 'What it does.' })
  type!: string;

  @Field(() => JobStatusEnum, { nullable: true, description: 'Where it stands.' })
  status!: JobStatusEnum;

  @Field(() => JobCountsType, { nullable: true, description: 'How far it came, in rows.' })
  counts!: JobCountsType;

  @Field(() => Float, {
    nullable: true,
    description: 'How far it came, from 0 to 100; null while nobody knows how much there is to do.',
  })
  percentageDone!: number | null;

  @Field(() => JobFaultType, {
    nullable: true,
    description: 'Why it failed, or what its last try ended with.',
  })
  statusDetails!: JobFaultType | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who asked for it: a user id, or the name of a machine caller.',
  })
  createdBy!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was asked for.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When a worker first took it.' })
  startedAt!: Instant | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended, however that was.' })
  finishedAt!: Instant | null;
}

export const JobConnectionType = connectionType(JobType, 'Job');

@ObjectType('CancelJobPayload', { description: 'The job after it was cancelled.' })
@WithParent()
export class CancelJobPayload {
  @Field(() => JobType, { nullable: true, description: 'The job.' })
  job!: JobType;
}
