import type { LinkPrompt } from '#src/features/linking/prompts/link-prompt';
import { markup, type Html } from '#src/http/pages/html';
import type { Page } from '#src/http/pages/page';
import { passkeyForm } from './factor-pages';
import { buttonForm, form, loginPage, textField, type PageAbout } from './frame';
import { passkeyScript } from './passkey-script';

const apart = 'Go on without it, as a new account';

/** Asks whether the account that has the address is the person's, and offers what proves it. */
export function linkPage(about: PageAbout, prompt: LinkPrompt): Page {
  return prompt.kind === 'RECLAIM' ? reclaimPage(about, prompt) : provePage(about, prompt);
}

function provePage(about: PageAbout, { maskedEmail, proofs }: LinkPrompt): Page {
  const isWrong = (about.problem ?? null) !== null;
  const password = {
    ...{ name: 'password', label: 'Password of that account', type: 'password' as const },
    autocomplete: 'current-password',
  };
  const ways = [
    ...(proofs.includes('webauthn')
      ? [markup`<li>${buttonForm('link-passkey', 'Use its passkey', 'way')}</li>`]
      : []),
    ...(proofs.includes('email_otp')
      ? [markup`<li>${buttonForm('link-mail', `Send a code to ${maskedEmail}`, 'way')}</li>`]
      : []),
    markup`<li>${buttonForm('link-decline', apart, 'way')}</li>`,
  ];
  return loginPage(
    about,
    'You have an account here already',
    markup`<p>An account with the address <strong>${maskedEmail}</strong> exists. Show that it is yours: from then on both ways in lead to it.</p>
${
  proofs.includes('pwd')
    ? form(
        'link-password',
        // The address is not told here; password managers want to know that there is none to keep the password under.
        markup`<input type="text" autocomplete="username" value="" readonly hidden>
${textField(password, isWrong)}
<button type="submit">It is mine</button>`,
      )
    : null
}
<ul class="ways" aria-label="Other ways">
${ways}
</ul>`,
  );
}

function reclaimPage(about: PageAbout, { maskedEmail }: LinkPrompt): Page {
  return loginPage(
    about,
    'Your address is in use',
    markup`<p>Somebody made an account with the address <strong>${maskedEmail}</strong> and never showed that it is theirs. You can take it over with a code that we send to the address. <strong>Everything in it is deleted</strong>, its password included, since we cannot know who put it there.</p>
<p>If you made it yourself and want to keep what is in it, do not take it over: sign in to it with its password and verify the address.</p>
<ul class="ways only" aria-label="What you can do">
<li>${buttonForm('link-mail', `Send a code to ${maskedEmail}`, 'way')}</li>
<li>${buttonForm('link-decline', apart, 'way')}</li>
</ul>`,
  );
}

/** Asks for the code that was sent. */
export function linkCodePage(about: PageAbout, isReclaim: boolean): Page {
  const field = {
    ...{ name: 'code', label: 'Code', autocomplete: 'one-time-code', isNumeric: true },
    hint: `Six digits, sent to ${about.flow.sentTo ?? 'you'}.`,
  };
  const button = isReclaim ? 'Delete what is in it, and take it over' : 'Continue';
  return loginPage(
    about,
    'Look into your mail',
    markup`${form(
      isReclaim ? 'link-reclaim' : 'link-code',
      markup`${textField(field, (about.problem ?? null) !== null)}
<button type="submit">${button}</button>`,
    )}
${others()}`,
  );
}

/** Asks for a passkey of the account. */
export function linkPasskeyPage(about: PageAbout, options: object): Page {
  return loginPage(
    about,
    'Use your passkey',
    markup`${passkeyForm('link-passkey-done', options)}
${others()}`,
    passkeyScript,
  );
}

function others(): Html {
  return markup`${buttonForm('link-mail', 'Send another code', 'link')}
${buttonForm('link', 'Back', 'link')}
${buttonForm('link-decline', apart, 'link')}`;
}
