import { z } from 'zod';
import { choice, integer, text } from './setting';

const day = 24 * 3_600;

/** When a second factor is asked for at sign-in. */
export const mfaPolicies = ['NEVER', 'IF_ENROLLED', 'ALWAYS'] as const;
export type MfaPolicy = (typeof mfaPolicies)[number];

export const factorsSection = z.strictObject({
  mfaPolicy: choice(mfaPolicies, {
    derive: () => 'IF_ENROLLED',
    defaultText: 'IF_ENROLLED',
    description:
      'When a sign-in asks for a second factor: never, if the user has one, or always (who has none enrols one during the sign-in).',
  }),
  stepUpSeconds: integer({
    default: 900,
    min: 60,
    max: day,
    description: 'How long ago the last proof may be for changes of one’s own credentials and account.',
  }),
  rememberDeviceSeconds: integer({
    default: 30 * day,
    min: 0,
    max: 365 * day,
    description:
      'How long a device may be remembered, so that it is not asked for a second factor; 0: never.',
  }),
  serviceName: text({
    default: 'Gatehouse',
    allowed: 'a name of 1 to 64 characters without a colon',
    check: (value) => (/^[^:\p{Cc}]{1,64}$/u.test(value) ? null : 'is no usable name'),
    description: 'The name that authenticator apps and passkey dialogs show.',
  }),
});

export type FactorsConfig = Readonly<z.output<typeof factorsSection>>;
