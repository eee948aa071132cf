// What was typed and not saved is there again: after Back, a reload, or a page that never came. Kept in
// the tab only (sessionStorage), and gone with it, with signing out, and once it was saved.

const PREFIX = 'cw-draft-';

/** Fields whose value somebody typed or chose. */
function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !['hidden', 'submit', 'button', 'password', 'file'].includes(field.type));
}

function write(form) {
  const typed = fieldsOf(form)
    .filter((field) => field.type !== 'radio' || field.checked)
    .map((field) => (field.type === 'checkbox' ? field.checked : field.value));
  try {
    sessionStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify(typed));
  } catch {
    // No room, or not allowed: then there is no draft.
  }
}

function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

function forget(name) {
  sessionStorage.removeItem(PREFIX + name);
}

/** What a field holds on the page as it came. */
function initial(field) {
  if (field.type !== 'select-one') return field.defaultValue;
  return [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value;
}

/** Puts a draft into the form. Whether it fits: the fields may be others than when it was written. */
function restore(form, draft) {
  const fields = fieldsOf(form);
  const groups = new Set();
  const places = fields.filter((field) => field.type !== 'radio' || (!groups.has(field.name) && groups.add(field.name)));
  if (!Array.isArray(draft) || draft.length !== places.length) return false;
  places.forEach((field, place) => {
    if (field.type === 'radio') {
      for (const radio of fields.filter((other) => other.name === field.name)) radio.checked = radio.value === draft[place];
    } else if (field.type === 'checkbox') {
      field.checked = draft[place] === true;
    } else {
      field.value = draft[place];
    }
    const fold = field.closest('details');
    if (fold && draft[place] && draft[place] !== initial(field)) fold.open = true;
  });
  return true;
}

/** Says that a draft is here, with a way to be rid of it. */
function tell(form) {
  const note = document.createElement('div');
  note.className = 'cw-notice';
  note.setAttribute('role', 'status');
  const text = document.createElement('p');
  text.textContent = `${form.dataset.draftNote} `;
  const discard = document.createElement('button');
  discard.type = 'button';
  discard.className = 'cw-button cw-button--small';
  discard.textContent = form.dataset.draftDiscard;
  discard.addEventListener('click', () => {
    forget(form.dataset.draft);
    form.reset();
    note.remove();
    form.querySelector('[autofocus]')?.focus();
  });
  text.append(discard);
  note.append(text);
  form.before(note);
}

/** Keeps drafts of forms marked `data-draft="NAME"`. */
export function keepDrafts() {
  for (const saved of document.querySelectorAll('[data-draft-saved]')) forget(saved.dataset.draftSaved);
  // Also those of corrections (drafts.js): whoever signs in next in this tab must not find them.
  document.querySelector('form[action="/sign-out"]')?.addEventListener('submit', () => {
    for (const name of Object.keys(sessionStorage).filter((key) => key.startsWith('cw-draft'))) sessionStorage.removeItem(name);
  });
  for (const form of document.querySelectorAll('form.cw-entry[data-draft]')) {
    form.addEventListener('input', () => write(form));
    // What the server sent back with its errors is newer than any draft.
    if (form.hasAttribute('data-draft-filled')) {
      write(form);
      continue;
    }
    const draft = read(form.dataset.draft);
    if (draft && restore(form, draft)) tell(form);
  }
}
