import { z } from 'zod';
import type { DerivedKey, Secrets } from '#src/config/open-secrets';
import { sealText, tryOpenText } from '#src/config/seal-text';
import { defineJob, handleJob, type JobHandling } from '#src/jobs/define-job';
import {
  findSealedByOthers,
  framed,
  replaceSealed,
  type SealedColumn,
  type SealedValue,
} from '#src/storage/sealed-column';

const payload = z.strictObject({});

export const reseal = defineJob({
  name: 'reseal_secrets',
  description:
    'Encrypts stored secrets anew that another key than the first encryption key has encrypted, and those that rest in clear text from before.',
  payload,
});

interface Checkpoint {
  /** Which column. */
  readonly at: number;
  readonly after: readonly string[] | null;
}

/** A secret whose key is gone stays as it is and counts as failed. */
export function resealHandling(
  secrets: Pick<Secrets, 'ring'>,
  columns: readonly SealedColumn[],
): JobHandling {
  return handleJob<z.output<typeof payload>, Checkpoint>(reseal, {
    async chunk({ store, checkpoint, size }) {
      const { at, after } = checkpoint ?? { at: 0, after: null };
      const column = columns[at];
      if (column === undefined) return { isDone: true, checkpoint: { at, after: null } };
      const ring = secrets.ring(column.purpose);
      const kid = ring[0]?.kid ?? '';
      const values = await findSealedByOthers(store, column, { kid, after, limit: size });
      let changed = 0;
      let failed = 0;
      for (const value of values) {
        const next = sealedAnew(ring, column, value);
        if (next === null) failed += 1;
        else if (await replaceSealed(store, column, value, next)) changed += 1;
      }
      const last = values.length < size ? null : (values.at(-1)?.keys ?? null);
      return {
        isDone: last === null && at + 1 >= columns.length,
        checkpoint: last === null ? { at: at + 1, after: null } : { at, after: last },
        counts: { processed: values.length, changed, failed },
      };
    },
  });
}

/** Null: no key opens it. */
function sealedAnew(
  ring: readonly DerivedKey[],
  column: SealedColumn,
  { keys, sealed }: SealedValue,
): string | null {
  const place = column.boundTo(keys);
  if (column.clear !== undefined && sealed.startsWith(column.clear.begins))
    return column.clear.seal(ring, place, sealed);
  const inside = framed(column, sealed);
  const text = tryOpenText(ring, place, inside.sealed);
  return text === null ? null : inside.with(sealText(ring, place, text));
}
