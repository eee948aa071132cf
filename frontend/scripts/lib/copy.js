// Buttons that copy a text of the page.

/** Makes buttons marked `data-copy="ID"` copy the text of that element, and the element after them say so. */
export function copyTexts() {
  document.addEventListener('click', async (event) => {
    const button = event.target instanceof Element && event.target.closest('button[data-copy]');
    if (!button) return;
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.nextElementSibling.textContent = button.dataset.copied;
    } catch {
      // Not allowed, or not over HTTPS: then the text is marked, and Ctrl+C does the rest.
      getSelection().selectAllChildren(text);
    }
  });
}
