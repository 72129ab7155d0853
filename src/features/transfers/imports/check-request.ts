import type { Call } from '#src/access/call';
import { commonErrors } from '#src/shared/errors';
import { importOptions, type GivenImportOptions, type ImportOptions } from './import-options';

/** The options with their defaults; VALIDATION_FAILED names a wrong one. */
export function parseOptions(given: GivenImportOptions): ImportOptions {
  const parsed = importOptions.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw commonErrors.VALIDATION_FAILED({
    message: `The option ${field} is not valid.`,
    extensions: { field },
  });
}

/** FORBIDDEN for callers who may not import in this way. */
export function refuseCaller(
  { principal }: Pick<Call, 'principal'>,
  { upsert, createMissing }: ImportOptions,
): void {
  if (principal.organizationId !== null)
    // SECURITY: a taken address would tell a caller bound to an organization about users outside it.
    throw commonErrors.FORBIDDEN({
      message: 'Users are imported by callers that are not bound to an organization.',
    });
  if (!principal.permissions.has('create:users'))
    throw commonErrors.FORBIDDEN({ message: 'Importing users needs the permission create:users.' });
  if (upsert && !principal.permissions.has('update:users'))
    throw commonErrors.FORBIDDEN({
      message: 'Changing users by an import needs the permission update:users.',
    });
  if (createMissing && !principal.permissions.has('create:roles'))
    throw commonErrors.FORBIDDEN({ message: 'Making roles by an import needs the permission create:roles.' });
}
