import type { FastifyReply, FastifyRequest } from 'fastify';

export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';

/** An address the server answers. The composition root collects them; the server knows none of the product's by itself. */
export interface Route {
  readonly methods: readonly RouteMethod[];
  /** Path without query; also the label in logs and metrics, so its number of values is bounded. */
  readonly path: string;
  /** Answers a value that is sent, or sends it by itself. A JSON body is in `request.body`. */
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => unknown;
  /** The body is a form: its fields are in `request.body` as a map. Every other route refuses forms, which foreign pages can send. */
  readonly takesForm?: boolean;
  /** The form stands in a page of ours (`formToken`): one that another site sends is answered before the handler runs. */
  readonly isOwnForm?: boolean;
  /** The most bytes of such a form, where its fields hold more than a page of ours sends. */
  readonly formBytes?: number;
  /** Which pages of other origins may call it is decided by its handler, preflights included: the general list does not count here. */
  readonly ownsCors?: boolean;
  /** Machines poll it: logged at level debug only. */
  readonly isPolled?: boolean;
  /** Reads its body itself, whatever its type and size; it has no deadline. */
  readonly isStream?: boolean;
  /** Answers for as long as the caller listens: it has no deadline. */
  readonly isEndless?: boolean;
}
