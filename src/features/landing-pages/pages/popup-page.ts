import type { FastifyReply } from 'fastify';
import { markup } from '#src/http/pages/html';
import { sendPage } from '#src/http/pages/page';

export interface PopupEnd {
  readonly handle: string;
  /** The window that may hear it: the page's origin, and no other. */
  readonly origin: string;
  /** Null: there is nothing to fetch. */
  readonly code: string | null;
}

/**
 * Tells the page that opened the window, and closes it. SECURITY: `postMessage` delivers to a window of exactly this origin or to none, so a
 * page of somebody else that opened this one hears nothing.
 */
const script = `(function () {
  var end = document.getElementById('end').dataset;
  var message = { type: end.code ? 'gid:code' : 'gid:failed', handle: end.handle };
  if (end.code) message.code = end.code;
  try { if (window.opener) window.opener.postMessage(message, end.origin); } catch (error) { /* The page asks by itself. */ }
  window.close();
})();`;

/** The last page of a popup. Its opener must not be cut off: this policy is the one of this page alone. */
export function sendPopupEnd(reply: FastifyReply, { handle, origin, code }: PopupEnd): FastifyReply {
  return sendPage(openerKept(reply), {
    status: 200,
    title: code === null ? 'Go back to the page' : 'Done',
    body: markup`<p id="end" data-handle="${handle}" data-origin="${origin}" data-code="${code ?? ''}">You can close this window.</p>`,
    script,
  });
}

/** SECURITY: a window that keeps its opener can be navigated by it; so only what shows nothing to click on has this policy. */
export function openerKept(reply: FastifyReply): FastifyReply {
  return reply.header('cross-origin-opener-policy', 'unsafe-none');
}
