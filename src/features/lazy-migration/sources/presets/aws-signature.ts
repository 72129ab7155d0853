import { createHash, createHmac } from 'node:crypto';
import { toIso } from '#src/shared/clock';

export interface ToSign {
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Without a query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly now: number;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The headers of a POST with those of AWS Signature Version 4. */
export function signedHeaders(asked: ToSign): Record<string, string> {
  const { service, region, accessKeyId, secretAccessKey, headers, body, now } = asked;
  const url = new URL(asked.url);
  const time = `${toIso(now).replace(/[-:]|\.\d{3}/g, '')}`;
  const day = time.slice(0, 8);
  const all: Record<string, string> = { ...headers, host: url.host, 'x-amz-date': time };
  const names = Object.keys(all).sort();
  const list = names.join(';');
  const lines = names.map((name) => `${name}:${all[name] ?? ''}\n`).join('');
  const canonical = ['POST', url.pathname, '', lines, list, sha256(body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
    (before, part) => hmac(before, part),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString(
    'hex',
  );
  const { host: _host, ...sent } = all;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${list}, Signature=${signature}`,
  };
}
