// The review queue by keyboard: 1, 2 and 3 say what is meant. Enter is the focused key's own.

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, textarea')) return;
  const key = document.querySelector(`[data-review] [data-number="${CSS.escape(event.key)}"]`);
  if (!key) return;
  event.preventDefault();
  key.click();
});
