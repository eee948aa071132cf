// Keys for keying in: Ctrl+Enter sends the form, a digit gives the rating.

/** Whether letters and digits that are typed here are text. */
function takesText(element) {
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return true;
  return element instanceof HTMLInputElement && !['radio', 'checkbox', 'button', 'submit'].includes(element.type);
}

/** In forms marked `data-send-keys` Ctrl+Enter (Cmd+Enter) sends from any field. */
function sendByKey(form) {
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

/** In a group of radio buttons marked `data-number-keys` digits choose by value; 0 chooses the empty one. */
function rateByKey(group) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[0-9]$/.test(event.key) || takesText(event.target)) return;
    const wanted = event.key === '0' ? '' : event.key;
    const radio = [...group.querySelectorAll('input[type="radio"]')].find((input) => input.value === wanted);
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

/** Sets the page up for keying in, where there is something to key in. */
export function keyIn() {
  for (const form of document.querySelectorAll('form[data-send-keys]')) sendByKey(form);
  for (const group of document.querySelectorAll('[data-number-keys]')) rateByKey(group);
  for (const note of document.querySelectorAll('[data-script-only]')) note.hidden = false;
}
