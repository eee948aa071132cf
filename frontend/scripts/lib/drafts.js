// Keeps what somebody fills in until it is saved: a failed save, a lost connection, Back or a closed
// page do not lose it. Kept for this tab only, and gone with it.

const name = (form) => `cw-draft:${new URL(form.action).pathname}`;
const own = (form) => [...new FormData(form)].filter(([field]) => field !== 'seen' && field !== 'act');
const written = (form) => JSON.stringify(own(form));

function store(action) {
  try {
    return action(sessionStorage);
  } catch {
    return null;
  }
}

function fill(form, fields) {
  for (const element of form.elements) {
    if (!element.name || element.type === 'hidden') continue;
    const values = fields.filter(([field]) => field === element.name).map(([, value]) => value);
    if (element.type === 'checkbox' || element.type === 'radio') element.checked = values.includes(element.value);
    else element.value = values[0] ?? '';
  }
}

/** What was kept comes back, with a sentence that says so and a way to be rid of it. */
function restore(form, kept, untouched) {
  fill(form, JSON.parse(kept));
  const fold = form.closest('details');
  if (fold) fold.open = true;
  for (const inner of form.querySelectorAll('details')) {
    if (inner.querySelector('input:checked')) inner.open = true;
  }
  const note = document.createElement('p');
  note.className = 'cw-draft';
  note.append(form.dataset.draftSays);
  const forget = document.createElement('button');
  forget.type = 'button';
  forget.className = 'cw-button cw-button--small';
  forget.textContent = form.dataset.draftForget;
  forget.addEventListener('click', () => {
    store((s) => s.removeItem(name(form)));
    fill(form, JSON.parse(untouched));
    note.remove();
    form.querySelector('select, input:not([type=hidden])')?.focus();
  });
  note.append(forget);
  form.prepend(note);
}

export function keepDrafts(root) {
  const saved = new URLSearchParams(location.search).get('done') !== null || root.querySelector('.cw-notice--success') !== null;
  for (const form of root.querySelectorAll('form.cw-correct[data-draft]')) {
    const sent = store((s) => s.getItem(`${name(form)}:sent`));
    if (saved && sent) store((s) => s.removeItem(name(form)));
    store((s) => s.removeItem(`${name(form)}:sent`));
    const untouched = written(form);
    const kept = store((s) => s.getItem(name(form)));
    if (kept && kept !== untouched) restore(form, kept, untouched);
    const keep = () =>
      store((s) => {
        const now = written(form);
        if (now === untouched && !root.querySelector('.govuk-error-summary')) s.removeItem(name(form));
        else s.setItem(name(form), now);
      });
    form.addEventListener('input', keep);
    form.addEventListener('change', keep);
    form.addEventListener('submit', () => store((s) => s.setItem(`${name(form)}:sent`, '1')));
  }
}

/** How many are ticked for a change of many, told beside the choice. */
export function countTicked(root) {
  const shown = root.querySelector('[data-ticked]');
  if (!shown) return;
  const count = () => {
    const ticked = root.querySelectorAll('input[name=pick]:checked').length;
    shown.textContent = ticked > 0 ? `(${ticked})` : '';
  };
  root.addEventListener('change', count);
  count();
}
