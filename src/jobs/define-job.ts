import type { z } from 'zod';
import type { JobHandler } from './job';

/** A kind of job: what a caller needs to ask for one. */
export interface JobDefinition<Payload extends object> {
  /** Unique, in snake_case; the API spells it in capitals. */
  readonly name: string;
  /** One sentence for the schema. */
  readonly description: string;
  /** Stored with the job; checked when it is asked for and again before it runs. SECURITY: no secrets, operators read the table. */
  readonly payload: z.ZodType<Payload>;
  /** Whether `cancelJob` may stop it: not when that would leave something half done for good. */
  readonly isCancellable: boolean;
  /** Tries without progress before it fails; null: as configured. */
  readonly maxAttempts: number | null;
}

/** A kind of job together with how it is done, its types forgotten. */
export interface JobHandling {
  readonly definition: JobDefinition<object>;
  readonly handler: JobHandler<object, object, unknown>;
}

const definitions = new Map<string, JobDefinition<object>>();

/** All kinds of jobs that the modules loaded so far define. */
export function jobDefinitions(): ReadonlyMap<string, JobDefinition<object>> {
  return definitions;
}

/** Declares a kind of job; called once, when its module is loaded. */
export function defineJob<Payload extends object>(
  definition: Pick<JobDefinition<Payload>, 'name' | 'description' | 'payload'> &
    Partial<JobDefinition<Payload>>,
): JobDefinition<Payload> {
  const { name } = definition;
  if (!/^[a-z]+(_[a-z]+)*$/.test(name))
    throw new TypeError(`"${name}" is no name for a job: use snake_case.`);
  if (definitions.has(name)) throw new TypeError(`There are two kinds of jobs named "${name}".`);
  const complete = { isCancellable: true, maxAttempts: null, ...definition };
  definitions.set(name, complete);
  return complete;
}

/** Says how jobs of this kind are done; a feature hands the result over in its parts. */
export function handleJob<Payload extends object, Checkpoint extends object, Prepared = void>(
  definition: JobDefinition<Payload>,
  handler: JobHandler<Payload, Checkpoint, Prepared>,
): JobHandling {
  return {
    definition,
    handler,
  };
}
