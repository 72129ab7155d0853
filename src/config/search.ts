import { z } from 'zod';
import { integer } from './setting';

export const searchSection = z.strictObject({
  timeoutMs: integer({
    default: 2_000,
    min: 50,
    max: 60_000,
    description: 'Milliseconds after which a search is cancelled inside the database.',
  }),
});

export type SearchConfig = Readonly<z.output<typeof searchSection>>;
