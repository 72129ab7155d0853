import { commonErrors } from '#src/shared/errors';
import { UniqueViolation } from '#src/storage/storage.errors';

/** Runs a write whose only unique rule is that of one field; CONFLICT, with this sentence, when its value is taken. */
export async function refuseTaken<Result>(
  { field, message }: { readonly field: string; readonly message: string },
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error;
    throw commonErrors.CONFLICT({ message, extensions: { field } });
  }
}
