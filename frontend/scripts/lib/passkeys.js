// Passkeys: asks the device to make one, or to sign in with one (Web Authentication). No page can do that without a script.

/** Base 64 for addresses, as the options have it, from and to bytes. */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

/** The server's options with bytes where browsers want them. */
function readable(options) {
  const listed = (all) => all?.map((one) => ({ ...one, id: bytes(one.id) }));
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: listed(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: listed(options.allowCredentials) }),
  };
}

/** What the device answered, as the server reads it. */
function written(credential) {
  const response = {};
  for (const part of ['attestationObject', 'clientDataJSON', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

/** Asks the device as the button says. The options stand there, or are asked for just now: they are good for minutes. */
async function ask(button) {
  if (button.dataset.passkey === 'create') {
    return navigator.credentials.create({ publicKey: readable(JSON.parse(button.dataset.options)) });
  }
  const begun = await fetch(button.dataset.begin, { method: 'POST', headers: { accept: 'application/json' } });
  if (!begun.ok) throw new Error(`the sign-in did not begin: ${begun.status}`);
  return navigator.credentials.get({ publicKey: readable(await begun.json()) });
}

/** Makes buttons marked `data-passkey` ask the device, and send its answer with their form to `data-to`. */
export function offerPasskeys() {
  for (const area of document.querySelectorAll('[data-passkey-area]')) {
    area.hidden = false;
    const button = area.querySelector('button');
    const said = area.querySelector('[role=alert]');
    if (!window.PublicKeyCredential) {
      button.hidden = true;
      said.textContent = button.dataset.unknown;
      continue;
    }
    button.addEventListener('click', async () => {
      said.textContent = '';
      button.disabled = true;
      try {
        const answer = document.createElement('input');
        Object.assign(answer, { type: 'hidden', name: 'passkey', value: written(await ask(button)) });
        button.form.append(answer);
        button.form.action = button.dataset.to;
        button.form.submit();
      } catch {
        // Not wanted after all, too long, or no passkey for this page on the device: browsers don't tell which.
        said.textContent = button.dataset.failed;
        button.disabled = false;
        button.focus();
      }
    });
  }
}
