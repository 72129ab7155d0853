import type { ExecutionResult } from 'graphql';
import type { Call } from '#src/access/call';
import type { Gate } from '#src/access/gate';
import type { CsrfVerdict } from '#src/http/csrf';
import type { SelectedFields } from '#src/graphql/operation-plan';
import type { RequestRecord } from '#src/http/request-record';
import type { OwnUser } from '#src/graphql/own-user';
import { RequestLoader, type LoaderDefinition } from '#src/graphql/request-loader';

/** What the resolvers of one request share. */
export interface RequestContext extends Call {
  /** The field decisions of this call; see `access/gate.ts`. */
  readonly gate: Gate;
  readonly http: RequestHttp;
  /** The fields of each type that the running operation selects; set by the executor. Read by `neededColumns`. */
  selected?: ReadonlyMap<string, SelectedFields>;
  /** Whether a field of the running operation may be open for some objects and closed for others; set by the executor. */
  judgesObjects?: boolean;
  /** The signed-in user of a query that was asked before. */
  readonly own?: OwnUser;
  /** What the operation came to, where the short way has executed it and left the answer to the whole way. */
  executed?: Promise<ExecutionResult>;
  /** This request's loader for a definition; made at first use. */
  load<Key extends string, Value>(definition: LoaderDefinition<Key, Value>): RequestLoader<Key, Value>;
}

/** The part of the HTTP exchange that sign-in and sign-out need. */
export interface RequestHttp {
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** The session cookie as the browser sent it, or undefined. */
  readonly sessionCookie: string | undefined;
  /** Counts the request as use of the session of its cookie. */
  readonly touch?: () => void;
  /** The cookie that keeps the own session of somebody who acts in the name of another. */
  readonly actorCookie?: string | undefined;
  /** All cookies as the browser sent them. */
  readonly cookieHeader?: string | undefined;
  /** Whether this came from a browser, as far as its headers tell. */
  readonly isBrowser?: boolean;
  /** Whether an operation that proves an identity may come from where this request comes from; see `http/csrf.ts`. */
  readonly credentialVerdict: CsrfVerdict;
  /** Adds one `Set-Cookie` header. */
  setCookie(header: string): void;
  /** Sets another header of the answer. */
  setHeader?(name: string, value: string): void;
  /** What is to be done when the operation has run, before its answer is sent. */
  readonly complete?: () => Promise<void>;
  readonly record: RequestRecord;
}

/** The loaders of one request, made at first use. */
export function createLoaders(context: () => RequestContext): RequestContext['load'] {
  const loaders = new Map<unknown, unknown>();
  return <Key extends string, Value>(definition: LoaderDefinition<Key, Value>) => {
    let loader = loaders.get(definition) as RequestLoader<Key, Value> | undefined;
    if (!loader) {
      loader = new RequestLoader(definition, context());
      loaders.set(definition, loader);
    }
    return loader;
  };
}
