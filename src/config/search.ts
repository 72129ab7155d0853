import { z } from 'zod';
import { integer } from './setting';

export const searchSection = z.strictObject({
  perMinute: integer({
    default: 6_000,
    min: 0,
    max: 1_000_000,
    description:
      'Searches of one caller on this node: so many at once, and as many again spread over each minute; 0: any number.',
  }),
  timeoutMs: integer({
    default: 2_000,
    min: 50,
    max: 60_000,
    description: 'Milliseconds after which a search is cancelled inside the database.',
  }),
});

export type SearchConfig = Readonly<z.output<typeof searchSection>>;
