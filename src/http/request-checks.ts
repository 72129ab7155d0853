import type { IncomingHttpHeaders } from 'node:http';
import type { HttpConfig } from '#src/config/http';
import type { GatehouseError } from '#src/shared/errors';
import { httpErrors } from './http.errors';

const plainJson = /^application\/json(\s*;\s*charset\s*=\s*"?utf-?8"?)?\s*$/i;

/** What is wrong with the headers of a request, or null. Runs before the body is read. */
export function headerProblem(
  method: string,
  headers: IncomingHttpHeaders,
  config: Pick<HttpConfig, 'cookieHeaderBytes'>,
  isStream = false,
): GatehouseError | null {
  const cookies = headers.cookie;
  if (cookies !== undefined && Buffer.byteLength(cookies, 'latin1') > config.cookieHeaderBytes) {
    return httpErrors.HEADERS_TOO_LARGE({
      message: 'The Cookie header is too large. Delete cookies of this site and retry.',
      extensions: { limit: config.cookieHeaderBytes },
    });
  }
  const type = headers['content-type'];
  if (type !== undefined && type !== 'application/json') {
    const problem = contentTypeProblem(method, type);
    if (problem) return problem;
  }
  const encoding = headers['content-encoding'];
  // A route that reads its body itself bounds what it unpacks.
  if (!isStream && encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return httpErrors.UNSUPPORTED_MEDIA_TYPE({
      message: 'Compressed request bodies are not read. Send the body without Content-Encoding.',
    });
  }
  return null;
}

function contentTypeProblem(method: string, type: string): GatehouseError | null {
  // SECURITY: a browser bug let other sites send a GET with a content type of their choice and so pass for a
  // request that needs a preflight (GHSA-9q82-xgwf-vj6h). No honest GET carries another type than this.
  if ((method === 'GET' || method === 'HEAD') && !plainJson.test(type)) {
    return httpErrors.UNSUPPORTED_MEDIA_TYPE({
      message: 'Send no Content-Type with GET, or application/json.',
    });
  }
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    return httpErrors.UNSUPPORTED_MEDIA_TYPE({ message: 'Only the charset utf-8 is read.' });
  }
  return null;
}
