import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Agent, Dispatcher } from 'undici';
import ipaddr from 'ipaddr.js';

/** Calls to servers that an administrator has named. One answer or one fault, whatever the other side does. */
export interface Outbound {
  send(call: OutboundCall): Promise<OutboundAnswer>;
  close(): Promise<void>;
}

export interface OutboundCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the look-up of the name to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** The address stands in the operator's own configuration: it may be private, and without TLS. */
  readonly isConfigured?: boolean;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export type OutboundFaultReason =
  /** The URL cannot be called at all. */
  | 'URL_INVALID'
  /** The name leads to an address that is not public, or is not called by TLS, and that the operator has not allowed. */
  | 'ADDRESS_REFUSED'
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'TOO_LARGE'
  | 'REDIRECTED';

/** Why there is no answer. It holds neither the URL nor anything that was sent or received. */
export class OutboundFault extends Error {
  constructor(
    readonly reason: OutboundFaultReason,
    cause?: unknown,
  ) {
    super(`An outbound call failed: ${reason}.`, { cause });
    this.name = 'OutboundFault';
  }
}

export interface OutboundOptions {
  /** Networks in CIDR form whose private addresses may be called, without TLS too. */
  readonly allowedNetworks: readonly string[];
  /** For tests: how names become addresses. */
  readonly lookUp?: typeof lookup;
}

type Network = ReturnType<typeof ipaddr.parseCIDR>;

/**
 * Calls with limits for time and size, without redirects. `https` reaches public addresses; everything else needs an allowed network.
 * SECURITY: server-side request forgery. The address is looked at after the name was looked up, and that very address is connected to, so a
 * name cannot lead elsewhere in between.
 */
export function createOutbound({ allowedNetworks, lookUp = lookup }: OutboundOptions): Outbound {
  const networks = allowedNetworks.map((network) => ipaddr.parseCIDR(network));
  let made: Promise<Agents> | undefined;
  const agentsOf = (): Promise<Agents> =>
    (made ??= makeAgents((isGood) => guardedLookUp(lookUp, isGood), networks));
  return {
    send: async (call) => {
      const url = urlOf(call.url);
      if (call.isConfigured === true) return exchange((await agentsOf()).configured, url, call);
      const isSecure = url.protocol === 'https:';
      const host = url.hostname.replace(/^\[|\]$/g, '');
      // A literal address is connected to without a look-up.
      if (isIP(host) !== 0 && !isAllowed(host, isSecure, networks))
        throw new OutboundFault('ADDRESS_REFUSED');
      return exchange((await agentsOf())[url.protocol as 'http:' | 'https:'], url, call);
    },
    close: async () => {
      if (made) await Promise.all(Object.values(await made).map((agent) => agent.destroy()));
    },
  };
}

type Agents = Readonly<Record<'https:' | 'http:' | 'configured', Agent>>;

/** Made at the first call: most starts of the program need no client. */
async function makeAgents(
  lookUpFor: (isGood: (address: string) => boolean) => LookupFunction,
  networks: readonly Network[],
): Promise<Agents> {
  const { Agent } = await import('undici');
  const agentFor = (isGood: (address: string) => boolean): Agent =>
    new Agent({ connect: { lookup: lookUpFor(isGood) }, connections: 32, pipelining: 1 });
  return {
    'https:': agentFor((address) => isAllowed(address, true, networks)),
    'http:': agentFor((address) => isAllowed(address, false, networks)),
    configured: agentFor(() => true),
  };
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isUsable =
    url !== null && ['https:', 'http:'].includes(url.protocol) && url.username + url.password === '';
  if (!isUsable) throw new OutboundFault('URL_INVALID');
  return url;
}

/** Public addresses by TLS; any address of an allowed network. */
function isAllowed(address: string, isSecure: boolean, networks: readonly Network[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const isNamed = networks.some(([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits));
  return isNamed || (isSecure && parsed.range() === 'unicast');
}

function guardedLookUp(lookUp: typeof lookup, isGood: (address: string) => boolean): LookupFunction {
  return (host, options, callback) => {
    lookUp(host, { ...options, all: true }, (error, found) => {
      const all = error ? [] : found;
      const addresses = all.filter(({ address }) => isGood(address));
      const [first] = addresses;
      if (error) callback(error, '', 0);
      else if (!first) callback(new OutboundFault('ADDRESS_REFUSED'), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

async function exchange(agent: Agent, url: URL, call: OutboundCall): Promise<OutboundAnswer> {
  const signal = AbortSignal.timeout(call.timeoutMs);
  try {
    const answer = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: call.method,
      headers: { ...call.headers },
      body: call.body ?? null,
      signal,
      headersTimeout: call.timeoutMs,
      bodyTimeout: call.timeoutMs,
    });
    const body = await readBody(answer, call.maxBytes);
    // Whoever follows a redirect sends the password to whom the first server names.
    if (answer.statusCode >= 300 && answer.statusCode < 400) throw new OutboundFault('REDIRECTED');
    return { status: answer.statusCode, body };
  } catch (error) {
    throw faultOf(error, signal);
  }
}

async function readBody({ headers, body }: Dispatcher.ResponseData, maxBytes: number): Promise<Buffer> {
  // What says itself that it is too much is not read at all.
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    body.on('error', () => undefined).destroy();
    throw new OutboundFault('TOO_LARGE');
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys the stream, and with it the connection.
    if (bytes > maxBytes) throw new OutboundFault('TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const timeouts = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

function faultOf(error: unknown, signal: AbortSignal): OutboundFault {
  if (error instanceof OutboundFault) return error;
  const { cause, code } = (error ?? {}) as { readonly cause?: unknown; readonly code?: unknown };
  if (cause instanceof OutboundFault) return cause;
  const isLate = signal.aborted || (typeof code === 'string' && timeouts.has(code));
  return new OutboundFault(isLate ? 'TIMEOUT' : 'UNREACHABLE', error);
}
