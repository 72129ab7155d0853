import { z } from 'zod';
import { integer, text } from './setting';

export const transfersSection = z.strictObject({
  folder: text({
    default: './data/transfers',
    allowed: 'a folder that this process may write to',
    description: 'Where uploads are kept until they are read. It is made when it is missing.',
  }),
  maxFileBytes: integer({
    default: 104_857_600,
    min: 1_024,
    max: 10_737_418_240,
    description: 'Largest file of an import, after unpacking.',
  }),
  maxRowBytes: integer({
    default: 65_536,
    min: 1_024,
    max: 16_777_216,
    description: 'Largest row of an import.',
  }),
  maxInlineRows: integer({
    default: 1_000,
    min: 1,
    max: 10_000,
    description: 'Most rows that an importUsers mutation brings itself.',
  }),
  maxConcurrent: integer({
    default: 2,
    min: 1,
    max: 100,
    description:
      'Imports that may run at the same time; a further one is refused, or waits when it says `queue`.',
  }),
  maxQueued: integer({
    default: 20,
    min: 1,
    max: 1_000,
    description: 'Imports and exports that may be unfinished, those that wait included.',
  }),
  uploadIdleSeconds: integer({
    default: 30,
    min: 1,
    max: 3_600,
    description: 'An upload of which nothing arrives for so long is ended.',
  }),
  maxUploadSeconds: integer({
    default: 3_600,
    min: 10,
    max: 86_400,
    description: 'How long an upload may take.',
  }),
  uploadSlotSeconds: integer({
    default: 600,
    min: 10,
    max: 86_400,
    description:
      'How long the address of createUploadSlot is good: its file must begin to arrive until then.',
  }),
  maxWorkMinutes: integer({
    default: 120,
    min: 1,
    max: 10_080,
    description: 'Minutes of work after which an import fails.',
  }),
  retryHours: integer({
    default: 24,
    min: 1,
    max: 720,
    description:
      'Hours for which the content of failed rows is kept, sealed, so that they can be tried again.',
  }),
  reportDays: integer({
    default: 30,
    min: 1,
    max: 3_650,
    description: 'Days for which the report of an import is kept.',
  }),
  exportHours: integer({
    default: 24,
    min: 1,
    max: 720,
    description: 'Hours for which the file of an export can be fetched.',
  }),
  approvalHours: integer({
    default: 24,
    min: 1,
    max: 168,
    description: 'Hours within which somebody else must approve an export with credentials.',
  }),
  downloadSeconds: integer({
    default: 60,
    min: 1,
    max: 3_600,
    description: 'Longest validity of a download link.',
  }),
});

export type TransfersConfig = Readonly<z.output<typeof transfersSection>>;
