const accept = 'application/graphql-response+json, application/json;q=0.9';

/**
 * Posts one operation to the endpoint. With a token the request carries it and no cookie, so that exactly one
 * credential decides; without a token the browser sends the session cookie. A header typed by hand wins.
 */
export function createFetcher(endpoint, readToken) {
  return async (operation, options) => {
    const headers = new Headers(options?.headers);
    const token = readToken();
    if (token !== '' && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
    if (!headers.has('accept')) headers.set('accept', accept);
    headers.set('content-type', 'application/json');
    const response = await fetch(endpoint, {
      method: 'POST',
      headers,
      body: JSON.stringify(operation),
      credentials: headers.has('authorization') ? 'omit' : 'same-origin',
      redirect: 'error',
    });
    return readAnswer(response);
  };
}

async function readAnswer(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    const message = `The gateway answered ${response.status} ${response.statusText} without a GraphQL response.`;
    return { errors: [{ message, extensions: { body: text.slice(0, 500) } }] };
  }
}
