import type { FastifyReply, FastifyRequest } from 'fastify';
import { markup, type Html } from './html';
import { leave } from './leave';
import { sendPage } from './page';

/** Set by the page that sends an answer once more, so that it is sent on no third time. */
export const resent = 'gid_resent';

/** A POST from another site brings no Lax cookie along; this page sends the same fields once more from here, and then it comes. */
export function sendResendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  form: URLSearchParams,
  text = 'Your provider has answered.',
): FastifyReply {
  const { pathname } = new URL(request.url, 'http://localhost');
  return sendPage(reply, {
    ...{ status: 200, title: 'Continue signing in', submits: true },
    body: markup`<p>${text}</p>${postForm(pathname, [...form, [resent, '1']])}`,
  });
}

/** Sends the browser on after an answer. What the page above sent again is a form to this origin, and browsers let no redirect of it lead elsewhere. */
export function leaveFrom(
  reply: FastifyReply,
  fields: { has(name: string): boolean },
  url: string,
): FastifyReply {
  if (!fields.has(resent)) return leave(reply, url);
  return sendPage(reply, {
    ...{ status: 200, title: 'Continue', goesTo: url },
    body: markup`<p><a class="way" href="${url}">Go on</a></p>`,
  });
}

/** A form of hidden fields with a button. */
export function postForm(action: string, fields: readonly (readonly [string, string])[]): Html {
  return markup`<form method="post" action="${action}">
      ${fields.map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}" />`)}
      <button type="submit">Continue</button>
    </form>`;
}
