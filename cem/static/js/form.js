// A form that loses nothing: errors get the focus, a draft outlives a change of language, a second
// press of the button is not a second answer (the server sees to that too, by the event id).

const form = document.querySelector('[data-draft]');

document.querySelector('[data-focus]')?.focus();

function keep(id) {
  const words = [...new FormData(form)].filter(([name]) => !['event_id', 'language', 'csrf_token'].includes(name));
  sessionStorage.setItem('draft', JSON.stringify({ path: location.pathname, id, words }));
}

function restore() {
  const draft = JSON.parse(sessionStorage.getItem('draft') ?? 'null');
  if (draft?.path !== location.pathname || document.querySelector('[data-focus]')) return;
  for (const [name, value] of draft.words) {
    const fields = [...form.elements].filter((field) => field.name === name);
    for (const field of fields) {
      if (['radio', 'checkbox'].includes(field.type)) field.checked = field.value === value;
      else field.value = value;
    }
  }
  // The same answer in another language is still the same answer.
  form.elements.event_id.value = draft.id;
}

if (form) {
  try {
    restore();
    form.addEventListener('input', () => keep(form.elements.event_id.value));
    form.addEventListener('submit', () => sessionStorage.removeItem('draft'));
  } catch {
    // a browser that stores nothing only loses the draft
  }
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });
  addEventListener('pageshow', () => { delete form.dataset.sent; });
}
