// Single keys, for whoever has not switched them off: / j k o ? Esc, and those of buttons. Never while typing.


/** Whether a key press belongs to a field. */
function isTyping(target) {
  return target instanceof Element && target.closest('input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable]:not([contenteditable=false])') !== null;
}

const links = () => [...document.querySelectorAll('#list .cw-comment__words a')].filter((link) => link.checkVisibility());

/** The next or previous feedback: of the one that is open, else in the list. */
function go(step) {
  const open = document.querySelector(`#main a[rel="${step > 0 ? 'next' : 'prev'}"]:is(.cw-detail a, .cw-head a)`);
  if (open || document.querySelector('.cw-detail')) {
    open?.click();
    return;
  }
  const all = links();
  const at = all.findIndex((link) => link.closest('.cw-comment').contains(document.activeElement));
  const next = all[at === -1 ? (step > 0 ? 0 : all.length - 1) : at + step];
  if (next) {
    next.focus();
    next.closest('.cw-comment').scrollIntoView({ block: 'nearest' });
  }
}

async function sheet() {
  let dialog = document.getElementById('sheet');
  if (!dialog) {
    const response = await fetch('/shortcuts', { headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const table = page.getElementById('shortcuts');
    if (!table) return location.assign('/shortcuts');
    dialog = document.createElement('dialog');
    dialog.id = 'sheet';
    dialog.className = 'cw-sheet';
    dialog.setAttribute('aria-labelledby', 'sheet-title');
    const title = document.createElement('h2');
    title.id = 'sheet-title';
    title.className = 'cw-h2';
    title.textContent = page.querySelector('h1').textContent;
    const note = document.importNode(page.querySelector('.cw-head__what'), true);
    const close = document.createElement('button');
    close.className = 'cw-button';
    close.autofocus = true;
    close.textContent = table.dataset.closeText;
    close.addEventListener('click', () => dialog.close());
    dialog.append(title, note, document.importNode(table.querySelector('table'), true), close);
    document.body.append(dialog);
  }
  if (!dialog.open) dialog.showModal();
  return undefined;
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!document.body.hasAttribute('data-shortcuts') || isTyping(event.target) || document.querySelector('dialog[open]')) return;
  const within = event.target instanceof Element ? event.target : document.body;
  switch (event.key) {
    case '/': {
      const own = document.querySelector('#main [data-search]');
      const search = own?.checkVisibility() ? own : document.getElementById('top-q');
      search?.focus();
      search?.select();
      break;
    }
    case 'j':
      go(1);
      break;
    case 'k':
      go(-1);
      break;
    case 'o': {
      const link = within.closest('.cw-comment')?.querySelector('.cw-comment__words a');
      if (!link) return;
      link.click();
      break;
    }
    case '?':
      sheet();
      break;
    case 'Escape': {
      if (within.closest('details.cw-fold[open], .cw-menu > details[open]')) return;
      const close = document.querySelector('#main a[data-close]');
      if (!close) return;
      close.click();
      break;
    }
    default: {
      // Buttons that have a key of their own.
      const button = [...document.querySelectorAll('#main button[data-key]')].find((one) => one.dataset.key === event.key);
      if (!button) return;
      button.click();
    }
  }
  event.preventDefault();
}

export function start() {
  document.addEventListener('keydown', onKey);
}

