import { useEffect, useRef, useState } from 'react';
import { cleanToken, describeToken } from './token';

const storageKey = 'gatehouse:bearer-token';

/** The stored token of this browser tab, or an empty text. */
export function readToken() {
  try {
    return sessionStorage.getItem(storageKey) ?? '';
  } catch {
    return '';
  }
}

// SECURITY: session storage, never local storage: a token left behind in a shared browser outlives the tab otherwise.
function storeToken(token) {
  try {
    if (token === '') sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, token);
  } catch {
    // A browser that forbids storage keeps the token for the life of the page.
  }
}

/**
 * The labelled, masked field for the bearer token. `onInput` hears every change, so that the next request carries what
 * the field shows; `onCommit` hears when the person is done, which is the moment to read the schema again.
 */
export function TokenBar({ initialToken, onInput, onCommit }) {
  const [token, setToken] = useState(initialToken);
  const [now, setNow] = useState(() => Date.now());
  const field = useRef(null);

  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);

  function change(text) {
    const next = cleanToken(text);
    setToken(next);
    setNow(Date.now());
    storeToken(next);
    onInput(next);
    return next;
  }

  return (
    <section className="token-bar" aria-label="Credentials">
      <h1>Gatehouse</h1>
      <label htmlFor="bearer-token">Bearer token</label>
      <input
        id="bearer-token"
        ref={field}
        type="password"
        value={token}
        placeholder="Paste a token; it stays in this browser tab"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-describedby="token-status"
        onChange={(event) => change(event.target.value)}
        onBlur={() => onCommit(token)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onCommit(token);
        }}
      />
      <button
        type="button"
        disabled={token === ''}
        onClick={() => {
          onCommit(change(''));
          field.current?.focus();
        }}
      >
        Clear token
      </button>
      <p
        id="token-status"
        role="status"
        title="To see the graph as one user sees it: npx gatehouse token --user <id>"
      >
        {describeToken(token, now)}
      </p>
    </section>
  );
}
