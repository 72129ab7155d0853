import { defineErrors } from '#src/shared/errors';

export const jobErrors = defineErrors({
  JOB_NOT_CANCELLABLE: {
    kind: 'conflict',
    message: 'Jobs of this kind cannot be cancelled, because they finish what is decided already.',
  },
  JOB_FINISHED: { kind: 'conflict', message: 'The job is over and cannot be cancelled any more.' },
});
