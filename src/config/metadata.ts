import { z } from 'zod';
import { integer } from './setting';

export const metadataSection = z.strictObject({
  softLimitBytes: integer({
    default: 10_240,
    min: 1_024,
    max: 104_857_600,
    description: 'Size of a profile with its metadata above which a write is answered with a warning.',
  }),
  hardLimitBytes: integer({
    default: 1_048_576,
    min: 1_024,
    max: 104_857_600,
    description: 'Size of a profile with its metadata above which a write is refused.',
  }),
});

export type MetadataConfig = Readonly<z.output<typeof metadataSection>>;
