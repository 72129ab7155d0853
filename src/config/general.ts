import { z } from 'zod';
import { choice, flag } from './setting';

/** Keys outside any section. */
export const generalSection = z.strictObject({
  profile: choice(['development', 'production'], {
    environment: 'GATEHOUSE_PROFILE',
    derive: ({ profile }) => profile,
    defaultText: 'development; production when NODE_ENV is production',
    description:
      'What the deployment is for. Production refuses generated development secrets and demo data, and switches GraphiQL and introspection off.',
  }),
  demoData: flag({
    environment: 'GATEHOUSE_DEMO_DATA',
    derive: ({ profile }) => profile === 'development',
    defaultText: 'true in development, false in production',
    description: 'Whether `serve` loads the demo data set into an empty database. Refused in production.',
  }),
});
