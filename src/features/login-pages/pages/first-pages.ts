import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { markup, type Html } from '#src/http/pages/html';
import type { Page } from '#src/http/pages/page';
import type { LoginFlow } from '#src/features/providers/login/login-flow';
import { buttonForm, form, loginPage, textField, type PageAbout } from './frame';

/** Identifier first, beside the other ways in. */
export function identifierPage(about: PageAbout, buttons: readonly ConnectionRow[]): Page {
  const { flow, application, problem = null } = about;
  const field = {
    ...{ name: 'identifier', label: 'E-mail address or username', autocomplete: 'username webauthn' },
    value: flow.identifier ?? '',
  };
  const ways = [
    ...buttons.map((row) => markup`<li>${providerLink(flow, row)}</li>\n`),
    markup`<li>${buttonForm('passkey', 'Use a passkey', 'way')}</li>`,
  ];
  return loginPage(
    about,
    'Sign in',
    markup`${application === null ? null : markup`<p>to go on to ${application.name}</p>\n`}${form(
      'identify',
      markup`${textField(field, problem !== null)}
<button type="submit">Continue</button>`,
    )}
<ul class="ways" aria-label="Other ways to sign in">
${ways}
</ul>`,
  );
}

/** A link, not a form: where it leads is another site, which the policy of forms would have to know. */
function providerLink(flow: LoginFlow, connection: ConnectionRow): Html {
  return markup`<a class="way" href="${providerPath(flow, connection)}">Continue with ${nameOf(connection)}</a>`;
}

/** How providers write themselves, for connections that nobody gave a name to show. */
const ownNames: Readonly<Record<string, string>> = {
  'google-oauth2': 'Google',
  apple: 'Apple',
  facebook: 'Facebook',
  github: 'GitHub',
  linkedin: 'LinkedIn',
  windowslive: 'Microsoft',
};

export function nameOf({ displayName, name, strategy }: ConnectionRow): string {
  return displayName ?? ownNames[strategy] ?? name;
}

/** The address at the gateway that leads to a provider. */
function providerPath(flow: LoginFlow, { name }: ConnectionRow): string {
  const query = new URLSearchParams({ client_id: flow.clientId ?? '' });
  if (flow.organizationId !== null) query.set('organization', flow.organizationId);
  if ((flow.returnTo ?? null) !== null) query.set('return_to', flow.returnTo ?? '');
  if (flow.identifier !== undefined) query.set('login_hint', flow.identifier);
  return `/login/${name}?${query.toString()}`;
}

/** The page between the identifier and the provider of its domain; the browser goes on by itself. */
export function leadingPage(about: PageAbout, connection: ConnectionRow): Page {
  const path = providerPath(about.flow, connection);
  return {
    ...loginPage(
      about,
      'Sign in',
      markup`<p role="status">You sign in at ${nameOf(connection)}.</p>
<p><a class="way" href="${path}">Continue</a></p>`,
    ),
    goesTo: path,
  };
}

export function passwordPage(about: PageAbout): Page {
  const { flow, problem = null } = about;
  const field = {
    ...{ name: 'password', label: 'Password', type: 'password' as const },
    autocomplete: 'current-password',
  };
  return loginPage(
    about,
    'Enter your password',
    markup`<p>You sign in as <strong>${flow.identifier ?? ''}</strong>.</p>
${form(
  'password',
  markup`<input type="text" name="username" autocomplete="username" value="${flow.identifier ?? ''}" readonly hidden>
${textField(field, problem !== null)}
<label class="choice"><input type="checkbox" name="keep" value="1" checked>Keep me signed in on this device</label>
<button type="submit">Sign in</button>`,
)}
${buttonForm('forgot', 'I have forgotten my password', 'link')}
${buttonForm('back', 'This is not me', 'link')}`,
  );
}
