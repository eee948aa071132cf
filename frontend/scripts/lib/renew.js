// Renews a part of a page from the page's own address. The part needs an id.

/** How to find what had the focus in the next contents: by id, else by what it does or leads to. */
function place(element, focused) {
  if (!focused || focused === element || !element.contains(focused)) return null;
  if (focused.id) return `#${CSS.escape(focused.id)}`;
  if (focused.hasAttribute('href')) return `${focused.localName}[href="${CSS.escape(focused.getAttribute('href'))}"]`;
  const action = focused.closest('form')?.getAttribute('action');
  return action ? `form[action="${CSS.escape(action)}"] ${focused.localName}` : null;
}

/**
 * Renews an element. Gives what stands there now: the new one, the same one when the server could not be reached,
 * or nothing when the page has no such part any more (signed out, or moved).
 */
export async function renew(element) {
  let next = null;
  try {
    const response = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    if (response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      next = page.getElementById(element.id);
      if (!next) return null;
    }
  } catch {
    // Not reachable just now. What is shown stays.
  }
  // Somebody else may have renewed it meanwhile.
  const now = document.getElementById(element.id);
  if (!next || !now) return now;
  // What reads the same stays as it is: nobody who reads or is about to press something is disturbed.
  if (now.innerHTML === next.innerHTML) {
    for (const { name, value } of next.attributes) now.setAttribute(name, value);
    for (const name of now.getAttributeNames()) if (!next.hasAttribute(name)) now.removeAttribute(name);
    return now;
  }
  const focus = place(now, document.activeElement);
  const adopted = document.importNode(next, true);
  now.replaceWith(adopted);
  if (focus) adopted.querySelector(focus)?.focus({ preventScroll: true });
  return adopted;
}

/** Ids of the elements that will be renewed by themselves. */
const later = new Set();

/** Renews an element marked `data-refresh="SECONDS"` until the page no longer asks for it: progress of an import. */
export function refreshLater(element) {
  const { id } = element;
  const seconds = Number(element.dataset.refresh);
  if (!id || !(seconds > 0) || later.has(id)) return;
  later.add(id);
  setTimeout(async () => {
    later.delete(id);
    const now = document.getElementById(id);
    const renewed = now && (await renew(now));
    if (renewed) refreshLater(renewed);
  }, seconds * 1000);
}
