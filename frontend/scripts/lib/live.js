// Renews a part of a page when the server says that something happened to what it shows: an element with an id
// and data-live="KIND. KIND." (beginnings of kinds of events), data-since (up to where it knows what happened)
// and, if it is about one thing only, data-about="import:ID".
//
// One connection for each page that is looked at, and none for a tab that is hidden: browsers have few.

import { refreshLater, renew } from './renew.js';

/** What happens within so short a time renews once. */
const TOGETHER_MS = 200;

const parts = () => [...document.querySelectorAll('[data-live][id]')];

/** Whether an event is about what an element shows. */
function concerns(element, { kind, subject }) {
  if (element.dataset.about && element.dataset.about !== subject) return false;
  return element.dataset.live.split(' ').some((beginning) => kind.startsWith(beginning));
}

let source = null;
const waiting = new Set();

async function renewPart(id) {
  waiting.delete(id);
  const element = document.getElementById(id);
  const renewed = element && (await renew(element));
  // It may have begun to move.
  if (renewed) refreshLater(renewed);
}

function soon(id) {
  if (waiting.has(id)) return;
  waiting.add(id);
  setTimeout(renewPart, TOGETHER_MS, id);
}

function open() {
  const [first] = parts();
  if (source || document.hidden || !first) return;
  source = new EventSource(`/events?since=${encodeURIComponent(first.dataset.since ?? '')}`);
  source.onmessage = (event) => {
    const happened = JSON.parse(event.data);
    for (const element of parts()) if (concerns(element, happened)) soon(element.id);
  };
}

function close() {
  source?.close();
  source = null;
}

/** Tells the page what happens for as long as it is looked at. */
export function start() {
  if (parts().length === 0 || !('EventSource' in window)) return;
  open();
  document.addEventListener('visibilitychange', async () => {
    if (document.hidden) {
      close();
    } else {
      // What happened meanwhile, and from where to go on.
      await Promise.all(parts().map((element) => renewPart(element.id)));
      open();
    }
  });
  // A page that is kept for the Back button must not keep its connection.
  window.addEventListener('pagehide', close);
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) open();
  });
}
