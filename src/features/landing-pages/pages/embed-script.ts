import { createHash } from 'node:crypto';

/**
 * The script of landing pages, version 1. It runs in pages of other people: no dependency, one global, no cookie, nothing written as
 * markup. What it fetches is shown to the page by an event before anything is filled in.
 */
export const embedScript = `/* Gatehouse landing pages, version 1. See docs/landing-pages.md of Gatehouse. */
(function () {
  'use strict';
  var script = document.currentScript;
  if (!script || window.GatehouseEmbed) return;
  var base = script.src.replace(/\\/embed\\/v1\\.js([?#].*)?$/, '');
  var issuer = new URL(base).origin;
  var client = script.getAttribute('data-client') || '';
  var usualMode = script.getAttribute('data-mode') === 'redirect' ? 'redirect' : 'popup';
  var kept = 'gatehouse-embed:';

  function fire(name, detail) {
    return document.dispatchEvent(new CustomEvent(name, { detail: detail, bubbles: true, cancelable: true }));
  }
  function fail(code, more) {
    fire('gid:error', { code: code || 'UNREACHABLE', reason: more || null });
  }
  function encoded(bytes) {
    var text = '';
    new Uint8Array(bytes).forEach(function (byte) { text += String.fromCharCode(byte); });
    return btoa(text).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '');
  }
  function secret() {
    return encoded(crypto.getRandomValues(new Uint8Array(32)));
  }
  function challengeOf(verifier) {
    return crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)).then(encoded);
  }
  function post(path, body) {
    return fetch(base + path, {
      method: 'POST',
      mode: 'cors',
      credentials: 'omit',
      cache: 'no-store',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then(function (answer) {
      return answer.json().then(function (value) {
        if (answer.ok) return value;
        throw (value.errors && value.errors[0] && value.errors[0].extensions) || {};
      });
    });
  }
  /* The gateway wants to see that the visitor comes from this page, whatever the page's own referrer policy is. */
  function go(url, target) {
    var link = document.createElement('a');
    link.href = url;
    link.referrerPolicy = 'origin';
    if (target) link.target = target;
    link.style.display = 'none';
    document.body.appendChild(link);
    link.click();
    link.remove();
  }

  function fill(answer) {
    if (!fire('gid:profile', answer)) return;
    document.querySelectorAll('[data-gid-field]').forEach(function (field) {
      var name = field.getAttribute('data-gid-field');
      var value = name === 'leadProof' ? answer.leadProof : answer.profile[name];
      if (value === undefined || value === null) return;
      field.value = String(value);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }

  /* The popup says when it is done; where a provider cut it off from this page, the page asks every two seconds. */
  function wait(handle, verifier) {
    var tries = 0;
    var isOver = false;
    var isAsking = false;
    var code;
    function end() {
      isOver = true;
      clearInterval(timer);
      removeEventListener('message', hear);
    }
    function ask() {
      if (isOver || isAsking) return;
      isAsking = true;
      var asked = code;
      post('/embed/token', { handle: handle, verifier: verifier, code: asked }).then(
        function (answer) {
          isAsking = false;
          if (isOver) return;
          if (answer.pending) {
            if (code !== asked) ask();
            return;
          }
          end();
          fill(answer);
        },
        function (problem) {
          isAsking = false;
          if (isOver || (!problem.code && tries < 60)) return;
          end();
          fail(problem.code, problem.reason);
        }
      );
    }
    function hear(event) {
      var said = event.data;
      if (event.origin !== issuer || !said || said.handle !== handle) return;
      if (said.type !== 'gid:code' && said.type !== 'gid:failed') return;
      if (typeof said.code === 'string') code = said.code;
      ask();
    }
    var timer = setInterval(function () {
      tries += 1;
      if (tries <= 60) return ask();
      end();
      fail('TIMEOUT');
    }, 2000);
    addEventListener('message', hear);
  }

  /* To be called in a click: browsers open no window otherwise. */
  function start(connection, wantedMode) {
    var consent = document.querySelector('[data-gid-consent]');
    if (consent && consent.type === 'checkbox' && !consent.checked) return fail('CONSENT_REQUIRED');
    var mode = wantedMode === 'redirect' || wantedMode === 'popup' ? wantedMode : usualMode;
    var name = 'gid_' + secret();
    var popup = mode === 'popup' ? window.open('', name, 'popup,width=480,height=640') : null;
    if (!popup) mode = 'redirect';
    var verifier = secret();
    challengeOf(verifier)
      .then(function (challenge) {
        return post('/embed/start', {
          clientId: client,
          connection: connection,
          challenge: challenge,
          mode: mode,
          page: location.origin + location.pathname,
          consentTextId: consent ? consent.getAttribute('data-gid-consent') : undefined,
        });
      })
      .then(
        function (begun) {
          if (mode === 'popup') {
            wait(begun.handle, verifier);
            return go(begun.url, name);
          }
          var back = { verifier: verifier, search: location.search, hash: location.hash };
          sessionStorage.setItem(kept + begun.handle, JSON.stringify(back));
          go(begun.url);
        },
        function (problem) {
          if (popup) popup.close();
          fail(problem.code, problem.reason);
        }
      );
  }

  /* Back from a redirect: the address is cleaned before anything else of the page can look at it. */
  function resume() {
    var handle = new URLSearchParams(location.search).get('gid_handle');
    if (!handle) return;
    var text = sessionStorage.getItem(kept + handle);
    sessionStorage.removeItem(kept + handle);
    var back = text ? JSON.parse(text) : { search: '', hash: '' };
    history.replaceState(history.state, '', location.pathname + back.search + back.hash);
    if (!back.verifier) return;
    var fetched = post('/embed/token', { handle: handle, verifier: back.verifier });
    function show() {
      fetched.then(fill, function (problem) { fail(problem.code, problem.reason); });
    }
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', show);
    else show();
  }

  document.addEventListener('click', function (event) {
    var button = event.target && event.target.closest && event.target.closest('[data-gid-connection]');
    if (!button) return;
    event.preventDefault();
    start(button.getAttribute('data-gid-connection'), button.getAttribute('data-gid-mode'));
  });
  Object.defineProperty(window, 'GatehouseEmbed', { value: Object.freeze({ start: start }) });
  resume();
})();
`;

/** For the attribute `integrity` of the script element (Subresource Integrity). */
export const embedIntegrity = `sha384-${createHash('sha384').update(embedScript).digest('base64')}`;
