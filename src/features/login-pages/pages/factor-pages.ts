import { qrCode } from '#src/features/factors/totp/totp';
import { Html, markup } from '#src/http/pages/html';
import type { Page } from '#src/http/pages/page';
import { buttonForm, form, loginPage, textField, type PageAbout } from './frame';
import { passkeyScript } from './passkey-script';

/** What people call a second factor. */
const labels: Readonly<Record<string, string>> = {
  otp: 'Use an authenticator app',
  webauthn: 'Use a passkey or security key',
  email_otp: 'Get a code by e-mail',
  recovery: 'Use a recovery code',
};

/** The page of the factor that the flow asks for. `options` are those of a passkey. */
export function factorPage(about: PageAbout, options: object | null): Page {
  const { factors = [], factor = '' } = about.flow;
  const others = factors.filter((other) => other !== factor && labels[other] !== undefined);
  const ways =
    others.length === 0
      ? null
      : markup`<ul class="ways" aria-label="Other ways">${others.map(
          (other) => markup`<li>${buttonForm('factor', labels[other] ?? other, 'way', other)}</li>`,
        )}</ul>`;
  if (factor === 'webauthn') {
    const body = markup`${passkeyForm('proof', options ?? {})}${ways}`;
    return loginPage(about, 'Use your passkey', body, passkeyScript);
  }
  return loginPage(
    about,
    'One more step',
    markup`${form(
      'proof',
      markup`${textField(codeField(factor, about.flow.sentTo), (about.problem ?? null) !== null)}
<label class="choice"><input type="checkbox" name="remember" value="1">Do not ask again on this device</label>
<button type="submit">Continue</button>`,
    )}
${factor === 'email_otp' ? buttonForm('factor', 'Send another code', 'link', 'email_otp') : null}${ways}`,
  );
}

function codeField(factor: string, sentTo: string | undefined) {
  const code = { name: 'code', autocomplete: 'one-time-code' };
  if (factor === 'recovery') return { ...code, label: 'Recovery code', autocomplete: 'off' };
  if (factor === 'email_otp')
    return { ...code, label: 'Code', isNumeric: true, hint: `Six digits, sent to ${sentTo ?? 'you'}.` };
  return { ...code, label: 'Code', isNumeric: true, hint: 'Six digits, from your authenticator app.' };
}

/** Signing in by a passkey alone. */
export function passkeyPage(about: PageAbout, options: object): Page {
  return loginPage(
    about,
    'Use your passkey',
    markup`${passkeyForm('passkey-done', options)}
${buttonForm('back', 'Sign in another way', 'link')}`,
    passkeyScript,
  );
}

/** The field and the button by which a passkey is used; `action` names the step. */
export function passkeyForm(action: string, options: object): Html {
  return form(
    action,
    markup`<input type="hidden" name="response" id="response" data-options="${JSON.stringify(options)}">
<p id="passkey-state" role="status">Passkeys need JavaScript. Choose another way, or switch it on.</p>
<button type="submit">Use my passkey</button>`,
  );
}

/** The first second factor of somebody who has to have one. */
export function enrollmentPage(about: PageAbout): Page {
  const { enrollmentKey = '', enrollmentUri = '' } = about.flow;
  return loginPage(
    about,
    'Set up a second step',
    markup`<p>This account needs an authenticator app. Scan the picture with it, or type the key.</p>
<div class="qr" role="img" aria-label="QR code with the same key">${new Html(qrCode(enrollmentUri))}</div>
<p>Key: <span class="code">${enrollmentKey}</span></p>
<p><a href="${enrollmentUri}">Open an authenticator app on this device</a></p>
${form(
  'enroll',
  markup`${textField(codeField('otp', undefined), (about.problem ?? null) !== null)}
<button type="submit">Continue</button>`,
)}`,
  );
}
