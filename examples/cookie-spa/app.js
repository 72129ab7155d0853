// A single-page application whose visitors hold a session cookie. The cookie is HttpOnly: no script ever sees it.
import { gatehouse } from './config.js';

const element = (id) => document.getElementById(id);

/** Asks the gateway. `credentials: 'include'` sends and keeps the cookie; the gateway must allow this page's origin. */
async function ask(query, variables = {}) {
  const response = await fetch(`${gatehouse}/graphql`, {
    method: 'POST',
    credentials: 'include',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw Object.assign(new Error(errors[0].message), { code: errors[0].extensions.code });
  return data;
}

/** Shows one part of the page and hides the others. */
function show(id) {
  for (const part of ['sign-in', 'second-factor', 'account']) element(part).hidden = part !== id;
}

/** Runs what a form does; refusals are shown, and what asks for a fresh sign-in asks for it. */
function onSubmit(id, act) {
  element(id).addEventListener('submit', (event) => {
    event.preventDefault();
    const form = event.target;
    attempt(async () => {
      await act(Object.fromEntries(new FormData(form)));
      form.reset();
    });
  });
}

async function attempt(act) {
  element('problem').textContent = '';
  try {
    await act();
  } catch (error) {
    if (error.code === 'UNAUTHENTICATED') show('sign-in');
    element('problem').textContent =
      error.code === 'STEP_UP_REQUIRED' ? 'Sign out and in again, then retry.' : error.message;
  }
}

async function showAccount() {
  const { myAccount } = await ask(`{
    myAccount { user { name email } authenticationMethods { id type name confirmed } }
  }`);
  // Without a session `myAccount` is refused, and `ask` throws UNAUTHENTICATED.
  element('name').textContent = myAccount.user.name ?? myAccount.user.email;
  const items = myAccount.authenticationMethods.map(({ type, name, confirmed }) => {
    const item = document.createElement('li');
    // textContent, never innerHTML: names are what people typed.
    item.textContent = `${type} ${name ?? ''} ${confirmed ? '' : '(not confirmed)'}`.trim();
    return item;
  });
  element('methods').replaceChildren(...items);
  show('account');
}

let mfaToken = null;

onSubmit('sign-in', async ({ identifier, password }) => {
  const { signIn } = await ask(
    `mutation ($input: SignInInput!) {
      signIn(input: $input) { result { __typename ... on MfaChallenge { mfaToken factors } } }
    }`,
    { input: { identifier, password } },
  );
  const { result } = signIn;
  if (result.__typename === 'LoggedIn') return showAccount();
  if (result.__typename !== 'MfaChallenge') throw new Error('Follow the instructions in your mail first.');
  mfaToken = result.mfaToken;
  return show('second-factor');
});

onSubmit('second-factor', async ({ otpCode }) => {
  await ask('mutation ($input: CompleteMfaInput!) { completeMfa(input: $input) { user { id } } }', {
    input: { mfaToken, proof: { otpCode }, rememberDevice: false },
  });
  await showAccount();
});

onSubmit('profile', async ({ name }) => {
  await ask('mutation ($input: UpdateMyProfileInput!) { updateMyProfile(input: $input) { user { name } } }', {
    input: { name },
  });
  await showAccount();
});

let authSession = null;

element('enrol').addEventListener('click', () =>
  attempt(async () => {
    const { startEnrollment } = await ask(`mutation {
      startEnrollment(input: { totp: { name: "Authenticator app" } }) {
        enrollment { ... on TotpEnrollment { authSession qrCode manualInputCode } }
      }
    }`);
    const { qrCode, manualInputCode } = startEnrollment.enrollment;
    authSession = startEnrollment.enrollment.authSession;
    element('qr').src = `data:image/svg+xml,${encodeURIComponent(qrCode)}`;
    element('seed').textContent = manualInputCode;
    element('enrolment').hidden = false;
  }),
);

onSubmit('enrolment', async ({ otpCode }) => {
  const { verifyEnrollment } = await ask(
    `mutation ($input: VerifyEnrollmentInput!) {
      verifyEnrollment(input: $input) { result { __typename ... on WrongCode { attemptsLeft } } }
    }`,
    { input: { totp: { authSession, otpCode } } },
  );
  const { __typename } = verifyEnrollment.result;
  if (__typename !== 'EnrollmentVerified') throw new Error('This code is not right. Try the next one.');
  element('enrolment').hidden = true;
  await showAccount();
});

element('sign-out').addEventListener('click', () =>
  attempt(async () => {
    await ask('mutation { signOut { session { id } } }');
    show('sign-in');
  }),
);

await attempt(showAccount);
element('problem').textContent = '';
