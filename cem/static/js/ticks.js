// Ticking one means "those I tick"; choosing that opens the list.
const list = document.querySelector('[data-ticks]');

if (list) {
  const name = list.dataset.ticks;
  const some = list.closest('form').querySelector(`input[name="${name}"][value="some"]`);
  list.addEventListener('change', () => { some.checked = true; });
  some.addEventListener('change', () => { list.open = true; });
}
