// A single-page application of another site. Its tokens live in these variables alone: a reload signs out, and nothing is left to steal.
import { clientId, gatehouse } from './config.js';

const element = (id) => document.getElementById(id);

let tokens = null;
let renewing = null;

/** One request; the access token is sent as a header, and no cookie is sent or kept. */
async function send(query, variables, accessToken) {
  const response = await fetch(`${gatehouse}/graphql`, {
    method: 'POST',
    credentials: 'omit',
    headers: {
      'content-type': 'application/json',
      ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw Object.assign(new Error(errors[0].message), { code: errors[0].extensions.code });
  return data;
}

/** Asks as the visitor. A token that is over is renewed once; of several requests at the same moment one renews for all. */
async function ask(query, variables = {}) {
  try {
    return await send(query, variables, tokens?.accessToken);
  } catch (error) {
    if (error.code !== 'UNAUTHENTICATED' || !tokens) throw error;
    renewing ??= renew().finally(() => (renewing = null));
    await renewing;
    return send(query, variables, tokens.accessToken);
  }
}

/** A refresh token is good for one exchange: the answer brings the next one. */
async function renew() {
  const { exchangeRefreshToken } = await send(
    `mutation ($refreshToken: String!, $clientId: ID!) {
      exchangeRefreshToken(input: { refreshToken: $refreshToken, clientId: $clientId }) {
        accessToken refreshToken
      }
    }`,
    { refreshToken: tokens.refreshToken, clientId },
  );
  tokens = exchangeRefreshToken;
}

async function attempt(act) {
  element('problem').textContent = '';
  try {
    await act();
  } catch (error) {
    element('problem').textContent = error.message;
    if (error.code === 'UNAUTHENTICATED') leave();
  }
}

function leave() {
  tokens = null;
  element('account').hidden = true;
  element('sign-in').hidden = false;
}

async function showAccount() {
  const { me } = await ask('{ me { name email } }');
  element('name').textContent = me.name ?? me.email;
  element('sign-in').hidden = true;
  element('account').hidden = false;
}

element('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  const { identifier, password } = Object.fromEntries(new FormData(event.target));
  attempt(async () => {
    const { signIn } = await send(
      `mutation ($input: SignInInput!) {
        signIn(input: $input) { result { __typename ... on LoggedIn { tokens { accessToken refreshToken } } } }
      }`,
      { input: { identifier, password, clientId, tokens: 'ONLINE' } },
    );
    // A page with second factors goes on as the example with a cookie does.
    if (signIn.result.__typename !== 'LoggedIn') throw new Error('This account asks for a second factor.');
    tokens = signIn.result.tokens;
    event.target.reset();
    await showAccount();
  });
});

element('reload').addEventListener('click', () => attempt(showAccount));
element('sign-out').addEventListener('click', () =>
  attempt(async () => {
    await ask('mutation { signOut { session { id } } }');
    leave();
  }),
);
