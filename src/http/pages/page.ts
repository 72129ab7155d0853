import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { withFormToken } from './form-token';
import { Html, markup } from './html';

export interface Page {
  readonly status: number;
  readonly title: string;
  /** What stands in `main`, behind the title. */
  readonly body: Html;
  /** Another origin that a form of the page may end up at; null: none. */
  readonly formTarget?: string | null;
  /** Whether the first form sends itself; without scripts people press its button. */
  readonly submits?: boolean;
  /** A script of the gateway's own; it never holds a value: those stand in attributes. Null: none, and none can run. */
  readonly script?: string | null;
  /** A path of this origin, or an address that was checked, to which the browser goes by itself. */
  readonly goesTo?: string | null;
}

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; background: #fff; color: #1b1f24; overflow-wrap: anywhere; }
main { max-width: 28rem; margin: 0 auto; padding: 3rem 1.25rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
label { display: block; font-weight: 600; margin: 1rem 0 .25rem; }
input { box-sizing: border-box; width: 100%; font: inherit; padding: .6rem .7rem; border: 1px solid #57606a; border-radius: .4rem; background: #fff; color: inherit; }
input[aria-invalid=true] { border: 2px solid #b3261e; }
input[type=checkbox], input[type=radio] { flex: none; width: 1.15rem; height: 1.15rem; margin: .2rem 0 0; }
label.choice { display: flex; gap: .6rem; font-weight: 400; }
button { box-sizing: border-box; width: 100%; font: inherit; font-weight: 600; margin-top: 1.25rem; padding: .65rem 1.2rem; border: 0; border-radius: .4rem; background: #0b5cad; color: #fff; cursor: pointer; }
a { color: #0b5cad; }
.ways { list-style: none; padding: 1.25rem 0 0; margin: 1.75rem 0 0; border-top: 1px solid #8b949e; }
ul.only { border: 0; margin: 0; padding: .25rem 0 0; }
.ways li { margin: 0 0 .6rem; }
.way, button.way { box-sizing: border-box; display: block; width: 100%; margin: 0; padding: .6rem .7rem; border: 1px solid #57606a; border-radius: .4rem; background: #fff; color: #1b1f24; font-weight: 600; text-align: center; text-decoration: none; }
button.link { width: auto; background: none; color: #0b5cad; padding: .25rem 0; margin: .5rem 0 0; font-weight: 400; text-align: left; text-decoration: underline; }
.code { font: 1.1rem/1.4 ui-monospace, monospace; letter-spacing: .06em; }
.qr { width: 12rem; height: 12rem; background: #fff; }
:focus-visible { outline: 3px solid #0b5cad; outline-offset: 2px; }
.problem { border-left: .25rem solid #b3261e; padding: .5rem .8rem; margin: 1rem 0; background: #fdecea; color: #5f1410; }
.hint { color: #424a53; margin: .25rem 0; }
@media (prefers-color-scheme: dark) {
  body { background: #14181d; color: #e6edf3; }
  input { background: #0d1117; border-color: #8b949e; }
  input[aria-invalid=true] { border-color: #ff8a80; }
  button { background: #6cb6ff; color: #0d1117; }
  a, button.link { color: #6cb6ff; }
  button.link { background: none; }
  .way, button.way { background: #0d1117; color: #e6edf3; border-color: #8b949e; }
  :focus-visible { outline-color: #6cb6ff; }
  .hint { color: #b1bac4; }
  .problem { background: #3b1512; color: #ffd9d4; border-color: #ff8a80; }
}
`;

const submit = 'document.forms[0].submit()';
const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');
const styleHash = hashOf(style);

/**
 * Sends a page of the gateway: complete in one answer, without anything from elsewhere, and without a script but a small one of its
 * own. It works in every browser, and what it may do is written into its content security policy: its own style and script, and forms to this
 * origin.
 */
export function sendPage(
  reply: FastifyReply,
  { status, title, body, formTarget = null, submits = false, script: own = null, goesTo = null }: Page,
): FastifyReply {
  const target = formTarget === null ? '' : ` ${formTarget}`;
  const script = submits ? submit : own;
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    // SECURITY: cross-site scripting; the browser runs this very text and no other.
    ...(script === null ? [] : [`script-src 'sha256-${hashOf(script)}'`]),
    `form-action 'self'${target}`,
    "base-uri 'none'",
    // SECURITY: clickjacking; a button of ours must not lie invisibly in another page.
    "frame-ancestors 'none'",
  ].join('; ');
  if (goesTo !== null) void reply.header('refresh', `0;url=${goesTo}`);
  const { formTokens } = reply.server;
  const { page, setCookie } = withFormToken(
    renderPage(title, body, script),
    formTokens,
    reply.request.headers.cookie,
  );
  if (setCookie !== null) void reply.header('set-cookie', setCookie);
  return (
    reply
      .code(status)
      .header('content-security-policy', policy)
      // SECURITY: the address holds a ticket; it must not reach another site as a referrer.
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store')
      .header('x-robots-tag', 'noindex')
      .type('text/html; charset=utf-8')
      .send(page)
  );
}

function renderPage(title: string, body: Html, script: string | null): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
${script === null ? null : markup`<script>${new Html(script)}</script>`}</body>
</html>
`.text;
}
