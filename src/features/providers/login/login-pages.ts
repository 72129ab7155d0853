import type { FastifyReply, FastifyRequest } from 'fastify';
import { markup, type Html } from '#src/http/pages/html';
import { sendPage } from '#src/http/pages/page';

/** Set by the page that sends an answer once more, so that it is sent on no third time. */
export const resent = 'gid_resent';

/** A POST from another site brings no Lax cookie along; this page sends the same fields once more from here, and then it comes. */
export function sendResendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  form: URLSearchParams,
): FastifyReply {
  const { pathname } = new URL(request.url, 'http://localhost');
  return sendPage(reply, {
    ...{ status: 200, title: 'Continue signing in', submits: true },
    body: markup`<p>Your provider has answered.</p>${formOf(pathname, [...form, [resent, '1']])}`,
  });
}

/** Sends the browser on to a provider that takes requests by POST. */
export function sendRequestPage(
  reply: FastifyReply,
  url: string,
  form: Readonly<Record<string, string>>,
): FastifyReply {
  return sendPage(reply, {
    ...{ status: 200, title: 'Continue to sign in', submits: true },
    formTarget: new URL(url).origin,
    body: markup`<p>You go on at your provider.</p>${formOf(url, Object.entries(form))}`,
  });
}

function formOf(action: string, fields: readonly (readonly [string, string])[]): Html {
  return markup`<form method="post" action="${action}">
      ${fields.map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}" />`)}
      <button type="submit">Continue</button>
    </form>`;
}
