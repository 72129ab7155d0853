import type { FastifyReply } from 'fastify';
import { statusOf } from '#src/http/error-answer';
import { GatehouseError } from '#src/shared/errors';
import { markup } from './html';
import { sendPage } from './page';

/** For pages of a sign-in or a sign-out: what people can do something about is shown to them; everything else is answered as any failure of the server. */
export async function orErrorPage(
  reply: FastifyReply,
  work: () => Promise<FastifyReply>,
  title = 'Signing in did not work',
): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.kind === 'internal') throw error;
    return sendPage(reply, {
      status: statusOf(error),
      title,
      body: markup`<p class="problem" role="alert">${error.message}</p>
        <p class="hint">Code: ${error.code}</p>`,
    });
  }
}
