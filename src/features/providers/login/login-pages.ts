import type { FastifyReply } from 'fastify';
import { markup } from '#src/http/pages/html';
import { sendPage } from '#src/http/pages/page';
import { postForm } from '#src/http/pages/resend-page';

/** Sends the browser on to a provider that takes requests by POST. */
export function sendRequestPage(
  reply: FastifyReply,
  url: string,
  form: Readonly<Record<string, string>>,
): FastifyReply {
  return sendPage(reply, {
    ...{ status: 200, title: 'Continue to sign in', submits: true },
    formTarget: new URL(url).origin,
    body: markup`<p>You go on at your provider.</p>${postForm(url, Object.entries(form))}`,
  });
}
