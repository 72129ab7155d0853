import { z } from 'zod';

/** How an export is made, beside its fields. Stored with the job. */
export const exportOptions = z.strictObject({
  query: z.string().max(2_000).nullable(),
  limit: z.int().min(1).nullable(),
  gzip: z.boolean(),
});
export type ExportOptions = Readonly<z.output<typeof exportOptions>>;
