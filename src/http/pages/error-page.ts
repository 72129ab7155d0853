import type { FastifyReply } from 'fastify';
import { statusOf } from '#src/http/error-answer';
import { GatehouseError } from '#src/shared/errors';
import { markup } from './html';
import { sendPage } from './page';

/** What people can do next; null: what the message says. */
export type WayOn = (
  error: GatehouseError,
) => Promise<{ readonly url: string; readonly label: string } | null>;

/** For pages of a sign-in or a sign-out: what people can do something about is shown to them; everything else is answered as any failure of the server. */
export async function orErrorPage(
  reply: FastifyReply,
  work: () => Promise<FastifyReply>,
  title = 'Signing in did not work',
  wayOn: WayOn = () => Promise.resolve(null),
): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.kind === 'internal') throw error;
    const way = await wayOn(error);
    return sendPage(reply, {
      status: statusOf(error),
      title,
      body: markup`<p class="problem" role="alert">${error.message}</p>
${way === null ? null : markup`<p><a class="way" href="${way.url}">${way.label}</a></p>`}
<p class="hint">Code: ${error.code}</p>`,
    });
  }
}
