import { defineErrors, GatehouseError, type ErrorKind } from '#src/shared/errors';
import type { JobFault } from './job';

/** Why a job failed: what its maker reads where the handler gave no reason of its own. */
export const jobFaults = defineErrors({
  JOB_FAILED: { kind: 'internal', message: 'The job failed on our side, and trying again did not help.' },
  JOB_PAYLOAD_INVALID: { kind: 'invalid', message: 'What the job was asked to do is not understood.' },
});

/** Trying again changes nothing about these. */
const permanentKinds: ReadonlySet<ErrorKind> = new Set([
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
]);

export function isPermanent(error: unknown): boolean {
  return error instanceof GatehouseError && permanentKinds.has(error.kind);
}

/** SECURITY: only messages meant for callers leave; the rest may hold values or SQL and goes to the log alone. */
export function faultOf(error: unknown): JobFault {
  const known = error instanceof GatehouseError ? error : jobFaults.JOB_FAILED();
  return { code: known.code, message: known.message };
}
