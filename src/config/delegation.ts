import { z } from 'zod';
import { choice } from './setting';

export const delegationSection = z.strictObject({
  defaultVisibility: choice(['NONE', 'ALL'], {
    derive: () => 'NONE' as const,
    defaultText: 'NONE',
    description:
      'Whom delegated administrators below the highest level reach while no filter is set: nobody, or everybody.',
  }),
});

export type DelegationConfig = Readonly<z.output<typeof delegationSection>>;
