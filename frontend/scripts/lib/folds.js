// Remembers what is unfolded, for this browser tab and its next ones; and finds among long lists of
// values.

const KEY = 'cw-folds';

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

/** Opens what was open before and keeps what changes. */
export function rememberFolds(root) {
  const folds = read();
  for (const fold of root.querySelectorAll('details[data-fold]')) {
    const name = fold.dataset.fold;
    if (name in folds && name !== 'rail') fold.open = folds[name];
    fold.addEventListener('toggle', () => {
      try {
        localStorage.setItem(KEY, JSON.stringify({ ...read(), [name]: fold.open }));
      } catch {
        // Without room or leave to keep it, it is forgotten.
      }
    });
  }
}

/** Shows only the values that hold what is typed. */
export function findInFacets(root) {
  for (const field of root.querySelectorAll('[data-find]')) {
    field.hidden = false;
    const facet = field.closest('fieldset');
    const more = facet.querySelector('details');
    const input = field.querySelector('input');
    input.addEventListener('input', () => {
      const wanted = input.value.trim().toLowerCase();
      for (const option of facet.querySelectorAll('.cw-option')) {
        option.hidden = wanted !== '' && !option.querySelector('.cw-check__text').textContent.toLowerCase().includes(wanted);
      }
      if (more && wanted) more.open = true;
    });
    // Enter would apply the filters, which is not what was meant.
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') event.preventDefault();
    });
  }
}

/** A change of a filter by its chip: unfolds the filters and puts the focus there. */
export function leadToFilter() {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest('a.cw-chip__text[href^="#"]');
    const target = link && document.getElementById(link.getAttribute('href').slice(1));
    if (!target) return;
    event.preventDefault();
    const rail = target.closest('details.cw-rail__fold');
    if (rail) rail.open = true;
    const field = target.matches('input') ? target : (target.querySelector('input:checked') ?? target);
    field.focus();
    target.scrollIntoView({ block: 'nearest' });
  });
}
