// Words that are marked in a customer's text stand in the field beside it, ready for the key that is touched next.

document.addEventListener('selectionchange', () => {
  const chosen = document.getSelection();
  const words = chosen.toString().trim();
  if (!words || chosen.rangeCount === 0) return;
  const at = chosen.getRangeAt(0).commonAncestorContainer;
  const quote = (at.nodeType === Node.TEXT_NODE ? at.parentElement : at).closest('.voice');
  if (!quote) return;
  for (let next = quote.nextElementSibling; next && !next.matches('.voice'); next = next.nextElementSibling) {
    const field = next.querySelector('[data-words]');
    if (!field) continue;
    field.value = words;
    return;
  }
});
