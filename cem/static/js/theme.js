// Changes the theme at once; the form still tells the server, which writes it into the next page.

function show(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function mark(form, chosen) {
  for (const button of form.querySelectorAll('button')) {
    if (button === chosen) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
}

for (const form of document.querySelectorAll('[data-theme-form]')) {
  form.addEventListener('submit', async (event) => {
    const chosen = event.submitter;
    if (!chosen) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    body.set(chosen.name, chosen.value);
    show(chosen.value);
    mark(form, chosen);
    await fetch(form.action, { method: 'POST', body, redirect: 'manual' });
  });
}
