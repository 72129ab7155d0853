import { formToken } from '#src/http/pages/form-token';
import { markup } from '#src/http/pages/html';
import type { Page } from '#src/http/pages/page';

/** Somebody is signed out here; `goesTo`: the browser goes on there by itself, an address that was checked. */
export function signedOutPage(goesTo: string | null = null): Page {
  const body =
    goesTo === null
      ? markup`<p role="status">Your session here is over. Applications that you used, and the provider that you signed in with, may still have sessions of their own.</p>`
      : markup`<p role="status">You go on by yourself.</p>
<p><a class="way" href="${goesTo}">Go on</a></p>`;
  return { status: 200, title: 'You are signed out', body, goesTo };
}

/** Asks before it signs anybody out whom another page may have sent here. `fields` come back with the answer. */
export function confirmSignOutPage(
  application: string | null,
  fields: Readonly<Record<string, string | null>>,
): Page {
  const given = Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
  const asks = application === null ? null : markup`<p>${application} asks for it.</p>\n`;
  return {
    status: 200,
    title: 'Do you want to sign out?',
    body: markup`${asks}<p>Your session here ends for all applications that use it. To stay signed in, close this page.</p>
<form method="post" action="/oidc/logout">
${formToken}
${given.map(({ name, value }) => markup`<input type="hidden" name="${name}" value="${value}">\n`)}<input type="hidden" name="confirm" value="1">
<button>Sign out</button>
</form>`,
  };
}
