import { createHmac } from 'node:crypto';
import type { Clock } from '#src/shared/clock';
import { OutboundFault, type Outbound, type OutboundAnswer, type OutboundCall } from '#src/http/outbound';
import { SourceFault } from './migration-source';
import type { SettingsOf } from './source-settings';

/** What sources that are called over HTTP need. */
export interface CallParts {
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

type Authentication = SettingsOf<'HTTP'>['authentication'];

interface SourceCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: object;
}

/** Calls the source as the gateway; a SourceFault for everything that is no answer. */
export async function callSource(
  parts: CallParts,
  authentication: Authentication,
  { method, url, body: content }: SourceCall,
): Promise<OutboundAnswer> {
  const body = content === undefined ? null : JSON.stringify(content);
  const headers: Record<string, string> = {
    accept: 'application/json',
    ...(body === null ? {} : { 'content-type': 'application/json' }),
    ...authenticationHeaders(authentication, { method, url, body: body ?? '' }, parts.clock),
  };
  return sendToSource(parts, { method, url, headers, ...(body === null ? {} : { body }) });
}

/** The call as it is; a SourceFault for everything that is no answer. */
export async function sendToSource(
  { outbound, timeoutMs, maxBytes }: Omit<CallParts, 'clock'>,
  call: Omit<OutboundCall, 'timeoutMs' | 'maxBytes'>,
): Promise<OutboundAnswer> {
  try {
    return await outbound.send({ ...call, timeoutMs, maxBytes });
  } catch (error) {
    if (error instanceof OutboundFault) throw new SourceFault(error.reason, error);
    throw error;
  }
}

/** `t` are seconds; what is signed is time, method, path and body, one line each. */
function authenticationHeaders(
  authentication: Authentication,
  { method, url, body }: { readonly method: string; readonly url: string; readonly body: string },
  clock: Clock,
): Record<string, string> {
  if (authentication === null) return {};
  if (authentication.kind === 'BEARER') return { authorization: `Bearer ${authentication.token}` };
  if (authentication.kind === 'BASIC') {
    const { username, password } = authentication;
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  }
  const seconds = Math.floor(clock.now() / 1_000);
  const signed = [seconds, method, new URL(url).pathname, body].join('\n');
  const signature = createHmac('sha256', authentication.key).update(signed).digest('hex');
  return { 'gatehouse-signature': `t=${seconds},v1=${signature}` };
}

/** The JSON object of an answer; BAD_ANSWER for anything else. */
export function objectIn(answer: OutboundAnswer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(answer.body.toString('utf8'));
  } catch {
    throw new SourceFault('BAD_ANSWER');
  }
  return asObject(value);
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new SourceFault('BAD_ANSWER');
  return value as Readonly<Record<string, unknown>>;
}
