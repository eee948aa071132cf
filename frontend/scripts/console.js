// The console's only script. Every page works without it; it spares people a few steps.

import { copyTexts } from './lib/copy.js';
import { forgetDraftsOnSignOut, keepDrafts } from './lib/drafts.js';
import { keyIn } from './lib/entry.js';
import { findInFacets, leadToFilter, rememberFolds } from './lib/folds.js';
import { start as startKeys } from './lib/keys.js';
import { start as startLive } from './lib/live.js';
import { liveBranding } from './lib/branding.js';
import { offerPasskeys } from './lib/passkeys.js';
import { onContents, start as startRegion } from './lib/region.js';
import { refreshLater } from './lib/renew.js';
import { countTicked } from './lib/ticked.js';

/** Moves the focus to the summary of errors after a form came back, as a screen reader user expects. */
function focusErrorSummary() {
  const summary = document.querySelector('.govuk-error-summary');
  if (!summary) return;
  summary.setAttribute('tabindex', '-1');
  summary.focus();
}

/** Keeps a form marked `data-once` from being sent twice by an impatient click. */
function sendOnce() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute('data-once')) return;
    if (form.hasAttribute('aria-busy')) {
      event.preventDefault();
    } else {
      form.setAttribute('aria-busy', 'true');
    }
  });
  // Coming back by the Back button shows the page as it was left: the form must work again.
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-once][aria-busy]')) form.removeAttribute('aria-busy');
  });
}

/** Leaves empty fields of a GET form out of the address, so that a copied address is readable. */
function shortAddresses() {
  document.addEventListener('formdata', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== 'get') return;
    const filled = [...event.formData].filter(([, value]) => value !== '');
    for (const name of new Set(event.formData.keys())) event.formData.delete(name);
    for (const [name, value] of filled) event.formData.append(name, value);
  });
}

/** Closes the folded menu or filters on Escape and gives the focus back to what opened them. */
function closeFoldsOnEscape() {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const fold = event.target instanceof Element && event.target.closest('details.cw-fold[open], .cw-menu > details[open]');
    const summary = fold && fold.querySelector('summary');
    // On wide screens the summary is hidden and there is nothing to fold.
    if (!summary || !summary.checkVisibility()) return;
    fold.open = false;
    summary.focus();
  });
}

copyTexts();
forgetDraftsOnSignOut();
keyIn();
focusErrorSummary();
sendOnce();
shortAddresses();
closeFoldsOnEscape();
liveBranding();
offerPasskeys();
for (const element of document.querySelectorAll('[data-refresh]')) refreshLater(element);

startLive();
startRegion();
startKeys();
leadToFilter();
onContents((root) => {
  if (!root) return;
  rememberFolds(root);
  findInFacets(root);
  keepDrafts(root);
  countTicked(root);
});
