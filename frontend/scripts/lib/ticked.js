// A change of many: how many are ticked.

/** Tells the number beside the choice. */
export function countTicked(root) {
  const shown = root.querySelector('[data-ticked]');
  if (!shown) return;
  const count = () => {
    const ticked = root.querySelectorAll('input[name=pick]:checked').length;
    shown.textContent = ticked > 0 ? `(${ticked})` : '';
  };
  root.addEventListener('change', count);
  count();
}
