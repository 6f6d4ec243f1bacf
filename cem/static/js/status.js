// Only a hand answers: the token reaches the form when a real finger, mouse or key has been there.

const form = document.querySelector('[data-gesture]');

form?.addEventListener('click', (event) => {
  if (event.isTrusted) form.elements.gesture.value = form.dataset.gesture;
}, { capture: true });
