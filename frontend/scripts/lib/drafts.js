// What was typed and not saved is there again: after Back, a reload, a failed save, or a page that never
// came. Kept in this tab only (sessionStorage), and gone with it, with signing out, and once it was saved.

const PREFIX = 'cw-draft:';
/** Stands behind the name of a draft that was sent, until a page says what became of it. */
const SENT = ':sent';
const LEFT_OUT = ['hidden', 'submit', 'button', 'reset', 'password', 'file'];

const name = (form) => PREFIX + new URL(form.action).pathname;
const fields = (form) => [...form.elements].filter((field) => field.name && !LEFT_OUT.includes(field.type));
const isChoice = (field) => field.type === 'checkbox' || field.type === 'radio';

/** No room, or not allowed: then there is no draft. */
function store(action) {
  try {
    return action(sessionStorage);
  } catch {
    return null;
  }
}

/** Names with values in the order of the form; of choices those that are chosen. */
function written(form) {
  const filled = fields(form).filter((field) => !isChoice(field) || field.checked);
  return JSON.stringify(filled.map((field) => [field.name, field.value]));
}

/** Puts values back by name, and opens the folds in which something changes by that. */
function fill(form, text) {
  const values = JSON.parse(text);
  for (const field of fields(form)) {
    const before = isChoice(field) ? field.checked : field.value;
    if (isChoice(field)) {
      field.checked = values.some(([of, value]) => of === field.name && value === field.value);
    } else {
      // A name may occur several times, as the questions of an entry do.
      const at = values.findIndex(([of]) => of === field.name);
      field.value = at < 0 ? '' : values.splice(at, 1)[0][1];
    }
    if (before === (isChoice(field) ? field.checked : field.value)) continue;
    for (let fold = field.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  }
}

/** What was kept comes back, with a sentence that says so and a way to be rid of it. */
function restore(form, kept, untouched) {
  fill(form, kept);
  const note = document.createElement('p');
  note.className = 'cw-draft';
  note.setAttribute('role', 'status');
  note.append(form.dataset.draftNote);
  const discard = document.createElement('button');
  discard.type = 'button';
  discard.className = 'cw-button cw-button--small';
  discard.textContent = form.dataset.draftDiscard;
  discard.addEventListener('click', () => {
    store((s) => s.removeItem(name(form)));
    fill(form, untouched);
    note.remove();
    (form.querySelector('[autofocus]') ?? fields(form)[0])?.focus();
  });
  note.append(discard);
  form.prepend(note);
}

/** Forgets the drafts that were sent when this page says that something was saved. */
function settleSent(saved) {
  store((s) => {
    for (const flag of Object.keys(s).filter((key) => key.startsWith(PREFIX) && key.endsWith(SENT))) {
      if (saved) s.removeItem(flag.slice(0, -SENT.length));
      s.removeItem(flag);
    }
  });
}

/** Keeps drafts of forms marked `data-draft`. */
export function keepDrafts(root) {
  settleSent(root.querySelector('.cw-notice--success') !== null);
  const refused = root.querySelector('.govuk-error-summary') !== null;
  for (const form of root.querySelectorAll('form[data-draft]')) {
    const untouched = written(form);
    const kept = store((s) => s.getItem(name(form)));
    if (kept && kept !== untouched) restore(form, kept, untouched);
    const keep = () =>
      store((s) => {
        const now = written(form);
        // What came back with errors is not saved, though nobody has touched it since.
        if (now === untouched && !refused) s.removeItem(name(form));
        else s.setItem(name(form), now);
      });
    form.addEventListener('input', keep);
    form.addEventListener('change', keep);
    form.addEventListener('submit', () => store((s) => s.setItem(name(form) + SENT, '1')));
  }
}

/** Whoever signs in next in this tab must not find them. */
export function forgetDraftsOnSignOut() {
  document.querySelector('form[action="/sign-out"]')?.addEventListener('submit', () => {
    store((s) => Object.keys(s).filter((key) => key.startsWith(PREFIX)).forEach((key) => s.removeItem(key)));
  });
}
