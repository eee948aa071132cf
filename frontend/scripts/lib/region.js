// Swaps the contents of <main> instead of loading a page, within pages that ask for it: <main> holds
// an element [data-region="NAME"]. Links, forms and Back work as they do without this script, at the
// same addresses and with the same HTML; see docs/adr/005-region-instead-of-htmx.md.

/** What is slower than this shows that something goes on. */
const SHOW_WAITING_MS = 300;

const main = () => document.getElementById('main');
const regionOf = (root) => root?.querySelector('[data-region]')?.dataset.region;

let running = null;
const listeners = [];

/** Does something to the page now, and again each time its contents were swapped. */
export function onContents(fn) {
  listeners.push(fn);
  fn(main());
}

/** How to find an element again in the next contents: by id, else by what it is and leads to. */
function address(element) {
  if (!element || !main()?.contains(element)) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  const attribute = (name) => (element.hasAttribute(name) ? `[${name}="${CSS.escape(element.getAttribute(name))}"]` : '');
  const parts = ['name', 'value', 'href', 'rel'].map(attribute).join('');
  return parts ? element.localName + parts : null;
}

/** A live region outside of what is swapped, or what it says would be read before it is heard. */
function announcer() {
  let element = document.getElementById('announcer');
  if (!element) {
    element = document.createElement('p');
    element.id = 'announcer';
    element.className = 'cw-hidden';
    element.setAttribute('role', 'status');
    document.body.append(element);
  }
  return element;
}

function remember() {
  history.replaceState({ ...history.state, scroll: scrollY }, '');
}

function swap(page, { focus, scroll }) {
  const next = page.getElementById('main');
  const at = address(document.activeElement);
  const kept = document.activeElement?.selectionStart;
  document.title = page.title;
  main().replaceChildren(...document.importNode(next, true).childNodes);
  for (const part of ['.cw-sections', '.cw-menu', '.cw-nav']) {
    const [now, then] = [document.querySelector(part), page.querySelector(part)];
    if (now && then) now.replaceWith(document.importNode(then, true));
  }
  for (const fn of listeners) fn(main());

  const summary = main().querySelector('.govuk-error-summary');
  const wanted = summary ?? (focus && main().querySelector(focus)) ?? (at && main().querySelector(at));
  if (wanted && wanted.checkVisibility()) {
    if (summary || wanted.localName === 'aside') wanted.setAttribute('tabindex', '-1');
    wanted.focus({ preventScroll: !summary });
    if (kept != null && wanted === main().querySelector(at) && wanted.type === 'search') wanted.setSelectionRange(kept, kept);
  }
  if (scroll !== undefined) window.scrollTo(0, scroll);

  const done = main().querySelector('.cw-notice--success')?.textContent.trim();
  const says = main().querySelector('[data-says]')?.textContent.trim();
  const text = done || says || page.title;
  const speaker = announcer();
  if (speaker.textContent !== text) speaker.textContent = text;
}

/**
 * Asks for a page and puts its contents in place. `how` is push, replace or none: what becomes of the
 * history. Whatever this cannot do, the browser does in its own way.
 */
export async function visit(url, { how = 'push', focus, scroll, request = {} } = {}) {
  running?.abort();
  const own = new AbortController();
  running = own;
  const waiting = setTimeout(() => main().classList.add('cw-waiting'), SHOW_WAITING_MS);
  try {
    const response = await fetch(url, { ...request, headers: { Accept: 'text/html' }, cache: 'no-store', signal: own.signal });
    const type = response.headers.get('Content-Type') ?? '';
    const page = type.startsWith('text/html') ? new DOMParser().parseFromString(await response.text(), 'text/html') : null;
    if (own.signal.aborted) return;
    if (!page || regionOf(page) !== regionOf(main())) {
      // Signed out, an error, another kind of page: as without this script.
      location.assign(response.redirected || !request.body ? response.url : location.href);
      return;
    }
    // A form sent back is no place of its own: Back leads to where it was filled in.
    const address = request.body && !response.redirected ? location.href : response.url + (new URL(url, location.href).hash || '');
    if (how === 'push' && address !== location.href) {
      remember();
      history.pushState({ scroll: 0 }, '', address);
    } else if (how !== 'none') {
      history.replaceState(history.state, '', address);
    }
    swap(page, { focus, scroll });
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (request.body) throw error;
    location.assign(url);
  } finally {
    clearTimeout(waiting);
    if (running === own) {
      running = null;
      main().classList.remove('cw-waiting');
    }
  }
}

/** Whether a link leads within the region, and is opened in this tab. */
function leadsWithin(link, event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false;
  if (!link || link.target || link.hasAttribute('download') || !main().contains(link)) return false;
  const to = new URL(link.href);
  const only = to.hash && to.pathname === location.pathname && to.search === location.search;
  return to.origin === location.origin && to.pathname === '/understand/explorer' && !only;
}

function onClick(event) {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!leadsWithin(link, event)) return;
  event.preventDefault();
  const wide = matchMedia('(width >= 90em)').matches;
  const opens = new URL(link.href).searchParams.has('open');
  const within = link.closest('.cw-detail');
  let focus;
  let scroll;
  if (opens) {
    // Previous and next keep the focus where it is, to go on; opening leads to what was opened.
    focus = within && link.rel ? undefined : '#open';
    if (!wide) scroll = 0;
  } else if (within) {
    const id = new URLSearchParams(location.search).get('open');
    focus = id ? `#f-${CSS.escape(id)} a` : undefined;
    visit(link.href, { focus }).then(() => focus && document.querySelector(focus)?.scrollIntoView({ block: 'nearest' }));
    return;
  } else if (link.rel === 'next' || link.rel === 'prev') {
    focus = '#list .cw-comment a';
    visit(link.href, { focus }).then(() => document.getElementById('list')?.scrollIntoView());
    return;
  }
  visit(link.href, { focus, scroll });
}

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || !(form instanceof HTMLFormElement) || !main().contains(form)) return;
  if (form.hasAttribute('data-leave')) return;
  const to = new URL(form.action);
  const isGet = form.method === 'get';
  if (isGet ? to.pathname !== '/understand/explorer' : !/^\/understand\/(feedback\/[^/]+\/comments\/[^/]+\/correction|explorer\/themes\/[^/]+\/undo)$/.test(to.pathname)) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const fields = new URLSearchParams([...data].filter(([, value]) => !isGet || value !== ''));
  if (isGet) {
    to.search = fields.toString();
    visit(to.href);
  } else {
    visit(to.href, { how: 'replace', request: { method: 'POST', body: fields } })
      // Not reachable: the form is still here with what was filled in.
      .catch(() => {
        form.removeAttribute('aria-busy');
        form.setAttribute('data-leave', '');
        form.requestSubmit(event.submitter ?? undefined);
      });
  }
}

/** Ticking a filter applies it. What is typed is applied by Enter or the button. */
function onChange(event) {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.type !== 'checkbox') return;
  const form = box.closest('form[data-auto]');
  if (form && box.form === form) form.requestSubmit();
}

export function start() {
  if (!regionOf(main())) return;
  history.scrollRestoration = 'manual';
  if (history.state?.scroll) window.scrollTo(0, history.state.scroll);
  document.addEventListener('click', onClick);
  document.addEventListener('submit', onSubmit);
  document.addEventListener('change', onChange);
  window.addEventListener('pagehide', remember);
  let shown = location.pathname + location.search;
  window.addEventListener('popstate', (event) => {
    const now = location.pathname + location.search;
    // Only the part behind the # changed: the browser has scrolled there.
    if (now === shown && !event.state) return;
    visit(location.href, { how: 'none', scroll: event.state?.scroll ?? 0 });
  });
  onContents(() => {
    shown = location.pathname + location.search;
  });
}
