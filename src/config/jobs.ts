import { z } from 'zod';
import { flag, integer } from './setting';

export const jobsSection = z.strictObject({
  enabled: flag({
    derive: () => true,
    defaultText: 'true',
    description: 'Whether this node works on jobs in the background; of several nodes at least one must.',
  }),
  concurrency: integer({
    default: 2,
    min: 1,
    max: 32,
    description: 'Jobs that one node works on at the same time.',
  }),
  pollMs: integer({
    default: 1_000,
    min: 50,
    max: 60_000,
    description: 'How often an idle worker looks for jobs, in milliseconds.',
  }),
  leaseSeconds: integer({
    default: 30,
    min: 5,
    max: 3_600,
    description: 'After this long without a sign of life of its worker a job is taken over.',
  }),
  chunkMs: integer({
    default: 25,
    min: 5,
    max: 1_000,
    description: 'How long one write transaction of a job should take, in milliseconds: chunks adapt to it.',
  }),
  inlineMs: integer({
    default: 500,
    min: 0,
    max: 10_000,
    description:
      'How long a request may itself work on the job that it asked for before it leaves the rest to a worker, in milliseconds.',
  }),
  maxAttempts: integer({
    default: 5,
    min: 1,
    max: 100,
    description: 'Tries without progress before a job fails.',
  }),
  retrySeconds: integer({
    default: 2,
    min: 1,
    max: 3_600,
    description: 'Wait before the second try; it doubles with each further one.',
  }),
  maxRetrySeconds: integer({
    default: 300,
    min: 1,
    max: 86_400,
    description: 'Longest wait between two tries.',
  }),
  retentionDays: integer({
    default: 30,
    min: 1,
    max: 3_650,
    description: 'Days that jobs which are over are kept for the record.',
  }),
});

export type JobsConfig = Readonly<z.output<typeof jobsSection>>;
