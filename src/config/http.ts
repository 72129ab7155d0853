import { z } from 'zod';
import { issuerProblem, webOriginProblem } from './origin';
import { derivedText, flag, integer, list, text } from './setting';

export const httpSection = z.strictObject({
  host: text({
    environment: 'GATEHOUSE_HOST',
    default: '127.0.0.1',
    allowed: 'an address or name of this machine',
    description: 'Address to listen on. `0.0.0.0` or `::` means every address of the machine.',
  }),
  port: integer({
    environment: 'GATEHOUSE_PORT',
    default: 4000,
    min: 0,
    max: 65535,
    description: 'Port to listen on. 0 takes any free port.',
  }),
  issuer: derivedText({
    environment: 'GATEHOUSE_ISSUER',
    derive: ({ port }) => `http://127.0.0.1:${port}`,
    defaultText: 'http://127.0.0.1:<port>',
    allowed: 'an https URL, or an http URL on loopback, without query, fragment and credentials',
    check: issuerProblem,
    description:
      'Public base URL: the `iss` of tokens and the origin of the cookies. Never taken from a request.',
  }),
  allowedWebOrigins: list({
    environment: 'GATEHOUSE_ALLOWED_WEB_ORIGINS',
    default: [],
    allowed: 'origins such as https://app.example.com, separated by commas',
    check: webOriginProblem,
    description:
      'Origins of browser applications that may call with the session cookie, beside the issuer itself.',
  }),
  trustedProxies: integer({
    environment: 'GATEHOUSE_TRUSTED_PROXIES',
    default: 0,
    min: 0,
    max: 10,
    description:
      'How many proxies stand in front. The client address is that many hops from the right in X-Forwarded-For; with 0 the header is ignored. Above 0, only those proxies may be able to reach the port.',
  }),
  trustRequestId: flag({
    derive: () => false,
    defaultText: 'false',
    description: 'Whether an X-Request-Id header is taken over. Only for a proxy that sets it itself.',
  }),
  bodyLimitBytes: integer({
    default: 1_048_576,
    min: 1_024,
    max: 104_857_600,
    description: 'Largest request body; a larger one is answered 413 without being read.',
  }),
  jsonDepth: integer({
    default: 32,
    min: 4,
    max: 200,
    description: 'How deep arrays and objects of a JSON body may nest.',
  }),
  headerBytes: integer({
    default: 16_384,
    min: 4_096,
    max: 65_536,
    description: 'Largest total of request headers; more is answered 431.',
  }),
  cookieHeaderBytes: integer({
    default: 8_192,
    min: 1_024,
    max: 32_768,
    description: 'Largest Cookie header; a larger one is answered 431.',
  }),
  headersTimeoutMs: integer({
    default: 10_000,
    min: 100,
    max: 120_000,
    description: 'Milliseconds a client may take to send its request headers.',
  }),
  requestTimeoutMs: integer({
    default: 30_000,
    min: 100,
    max: 600_000,
    description: 'Milliseconds a client may take to send the whole request.',
  }),
  deadlineMs: integer({
    default: 30_000,
    min: 100,
    max: 600_000,
    description: 'Milliseconds after which a request that is still being worked on is answered 503.',
  }),
  keepAliveTimeoutMs: integer({
    default: 65_000,
    min: 0,
    max: 600_000,
    description: 'Milliseconds an idle connection is kept. Longer than that of a proxy in front.',
  }),
  stopDelayMs: integer({
    default: 0,
    min: 0,
    max: 60_000,
    description:
      'Milliseconds after SIGTERM in which a node still takes requests while `/health/ready` already answers 503, so that balancers turn elsewhere first.',
  }),
  drainMs: integer({
    default: 9_000,
    min: 0,
    max: 9_500,
    description:
      'Milliseconds that running requests get to finish after that before their connections are cut.',
  }),
});

export type HttpConfig = Readonly<z.output<typeof httpSection>>;
