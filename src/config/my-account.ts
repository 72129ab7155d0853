import { z } from 'zod';
import { integer } from './setting';

export const myAccountSection = z.strictObject({
  deletionGraceDays: integer({
    default: 14,
    min: 0,
    max: 365,
    description: 'Days until an account that its owner deletes is gone, and may still be kept; 0: at once.',
  }),
  maxIdentities: integer({
    default: 10,
    min: 1,
    max: 50,
    description: 'Most identities of a user who links accounts.',
  }),
});

export type MyAccountConfig = Readonly<z.output<typeof myAccountSection>>;
