import { z } from 'zod';
import { choice } from './setting';

export const loggingSection = z.strictObject({
  level: choice(['debug', 'info', 'warn', 'error', 'silent'], {
    environment: 'GATEHOUSE_LOG_LEVEL',
    derive: () => 'info',
    defaultText: 'info',
    description: 'The least important lines that are written.',
  }),
  format: choice(['json', 'pretty'], {
    derive: ({ profile }) => (profile === 'production' ? 'json' : 'pretty'),
    defaultText: 'pretty in development, json in production',
    description: 'One JSON object a line for machines, or readable text.',
  }),
});

export type LoggingConfig = Readonly<z.output<typeof loggingSection>>;
