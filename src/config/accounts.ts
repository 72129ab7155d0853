import { z } from 'zod';
import { integer, list } from './setting';

const hour = 3_600;
const day = 24 * hour;

export const accountsSection = z.strictObject({
  verificationSeconds: integer({
    default: day,
    min: 60,
    max: 5 * day,
    description: 'How long the link that verifies an e-mail address is good.',
  }),
  codeSeconds: integer({
    default: 600,
    min: 60,
    max: hour,
    description: 'How long the six digits in the same message are good.',
  }),
  resetSeconds: integer({
    default: hour,
    min: 60,
    max: day,
    description: 'How long the link of a password reset is good that the user asked for.',
  }),
  revertSeconds: integer({
    default: 3 * day,
    min: hour,
    max: 30 * day,
    description: 'How long the former owner of a changed e-mail address can take the change back.',
  }),
  signUpMetadata: list({
    default: [],
    allowed: 'names of user_metadata, each of letters, digits and underscores',
    check: (value) => (/^\w{1,64}$/.test(value) ? null : 'is no such name'),
    description: 'The members of user_metadata that people may give about themselves at sign-up.',
  }),
  resultUrls: list({
    default: [],
    allowed: 'origins such as https://app.example.com',
    check: (value) =>
      URL.canParse(value) && new URL(value).origin === value
        ? null
        : 'is no origin (scheme, host and port alone)',
    description: 'Origins that ticket pages may send people to afterwards (`resultUrl`).',
  }),
});

export type AccountsConfig = Readonly<z.output<typeof accountsSection>>;
