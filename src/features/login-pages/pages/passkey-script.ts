/**
 * Asks the browser for a passkey and sends its answer with the form that the page has. Nothing else runs in these pages; without it
 * the page says that passkeys need JavaScript.
 */
export const passkeyScript = `(() => {
  const field = document.getElementById('response');
  const state = document.getElementById('passkey-state');
  const form = field.form;
  const say = (text) => { state.textContent = text; };
  const ask = async () => {
    if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) {
      say('This browser cannot use passkeys here. Choose another way.');
      return;
    }
    say('Your device asks for your passkey.');
    try {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(field.dataset.options));
      const credential = await navigator.credentials.get({ publicKey });
      field.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      say('No passkey was used. Try again, or choose another way.');
    }
  };
  form.addEventListener('submit', (event) => {
    if (field.value !== '') return;
    event.preventDefault();
    void ask();
  });
  void ask();
})();`;
