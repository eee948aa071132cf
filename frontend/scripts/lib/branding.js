// Settings: branding. Checks and previews while colours are typed or picked. What is readable is
// decided by the server alone: this asks for the page with what was typed and takes its answer over.

/** Milliseconds of quiet before the server is asked. */
const QUIET = 200;

/** Changes the stylesheet of the preview without a moment in which there is none. */
function restyle(old, href) {
  if (old.getAttribute('href') === href) return;
  const next = old.cloneNode();
  next.setAttribute('href', href);
  next.addEventListener('load', () => old.remove(), { once: true });
  next.addEventListener('error', () => next.remove(), { once: true });
  // The last one wins; one that was overtaken goes with the next that has loaded.
  for (const other of document.querySelectorAll('[data-branding-sheet]')) if (other !== old) other.remove();
  old.after(next);
}

export function liveBranding() {
  const form = document.querySelector('form[data-branding]');
  if (!form) return;
  let waiting = 0;
  let asked = null;

  async function check() {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams(new FormData(form));
    try {
      const response = await fetch(`/settings/branding?${query}`, { signal: asked.signal, headers: { Accept: 'text/html' } });
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const [fresh, verdict, sheet] = ['[data-branding-check]', '[data-branding-verdict]', '[data-branding-sheet]'].map((s) => page.querySelector(s));
      if (!fresh || !verdict || !sheet) return;
      document.querySelector('[data-branding-check]').replaceWith(document.importNode(fresh, true));
      // Said aloud only when it says something else.
      const said = document.querySelector('[data-branding-verdict]');
      if (said.textContent !== verdict.textContent) said.textContent = verdict.textContent;
      restyle(document.querySelector('[data-branding-sheet]'), sheet.getAttribute('href'));
      for (const pick of form.querySelectorAll('[data-branding-pick]')) {
        pick.value = page.querySelector(`[data-branding-pick="${pick.dataset.brandingPick}"]`).value;
      }
    } catch {
      // Overtaken by the next question, or not reachable: saving checks again.
    }
  }

  form.addEventListener('input', (event) => {
    const part = event.target.dataset.brandingPick;
    if (part) form.elements[part].value = event.target.value;
    clearTimeout(waiting);
    waiting = setTimeout(check, QUIET);
  });

  // Taking an offer spares the way over the server; the focus goes where the colour went.
  form.addEventListener('click', (event) => {
    const offer = event.target.closest('button[name="take"]');
    if (!offer) return;
    event.preventDefault();
    const [part, colour] = offer.value.split(':');
    const field = form.elements[part];
    field.value = colour;
    field.focus();
    check();
  });

  form.querySelector('[data-branding-try]').remove();
  for (const pick of form.querySelectorAll('[data-branding-pick]')) pick.hidden = false;
}
