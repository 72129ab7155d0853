import type { FastifyReply } from 'fastify';
import { markup } from './html';
import type { Page } from './page';

/** Sends a browser on. SECURITY: the address of this answer may hold a code or a token; it must not reach the next page as a referrer. */
export function leave(reply: FastifyReply, url: string): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .redirect(url, 303);
}

/** For the address of an application on the device itself: no form may lead there, a link may. */
export function openApplicationPage(url: string): Page {
  return {
    ...{ status: 200, title: 'You are signed in', goesTo: url },
    body: markup`<p role="status">Go on in the application.</p>
<p><a class="way" href="${url}">Open it</a></p>`,
  };
}
