import { z } from 'zod';
import { choice, flag, integer, text } from './setting';

const off = (description: string) => flag({ derive: () => false, defaultText: 'false', description });
const on = (description: string) => flag({ derive: () => true, defaultText: 'true', description });

/** Stands for a file that is not set. */
export const noFile = 'none';

export const passwordsSection = z.strictObject({
  minLength: integer({
    default: 12,
    min: 8,
    max: 128,
    description: 'Characters that a new password has at least, where its connection says nothing else.',
  }),
  maxLength: integer({
    default: 256,
    min: 64,
    max: 256,
    description: 'Characters that a new password has at most.',
  }),
  classes: integer({
    default: 0,
    min: 0,
    max: 4,
    description: 'Kinds of characters (lower case, upper case, digits, others) that a new password needs.',
  }),
  noSequential: off('Whether a new password may not hold three characters in sequence, such as abc or 321.'),
  noIdentical: off('Whether a new password may not hold the same character three times in a row.'),
  history: integer({
    default: 0,
    min: 0,
    max: 24,
    description: 'Former passwords of a user that may not be used again.',
  }),
  dictionary: choice(['NONE', 'TOP_10K', 'TOP_49K'], {
    derive: () => 'TOP_10K',
    defaultText: 'TOP_10K',
    description:
      'How many of the most common passwords are refused, alone or with digits and signs behind them: 10,000, or all 49,233 that are known here.',
  }),
  personalData: on(
    'Whether a new password may not hold the name, username, nickname or mail name of its user, nor the name of an organization of the user.',
  ),
  rehashImported: on(
    'Whether the hash of another system is replaced by one of our own at the first sign-in; where it is not, users can still be moved back.',
  ),
  wrapImported: off(
    'Whether digests of other systems (MD5, SHA-1, SHA-256, HMAC …) are hashed once more with argon2id when they come in; each such row then takes as long as a sign-in.',
  ),
  breachedSource: choice(['NONE', 'FILE', 'RANGE'], {
    derive: () => 'NONE',
    defaultText: 'NONE',
    description:
      'Where passwords that were published in breaches are looked up: a file of this machine, or a range service that learns the first five digits of their SHA-1.',
  }),
  breachedFile: text({
    default: noFile,
    allowed: `the path of a file, or ${noFile}`,
    description:
      'Lines `SHA1:COUNT` in the order of the hashes, as the Pwned Passwords downloader writes them.',
  }),
  breachedUrl: text({
    default: 'https://api.pwnedpasswords.com/range/',
    allowed: 'an http or https URL that ends with /',
    check: (value) => (URL.canParse(value) && /^https?:.*\/$/.test(value) ? null : 'is no such URL'),
    description: 'The range service; five hexadecimal digits are put behind it.',
  }),
  breachedOnSignUp: on('Whether such passwords are refused at sign-up.'),
  breachedOnSignIn: on(
    'Whether such passwords no longer sign in; the user gets a message with a link to change it.',
  ),
  breachedOnReset: on('Whether such passwords are refused when a password is changed or reset.'),
  breachedTestMode: off(
    'Whether every password that begins with GID-TEST- counts as published, for tests of frontends.',
  ),
});

export type PasswordsConfig = Readonly<z.output<typeof passwordsSection>>;
