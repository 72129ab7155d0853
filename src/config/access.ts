import { z } from 'zod';
import { integer } from './setting';

export const accessSection = z.strictObject({
  lookUpsPerMinute: integer({
    default: 30,
    min: 1,
    max: 1_000,
    description:
      'How often a minute a caller may look users up by a value that it may not read, where a rule accepts that risk.',
  }),
  policyRefreshMs: integer({
    default: 1_000,
    min: 100,
    max: 2_000,
    description: 'How often a node asks whether stored attribute rules or the blacklist changed.',
  }),
  policyMaxAgeMs: integer({
    default: 60_000,
    min: 2_000,
    max: 600_000,
    description:
      'Age from which rules that cannot be read anew are no longer trusted: requests are then refused.',
  }),
});

export type AccessConfig = Readonly<z.output<typeof accessSection>>;
