import { z } from 'zod';
import { text } from './setting';

export const secretsSection = z.strictObject({
  file: text({
    environment: 'GATEHOUSE_SECRETS_FILE',
    default: './data/secrets.json',
    allowed: 'the path of a file',
    description:
      'Signing keys and encryption keys, readable by its owner alone. Generated when missing, in development only; `gatehouse init` makes one for production.',
  }),
});

export type SecretsConfig = Readonly<z.output<typeof secretsSection>>;
