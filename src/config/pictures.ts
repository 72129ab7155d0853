import { z } from 'zod';
import { flag, text } from './setting';

const httpsUrl = (value: string): boolean =>
  value.startsWith('https://') && value.length <= 2048 && URL.canParse(value);

export const picturesSection = z.strictObject({
  gravatar: flag({
    derive: () => true,
    defaultText: 'true',
    description:
      'Whether users without a picture get one from Gravatar by a hash of their e-mail address. A connection can say otherwise for its users.',
  }),
  initialsBaseUrl: text({
    default: 'issuer',
    allowed: '`issuer`, or an https URL that ends in a slash',
    check: (value) =>
      value === 'issuer' || (httpsUrl(value) && value.endsWith('/'))
        ? null
        : 'must be `issuer` or an https URL that ends in a slash',
    description:
      'Where images of initials are fetched from, as `<letters>.svg` below it. The gateway serves them itself below its issuer.',
  }),
  defaultImage: text({
    default: 'initials',
    allowed: '`initials`, or an https URL of at most 2048 characters',
    check: (value) =>
      value === 'initials' || httpsUrl(value)
        ? null
        : 'must be `initials` or an https URL of at most 2048 characters',
    description: 'Picture of users of whom there is none.',
  }),
});

export type PicturesConfig = Readonly<z.output<typeof picturesSection>>;
