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
  maxDepth: integer({
    default: 16,
    min: 1,
    max: 31,
    description: 'How deeply metadata may be nested.',
  }),
  maxKeyLength: integer({
    default: 255,
    min: 1,
    max: 255,
    description: 'Longest key of metadata, in characters.',
  }),
  maxSignUpFields: integer({
    default: 10,
    min: 0,
    max: 100,
    description: 'How many fields of user_metadata somebody who signs up may bring along.',
  }),
  maxSignUpTextLength: integer({
    default: 500,
    min: 1,
    max: 10_000,
    description: 'Longest text of such a field, in characters.',
  }),
});

export type MetadataConfig = Readonly<z.output<typeof metadataSection>>;
